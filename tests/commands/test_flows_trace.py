import asyncio
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.app import assembled
from bot.commands.chat import Recorder, Talk
from bot.commands.flows import commands
from bot.settings import Settings


@pytest.fixture
def talked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A talk that ended in a ticket, in the installation the command looks at; the ticket's number."""
    monkeypatch.setenv("KENTONGAN_DATA_DIR", str(tmp_path))

    async def talk() -> str:
        async with assembled(Settings(data_dir=tmp_path, _env_file=None)) as house:
            channel = Recorder(aloud=False)
            house.channels[channel.name] = channel
            playing = Talk(house, channel)
            for line in ("lampu jalan depan pasar Godean mati udah seminggu", "ya", "ya", "lewati", "kirim"):
                await playing.play(line)
            return (await playing.outcome())["tickets"][0]["number"]

    return asyncio.run(talk())


@pytest.mark.parametrize("by", ["number", "address"])
def test_the_turns_behind_a_ticket_are_shown(talked: str, by: str):
    whose = talked if by == "number" else "console/console"
    shown = CliRunner().invoke(commands, ["trace", whose])
    assert shown.exit_code == 0, shown.output
    assert "lampu_jalan" in shown.output
    assert "lapor" in shown.output
    assert shown.output.count("UTC") == 5


def test_an_unknown_ticket_is_said_so(talked: str):
    assert talked
    shown = CliRunner().invoke(commands, ["trace", "SLM-26-00000"])
    assert shown.exit_code == 2
