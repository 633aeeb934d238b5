"""One person who writes too fast is paused on every wire, told so once, and nobody else waits for it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest
import pytest_asyncio

from dialogs.trial.script import Move
from tests.channels.playing import House, Player, open_house
from tests.channels.wires import WIRES

PLATFORMS = [wire for wire in WIRES if wire.name in {"telegram", "whatsapp", "messenger", "instagram"}]
"""Those whose webhooks bring the words of many, so that no limit stands at the door itself."""
PAUSED = "berhenti sebentar"


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    async with AsyncExitStack() as stack:
        names = tuple(wire.name for wire in PLATFORMS)
        yield await open_house(stack, tmp_path_factory.mktemp("town"), names)


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("wire", PLATFORMS, ids=lambda wire: wire.name)
async def test_a_rush_of_one_person_is_paused_and_another_is_answered(house: House, wire):
    hasty, calm = [await house.wires[wire.name].person() for _ in range(2)]
    most = house.house.core.policies.limits.messages
    for number in range(most + 5):
        await hasty.write(f"woi {number}")
    async with asyncio.timeout(30):
        while not any(PAUSED in one.text for one in await hasty.shown()):  # noqa: ASYNC110 as people see it
            await asyncio.sleep(0.05)
    await Player(house.house, wire.name, calm).make(Move(text="halo"))
    assert await calm.shown(), "who writes at an ordinary pace is answered"
    assert sum(PAUSED in one.text for one in await hasty.shown()) == 1
