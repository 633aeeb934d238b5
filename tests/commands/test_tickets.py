import asyncio
from importlib.resources import files
from pathlib import Path

from sqlalchemy import text
from typer.testing import CliRunner

from bot.commands.tickets import commands
from bot.settings import Settings
from storage.doors.database import Database


async def alter(settings: Settings, how: str) -> None:
    """Change what is kept behind the program's back."""
    async with Database(settings.database) as database:
        await database.write(lambda c: c.execute(text(how)))


def test_an_unbroken_history_is_proved_and_a_changed_one_named(settings: Settings, number: str):
    proved = CliRunner().invoke(commands, ["verify"])
    assert (proved.exit_code, proved.output) == (0, "1 of 1 histories are unbroken.\n")
    asyncio.run(alter(settings, "UPDATE ticket_events SET action = 'refuse' WHERE seq = 2"))
    broken = CliRunner().invoke(commands, ["verify", number.lower()])
    assert broken.exit_code == 1
    assert f"{number}: broken at line 2: its column action was changed." in broken.output
    told = CliRunner().invoke(commands, ["verify", "--json"])
    assert '"seq":2' in told.output


def test_an_unknown_number_is_said_so(settings: Settings):
    unknown = CliRunner().invoke(commands, ["verify", "slm-26-7xw2t"])
    assert (unknown.exit_code, unknown.output) == (1, "There is no report SLM-26-7XW2T.\n")


def test_the_lifecycle_is_listed_and_drawn(settings: Settings):
    listed = CliRunner().invoke(commands, ["lifecycle"]).output
    assert "PROSES (Dikerjakan)" in listed
    assert "  close -> DITINDAKLANJUTI > MENUNGGU_KONFIRMASI: " in listed
    assert CliRunner().invoke(commands, ["lifecycle", "--graph"]).output.startswith("stateDiagram-v2")
    drawn = CliRunner().invoke(commands, ["lifecycle", "--graph", "--form", "dot"]).output
    assert drawn.startswith("digraph lifecycle {")


def test_faults_of_changed_rules_are_told(settings: Settings, tmp_path: Path):
    assert CliRunner().invoke(commands, ["check"]).output == "No faults.\n"
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "duplicates.yml").write_text("distance_m: jauh\n", encoding="utf-8")
    found = CliRunner().invoke(commands, ["check", "--folder", str(tmp_path / "rules")])
    assert found.exit_code == 1
    assert "duplicates.yml:1: distance_m" in str(found.exception)


def test_a_rule_for_a_category_there_is_not_is_a_fault(settings: Settings, tmp_path: Path):
    delivered = files("tickets").joinpath("data", "routing.yml").read_text(encoding="utf-8").rstrip()
    (tmp_path / "rules").mkdir()
    more = """
  - {id: taman, category: sampahh, agency: dlh}
  - {id: bola, category: sampah, subcategory: bola, agency: dlh}
"""
    (tmp_path / "rules" / "routing.yml").write_text(delivered + more, encoding="utf-8")
    found = CliRunner().invoke(commands, ["check", "--folder", str(tmp_path / "rules")])
    line = len(delivered.splitlines()) + 1
    assert (
        f"routing.yml:{line}: rules.taman.category: There is no category 'sampahh'. Use 'sampah'"
        in found.output
    )
    assert f"routing.yml:{line + 1}: rules.bola.subcategory: There is no subcategory 'bola'." in found.output
    assert found.exit_code == 1


def test_news_without_a_text_is_a_fault_with_the_name_meant(settings: Settings, tmp_path: Path):
    delivered = files("tickets").joinpath("data", "lifecycle.yml").read_text(encoding="utf-8")
    (tmp_path / "rules").mkdir()
    wrong = delivered.replace("name: kabar_dibatalkan}", "name: kabar_dibatlkan}").replace(
        "name: dibatalkan}", "name: x}"
    )
    (tmp_path / "rules" / "lifecycle.yml").write_text(wrong, encoding="utf-8")
    found = CliRunner().invoke(commands, ["check", "--folder", str(tmp_path / "rules")])
    assert found.exit_code == 1
    assert (
        "actions.cancel.tells: No text is called utter_kabar_dibatlkan. Did you mean 'kabar_dibatalkan'?"
        in found.output
    )
    assert "actions.cancel.tells: No text is called petugas_x. Write petugas_x in a file of" in found.output
    assert "2 fault(s)." in found.output
