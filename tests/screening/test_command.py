import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

import tickets
from bot.commands.screen import commands

HEAVY = ("aiogram", "telegram", "rasa_sdk")


def run(*args, text=None):
    return CliRunner().invoke(commands, args, input=text)


@pytest.mark.parametrize(
    "args", [("tak pateni kowe 081234567890", "--json"), ("--json", "tak pateni kowe 081234567890")]
)
def test_a_text_is_judged_on_one_line(args):
    result = run(*args)
    assert result.exit_code == 0
    found = json.loads(result.stdout)
    assert result.stdout.count("\n") == 1
    assert found["verdict"] == "hold"
    assert {"id", "signal", "spans", "advice", "next"} == found["rules"][0].keys()
    assert "081234567890" not in found["masked"]


def test_a_dash_reads_one_text_a_line():
    result = run("-", "--json", text="lampu jalan mati di Godean\n\nbot goblok\n")
    verdicts = [json.loads(line)["verdict"] for line in result.stdout.splitlines()]
    assert verdicts == ["pass", "ask", "ask"]


def test_rows_are_evaluated(tmp_path):
    rows = [
        {"text": "saya bacok kalian semua", "verdict": "hold", "threat": True},
        {"text": "jalan Godean berlubang parah", "verdict": "pass", "threat": False},
    ]
    file = tmp_path / "rows.jsonl"
    file.write_text("\n".join(map(json.dumps, rows)) + "\n\n", encoding="utf-8")
    found = json.loads(run("evaluate", str(file), "--json").stdout)
    assert found["rows"] == 2
    assert found["signals"] == {"threat": {"count": 1, "precision": 1.0, "recall": 1.0, "f1": 1.0}}
    assert (found["lawful"], found["false_blocks"], found["verdict"]["accuracy"]) == (1, [], 1.0)


def test_a_blocked_lawful_row_is_listed_with_its_rules(tmp_path):
    file = tmp_path / "rows.jsonl"
    file.write_text(json.dumps({"text": "besok saya bacok kalian", "verdict": "pass"}), encoding="utf-8")
    found = json.loads(run("evaluate", str(file), "--json").stdout)
    assert found["false_blocks"] == [
        {"text": "besok saya bacok kalian", "verdict": "hold", "rules": ["ancaman"]}
    ]
    assert found["false_block_rate"] == 1.0


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("{", "no JSON"),
        ('{"texts": "a"}', "`text`"),
        ('{"text": "a", "verdict": "no"}', "no verdict 'no'"),
    ],
)
def test_a_faulty_row_is_named_by_its_line(line, says):
    result = run("evaluate", "-", text='{"text": "a"}\n' + line)
    assert result.exit_code == 2
    assert "-:2" in result.output
    assert says in result.output


def test_rows_from_a_spreadsheet_are_judged(tmp_path):
    file = tmp_path / "rows.jsonl"
    file.write_bytes(b'\xef\xbb\xbf{"text": "lampu\xe2\x80\xa8mati", "verdict": "pass"}\r\n\r\n')
    assert json.loads(run("evaluate", str(file), "--json").stdout)["verdict"]["accuracy"] == 1.0


def test_the_command_needs_no_messenger():
    script = f"import sys, bot.commands.screen; print([m for m in {HEAVY!r} if m in sys.modules])"
    found = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_the_rules_are_checked_and_listed(tmp_path):
    said = run("check").stdout
    assert "No faults." in said
    assert "ancaman: threat 2-3 → hold" in said
    (tmp_path / "screening.yml").write_text("rules: []\n", encoding="utf-8")
    result = run("check", str(tmp_path))
    assert result.exit_code != 0
    assert "screening.yml" in str(result.exception)


def test_changed_rules_are_tried_on_examples_beside_the_rules_in_force(tmp_path):
    delivered = Path(tickets.__file__).parent / "data" / "screening.yml"
    text = delivered.read_text(encoding="utf-8")
    before = "    signal: threat\n    severity: 2\n    verdict: hold\n"
    assert before in text
    (tmp_path / "screening.yml").write_text(text.replace(before, before.replace("hold", "pass_private")))
    threat = "tak pateni kowe nek ora didandani"
    assert "hold" in run("try", threat).stdout.splitlines()[0]
    told = run("try", threat, "--folder", str(tmp_path)).stdout
    assert told.splitlines()[0] == f"hold → pass_private  {threat}"
    assert "“tak”" in told
    found = json.loads(run("try", threat, "--folder", str(tmp_path), "--json").stdout)
    assert (found["verdict"], found["changed"]) == ("hold", "pass_private")


def test_overturns_of_an_empty_installation_are_none(tmp_path, monkeypatch):
    monkeypatch.setenv("KENTONGAN_DATA_DIR", str(tmp_path))
    found = json.loads(run("overturns", "--json").stdout)
    assert found["decisions"] == 0
    assert found.keys() == {"from", "until", "decisions", "overturned", "by_rule", "rows"}
    assert run("overturns", "--rows").stdout == ""
