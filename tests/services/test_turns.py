"""A turn that goes wrong: counted, set aside in the end, and nobody behind it waits."""

import asyncio

import pytest

from bot.app import Kentongan, utc_now
from bot.commands.chat import Talk
from bot.services import lanes
from bot.services.talks import turns, unanswered
from bot.services.talks.citydesk import TownDesk
from dialogs import engine
from storage.doors.database import DatabaseAwayError
from storage.talks import conversations, inbox, outbox
from storage.talks.conversations import NewContact
from storage.talks.inbox import Arrival


def said(citizen: Talk) -> list[str]:
    return [line["text"] for line in citizen.channel.lines if line["from"] == "bot"]


async def test_a_poison_message_is_tried_thrice_set_aside_and_the_next_is_answered(
    citizen: Talk, house: Kentongan, monkeypatch: pytest.MonkeyPatch
):
    real, tries = engine.advance, []

    def advance(conversation, message, *more):
        if "racun" in message.text:
            tries.append(message.text)
            raise ValueError("engine choked")
        return real(conversation, message, *more)

    paused, wait = [], lanes.Lanes._sleep

    async def sleep(woken, seconds):
        if seconds in turns.PAUSES:
            paused.append((seconds, woken.is_set()))
        else:
            await wait(woken, seconds)

    monkeypatch.setattr(turns.engine, "advance", advance)
    monkeypatch.setattr(lanes.Lanes, "_sleep", staticmethod(sleep))
    await citizen.play("racun")
    await citizen.play("bantuan")

    assert len(tries) == turns.MOST_TRIES
    assert paused == [(seconds, False) for seconds in turns.PAUSES], "waits, and nothing cuts that short"
    assert len(said(citizen)) == 2, "an apology, and the answer to the next message"
    rows = await house.core.database.glance(lambda c: inbox.payloads_after(c, "console", "console", 0))
    assert [state for _, _, state in rows] == ["set_aside", "done"]


async def test_an_outage_in_the_middle_of_a_turn_is_waited_for_and_not_apologised_for(
    citizen: Talk, monkeypatch: pytest.MonkeyPatch
):
    real, outages = TownDesk.screen, [OSError("gone"), OSError("still gone")]

    async def screen(desk, *more):
        if outages:
            raise DatabaseAwayError(outages.pop())
        return await real(desk, *more)

    monkeypatch.setattr(lanes, "AFTER_A_FAULT", 0.01)
    monkeypatch.setattr(TownDesk, "screen", screen)
    await asyncio.wait_for(citizen.play("lampu jalan depan pasar godean mati udah seminggu"), 10)
    await asyncio.wait_for(citizen.play("setuju"), 10)

    assert not outages
    assert not any("gangguan" in text for text in said(citizen))


async def test_when_not_even_the_texts_can_be_read_the_apology_still_comes(
    citizen: Talk, monkeypatch: pytest.MonkeyPatch
):
    def broken(*_all):
        raise ValueError("no texts")

    monkeypatch.setattr(turns.engine, "advance", broken)
    monkeypatch.setattr(unanswered, "render", broken)
    await citizen.play("halo")
    assert said(citizen) == [unanswered.LAST_WORDS]


async def test_a_payload_that_cannot_be_read_does_not_stop_the_talk(
    citizen: Talk, house: Kentongan, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(lanes, "AFTER_A_FAULT", 0.01)
    garbled = Arrival("console", "rusak", "console", utc_now(), {"apa": "ini"})
    await house.core.database.write(lambda c: inbox.keep(c, garbled))
    await asyncio.wait_for(citizen.play("bantuan"), 10)
    assert said(citizen)
    rows = await house.core.database.glance(lambda c: inbox.payloads_after(c, "console", "console", 0))
    assert [state for _, _, state in rows] == ["set_aside", "done"]


async def test_a_turn_and_everything_it_says_are_one_transaction(
    citizen: Talk, house: Kentongan, monkeypatch: pytest.MonkeyPatch
):
    async def added() -> int:
        before = len(await house.core.database.glance(everything))
        await citizen.play("bantuan")
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


async def test_who_has_not_agreed_to_anything_reads_no_empty_brackets_about_it(house: Kentongan):
    core = house.core
    await core.database.write(
        lambda c: conversations.introduce(c, NewContact("siti", "telegram", "7", "id"), core.clock())
    )
    told = await TownDesk(core).data_of("siti")
    assert told["Persetujuan (versi, tanggal)"] == "-"
