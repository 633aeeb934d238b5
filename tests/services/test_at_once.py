"""An arrival nobody waits before is kept and answered in one transaction; whatever hinders it, kept alone."""

import asyncio
from collections.abc import AsyncIterator
from itertools import count
from pathlib import Path

import pytest

from bot.app import Kentongan, assembled, utc_now
from bot.commands.chat import Recorder
from bot.services import turns
from bot.settings import Settings
from dialogs.messages import InboundMessage
from storage import conversations, inbox
from storage.away import DatabaseAwayError

NUMBERS = count(1)


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[Kentongan]:
    async with assembled(Settings(data_dir=tmp_path, _env_file=None)) as house:
        channel = Recorder(aloud=False)
        house.channels[channel.name] = channel
        yield house


def message(text: str) -> InboundMessage:
    return InboundMessage("console", str(next(NUMBERS)), "siti", utc_now(), "text", text)


async def settled(house: Kentongan) -> None:
    await house.turns.idle()
    await house.deliveries.idle()


def said(house: Kentongan) -> int:
    return sum(line["from"] == "bot" for line in house.channels["console"].lines)


async def states(house: Kentongan) -> list[str]:
    rows = await house.core.database.glance(lambda c: inbox.payloads_after(c, "console", "siti", 0))
    return [state for _, _, state in rows]


@pytest.mark.sqlite("where several processes serve, what comes in is kept before it is thought about")
async def test_what_is_answered_at_once_is_on_disk_with_its_answer_when_it_is_confirmed(house: Kentongan):
    assert await house.intake.citizen(message("bantuan"))
    assert await states(house) == ["done"]
    (row,) = await house.core.database.glance(lambda c: inbox.told(c, "console", "siti", 5))
    assert row.trace
    await settled(house)
    assert said(house)


async def test_thinking_that_takes_long_holds_up_nobodys_confirmation(
    house: Kentongan, monkeypatch: pytest.MonkeyPatch
):
    go_on = asyncio.Event()
    real = turns.Turns.finish_actions

    async def slow(self, *all_of_it):
        await go_on.wait()
        return await real(self, *all_of_it)

    monkeypatch.setattr(turns.Turns, "finish_actions", slow)
    async with asyncio.timeout(10):
        assert await house.intake.citizen(message("bantuan"))
        assert await house.intake.citizen(message("halo"))
    assert await states(house) == ["waiting", "waiting"]
    go_on.set()
    await settled(house)
    assert await states(house) == ["done", "done"]


@pytest.mark.parametrize("trouble", [conversations.StaleConversationError, ValueError])
async def test_an_answer_that_cannot_be_written_takes_nothing_with_it(
    house: Kentongan, monkeypatch: pytest.MonkeyPatch, trouble: type[Exception]
):
    real, troubles = turns.carry_out, [trouble("once")]

    def carry_out(writing, happened):
        real(writing, happened)
        if troubles:
            raise troubles.pop()

    monkeypatch.setattr(turns, "carry_out", carry_out)
    assert await house.intake.citizen(message("bantuan"))
    await settled(house)
    assert await states(house) == ["done"]
    assert said(house) == 1


async def test_what_choked_its_turn_counts_as_new_and_as_a_try(
    house: Kentongan, monkeypatch: pytest.MonkeyPatch
):
    def advance(*_all):
        raise ValueError("engine choked")

    monkeypatch.setattr(turns.engine, "advance", advance)
    assert await house.intake.citizen(message("racun"))
    await settled(house)
    (aside,) = await house.core.database.glance(inbox.set_aside)
    assert aside.tries == turns.MOST_TRIES


async def test_what_cannot_be_kept_is_not_confirmed_and_not_answered(
    house: Kentongan, monkeypatch: pytest.MonkeyPatch
):
    async def away(*_all, **_more):
        raise DatabaseAwayError("gone")

    with monkeypatch.context() as without:
        without.setattr(type(house.core.database), "write", away)
        with pytest.raises(DatabaseAwayError):
            await house.intake.citizen(message("bantuan"))
    assert await states(house) == []
    assert said(house) == 0


async def test_the_same_message_again_is_thought_about_no_more(
    house: Kentongan, monkeypatch: pytest.MonkeyPatch
):
    first = message("bantuan")
    assert await house.intake.citizen(first)
    await settled(house)
    before = said(house)
    monkeypatch.setattr(turns.engine, "advance", None)
    assert not await house.intake.citizen(first)
    await settled(house)
    assert said(house) == before
