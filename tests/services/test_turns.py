"""A turn that goes wrong: counted, set aside in the end, and nobody behind it waits."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.app import Kentongan, assembled, utc_now
from bot.commands.chat import Recorder, Talk
from bot.services import lanes, turns, unanswered
from bot.settings import Settings
from dialogs import engine
from storage import inbox, outbox
from storage.inbox import Arrival


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[Kentongan]:
    async with assembled(Settings(data_dir=tmp_path, _env_file=None)) as house:
        yield house


@pytest.fixture
def talk(house: Kentongan) -> Talk:
    channel = Recorder(aloud=False)
    house.channels[channel.name] = channel
    return Talk(house, channel)


def said(talk: Talk) -> list[str]:
    return [line["text"] for line in talk.channel.lines if line["from"] == "bot"]


async def test_a_poison_message_is_tried_thrice_set_aside_and_the_next_is_answered(
    talk: Talk, house: Kentongan, monkeypatch: pytest.MonkeyPatch
):
    real, tries = engine.advance, []

    def advance(conversation, message, *more):
        if "racun" in message.text:
            tries.append(message.text)
            raise ValueError("engine choked")
        return real(conversation, message, *more)

    monkeypatch.setattr(turns.engine, "advance", advance)
    await talk.play("racun")
    await talk.play("bantuan")

    assert len(tries) == turns.MOST_TRIES
    assert len(said(talk)) == 2, "an apology, and the answer to the next message"
    rows = await house.core.database.glance(lambda c: inbox.payloads_after(c, "console", "console", 0))
    assert [state for _, _, state in rows] == ["set_aside", "done"]


async def test_when_not_even_the_texts_can_be_read_the_apology_still_comes(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
):
    def broken(*_all):
        raise ValueError("no texts")

    monkeypatch.setattr(turns.engine, "advance", broken)
    monkeypatch.setattr(unanswered, "render", broken)
    await talk.play("halo")
    assert said(talk) == [unanswered.LAST_WORDS]


async def test_a_payload_that_cannot_be_read_does_not_stop_the_talk(
    talk: Talk, house: Kentongan, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(lanes, "AFTER_A_FAULT", 0.01)
    garbled = Arrival("console", "rusak", "console", utc_now(), {"apa": "ini"})
    await house.core.database.write(lambda c: inbox.keep(c, garbled))
    await asyncio.wait_for(talk.play("bantuan"), 10)
    assert said(talk)
    rows = await house.core.database.glance(lambda c: inbox.payloads_after(c, "console", "console", 0))
    assert [state for _, _, state in rows] == ["set_aside", "done"]


async def test_a_turn_and_everything_it_says_are_one_transaction(
    talk: Talk, house: Kentongan, monkeypatch: pytest.MonkeyPatch
):
    async def added() -> int:
        before = len(await house.core.database.glance(everything))
        await talk.play("bantuan")
        return len(await house.core.database.glance(everything)) - before

    clean = await added()
    real, failures = outbox.add, []

    def add(connection, messages, now):
        real(connection, messages, now)
        if len(failures) < turns.MOST_TRIES - 1:
            failures.append(messages)
            raise OSError("disk")

    monkeypatch.setattr(outbox, "add", add)
    assert await added() == clean, "what a failed try said was rolled back"
    assert len(failures) == turns.MOST_TRIES - 1


def everything(connection):
    return outbox.said_after(connection, "console", "console", 0)
