"""Somebody in danger: the numbers at once and the duty desk told, on every channel and amid any talk."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest
import pytest_asyncio
from sqlalchemy import delete, insert

from dialogs.trial.script import Move
from storage.rows import groups, outbox
from tests.channels.playing import House, Player, open_house
from tests.channels.wires import WIRES

BEFORE = {
    "as the first word": (),
    "amid a report": ("lampu jalan depan pasar godean mati udah seminggu",),
    "while a person talks": ("petugas",),
}
"""What was being talked about."""


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    async with AsyncExitStack() as stack:
        opened = await open_house(stack, tmp_path_factory.mktemp("town"))
        core = opened.house.core
        duty = {
            "chat": "-100",
            "agency": core.policies.agencies.coordinator,
            "forum": False,
            "since": core.clock(),
        }
        await core.database.write(lambda c: c.execute(insert(groups), duty))
        yield opened


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("talk", BEFORE.values(), ids=BEFORE)
@pytest.mark.parametrize("name", [wire.name for wire in WIRES])
async def test_the_numbers_come_first_and_the_duty_desk_hears_of_it(house, name, talk):
    core = house.house.core
    await core.database.write(lambda c: c.execute(delete(outbox).where(outbox.c.channel == "operator")))
    player = Player(house.house, name, await house.wires[name].person())
    for words in talk:
        await player.make(Move(text=words))
    before = len(await player.talk.shown())
    await player.make(Move(text="tolong ada kebakaran besar di Godean, orangnya terjebak"))
    answer = (await player.talk.shown())[before:]
    number = core.policies.city.emergency_numbers[0].number
    assert number in answer[0].text
    query = outbox.select().where(outbox.c.channel == "operator")
    told = await core.database.glance(lambda c: c.execute(query).mappings().all())
    alarms = [one["message"] for one in told if one["message"]["response"] == "petugas_darurat"]
    assert len(alarms) == 1
    assert "kebakaran besar" in alarms[0]["text"]
