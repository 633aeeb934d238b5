"""`kentongan nlu unknown`: what to teach next, and nothing that could point at somebody."""

import asyncio
from json import loads
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.__main__ import app
from bot.app import assembled, utc_now
from bot.commands.chat import Recorder
from bot.settings import Settings
from dialogs.messages import InboundMessage

STORIES = (
    "tonggeret di taman denggung berisik, telepon saya 081234567890",
    "tonggeret lagi, pak Wiryadikarta juga dengar jenglongan",
    "TONGGERET!! berisiknya minta ampun, pak Wiryadikarta sampai pindah",
    "Tonggeret tonggeret terus, kata pak Wiryadikarta ada sarangnya",
)
ACCUSING = "pak Darmo minta uang pelicin, tonggeret"


@pytest.fixture
def told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Four people, a fifth who accuses somebody, and three of whom nothing is understood."""
    monkeypatch.setenv("KENTONGAN_DATA_DIR", str(tmp_path))

    async def talk() -> None:
        async with assembled(Settings(data_dir=tmp_path, _env_file=None)) as house:
            channel = Recorder(aloud=False)
            house.channels[channel.name] = channel
            said = [*enumerate(STORIES), *((person, "klunthung") for person in range(5, 8)), (4, ACCUSING)]
            for number, (person, text) in enumerate(said):
                heard = InboundMessage(channel.name, str(number), f"warga-{person}", utc_now(), "text", text)
                await house.intake.citizen(heard)
                await house.settle()

    asyncio.run(talk())


def listed(*more: str) -> str:
    found = CliRunner().invoke(app, ["nlu", "unknown", *more])
    assert found.exit_code == 0, found.output
    return found.output


def test_a_word_of_several_people_is_told_and_nothing_that_names_anybody(told: None):
    assert [loads(line) for line in listed("--json").splitlines()] == [
        {"word": "tonggeret", "people": 4, "messages": 4, "missed": 0},
        {"word": "klunthung", "people": 3, "messages": 3, "missed": 3},
    ]
    assert "klunthung: 3 people, 3 message(s), 3 not understood" in listed()


def test_days_without_such_words_say_so(told: None):
    assert listed("--to", "2020-01-31") == "No unknown word was used by 3 people or more in these days.\n"


def test_a_period_that_ends_before_it_begins_is_told(told: None):
    found = CliRunner().invoke(app, ["nlu", "unknown", "--from", "2026-02-01", "--to", "2026-01-01"])
    assert (found.exit_code, "ends (2026-01-01) before it begins" in found.output) == (1, True)
