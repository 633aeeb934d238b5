import asyncio
from pathlib import Path

import pytest

from bot.app import assembled
from bot.commands.chat import Recorder, Talk
from bot.settings import Settings


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The installation that the commands of this test look at."""
    monkeypatch.setenv("KENTONGAN_DATA_DIR", str(tmp_path))
    return Settings(data_dir=tmp_path, _env_file=None)


@pytest.fixture
def number(settings: Settings) -> str:
    """A talk that ended in a ticket, in the installation the command looks at; the ticket's number."""

    async def talk() -> str:
        async with assembled(settings) as house:
            channel = Recorder(aloud=False)
            house.channels[channel.name] = channel
            playing = Talk(house, channel)
            for line in ("lampu jalan depan pasar Godean mati udah seminggu", "ya", "ya", "lewati", "kirim"):
                await playing.play(line)
            return (await playing.outcome())["tickets"][0]["number"]

    return asyncio.run(talk())
