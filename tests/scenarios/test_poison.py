"""A message the program chokes on: three tries, set aside, told to its writer and the admins, put back."""

import asyncio
from datetime import timedelta

import pytest
from typer.testing import CliRunner

from bot import clockwork
from bot.__main__ import app
from bot.services.talks import turns
from dialogs import engine
from tests.scenarios.kit import CITIZENS, Town, beside_a_sandbox, running_town

POISON = "racun tikus bertebaran di depan pasar Godean, tolong"


@pytest.fixture
async def town(tmp_path, monkeypatch):
    """What is put back is taken up soon, not only after a minute."""
    monkeypatch.setattr(clockwork, "PUT_BACK", timedelta(seconds=1))
    monkeypatch.setattr(clockwork, "PUT_BACK_SECONDS", 0.5)
    monkeypatch.setenv("KENTONGAN_DATA_DIR", str(tmp_path / "data"))
    async with beside_a_sandbox(tmp_path / "data") as settings, running_town(settings) as running:
        yield running


async def told(*words: str) -> str:
    """What a command on the server says."""
    return (await asyncio.to_thread(CliRunner().invoke, app, list(words))).output


async def test_a_message_that_breaks_the_program_hurts_nobody_else_and_is_answered_once_mended(
    town: Town, monkeypatch: pytest.MonkeyPatch
):
    real, tries = engine.advance, []

    def choking(conversation, message, *more):
        if "racun" in message.text:
            tries.append(message.text)
            raise ValueError(f"cannot bear {message.text}")
        return real(conversation, message, *more)

    admin = await town.operator("Dian", "koordinator", "admin")
    siti, budi = await town.sandbox.user("Siti"), await town.sandbox.user("Budi")
    with monkeypatch.context() as broken:
        broken.setattr(turns.engine, "advance", choking)
        broken.setattr(turns, "PAUSES", (0.01, 0.01))
        await siti.send(CITIZENS, POISON)
        await siti.wait_for(text="belum terjawab")
        assert len(tries) == turns.MOST_TRIES
        word = await admin.wait_for(text="kentongan messages", since=0)
        assert word.text.startswith("🛠 1 pesan")
        await budi.send(CITIZENS, POISON)
        await budi.wait_for(text="belum terjawab")
        for person in (siti, budi):
            await person.send(CITIZENS, "bantuan")
            assert "belum terjawab" not in (await person.wait_for()).text
        await town.house.settle()
        assert len([m for m in admin.messages if m.text.startswith("🛠")]) == 1, "once an hour"

    listed = await told("messages")
    assert "ValueError" in listed
    assert "racun" not in listed
    assert "2 that could not be answered" in await told("doctor", "--json")
    numbers = [line.split()[1] for line in listed.splitlines() if "ValueError" in line]
    assert "--why" in await told("messages", "--read", numbers[0])
    assert POISON in await told("messages", "--read", numbers[0], "--why", "mendesakkah?")

    for number in (*numbers, "999"):
        said = await told("messages", "--again", number)
        assert ("in line again" in said) is (number != "999")
    for person in (siti, budi):
        await person.wait_for(lambda m: "Setuju" in m.labels, timeout=30)
    assert "Every message was answered" in await told("messages")
