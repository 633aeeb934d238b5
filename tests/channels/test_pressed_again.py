"""*Kirim* pressed and said again and again, on every channel: one report, and each time its number."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest
import pytest_asyncio

from dialogs.trial.script import Move
from storage.reports import cases
from tests.channels.playing import House, Player, open_house
from tests.channels.wires import WIRES
from tests.channels.wires.base import Wire

REPORT = "lampu jalan depan pasar godean mati udah seminggu"
FIRST, AGAIN = "utter_tiket_diterima", "utter_sudah_terkirim"


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    async with AsyncExitStack() as stack:
        yield await open_house(stack, tmp_path_factory.mktemp("town"))


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("wire", WIRES, ids=lambda wire: wire.name)
async def test_each_further_press_is_told_the_number_even_before_the_receipt_was_read(
    house: House, wire: type[Wire]
):
    await house.forget()
    talk = await house.wires[wire.name].person()
    player = Player(house.house, wire.name, talk)
    for move in (Move(text=REPORT), *(Move(button=one) for one in ("Setuju", "Betul", "Lewati"))):
        await player.make(move)
    before = len(await talk.shown())
    player.received += sum(await asyncio.gather(talk.press("Kirim"), talk.press("Kirim")))
    await player.make(Move(text="kirim"))
    await player.make(Move(text="ya"))
    fresh = (await talk.shown())[before:]
    (case,) = await house.house.core.database.read(cases.all_cases)
    assert case.home.address == talk.address
    said = [one for one in await house.house.core.database.glance(player._said) if one in {FIRST, AGAIN}]
    assert said == [FIRST, AGAIN, AGAIN, AGAIN]
    assert all(case.ticket.number in one.text for one in fresh), fresh
