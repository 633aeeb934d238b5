"""The data officer's commands, as they are typed; and a restored backup, erased again."""

import asyncio
import json
import shutil
import stat
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.app import assembled
from bot.commands.people import commands
from bot.commands.tickets import commands as tickets
from bot.services.reports.ticketing import Act
from bot.settings import Settings
from tickets.ticket import Actor, Command

WHY = ["--why", "surat permohonan 12"]


def run(*words: str) -> str:
    said = CliRunner().invoke(commands, list(words), catch_exceptions=False)
    assert said.exit_code == 0, said.output
    return said.output


@pytest.fixture
def closed(settings: Settings, number: str) -> str:
    async def close() -> None:
        async with assembled(settings) as house:
            who = await house.rights.find(number)
            await house.ticketing.act(number, Act(Command("cancel", Actor("citizen", who))))

    asyncio.run(close())
    return number


def test_a_person_is_found_exported_and_erased_and_each_look_is_kept(settings, closed, tmp_path):
    assert f"closed reports: {closed}" in run("find", closed, *WHY)
    to = tmp_path / "salinan.json"
    run("export", closed, *WHY, "--to", str(to))
    assert stat.S_IMODE(to.stat().st_mode) == 0o600
    assert "lampu jalan depan pasar Godean" in json.loads(to.read_text())["reports"][0]["report"]["narrative"]
    assert f"number: {closed}" in to.with_suffix(".txt").read_text()
    assert "Nothing else of them is left." in run("erase", closed, *WHY, "--yes")
    assert all(line.split("  ")[0].endswith(" WIB") for line in run("log").splitlines()), "the city's time"
    log = [line.split("  ")[3:] for line in run("log").splitlines()]
    assert log == [[what, closed, WHY[1]] for what in ("erase", "export", "find")]
    unknown = CliRunner().invoke(commands, ["find", closed, *WHY])
    assert unknown.exit_code == 1
    proved = CliRunner().invoke(tickets, ["verify", "--files"])
    assert proved.output == "1 of 1 histories are unbroken.\n"


@pytest.mark.sqlite("it puts a copy of the file back")
def test_a_restored_backup_is_erased_again(settings: Settings, closed: str):
    file = Path(settings.data_dir) / "kentongan.db"
    shutil.copyfile(file, file.with_suffix(".backup"))
    run("erase", closed, *WHY, "--yes")
    assert run("again") == "0 person(s) erased again.\n"
    shutil.copyfile(file.with_suffix(".backup"), file)
    assert f"closed reports: {closed}" in run("find", closed, *WHY)
    assert run("again") == "1 person(s) erased again.\n"
    assert CliRunner().invoke(commands, ["find", closed, *WHY]).exit_code == 1
