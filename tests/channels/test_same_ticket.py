"""The same conversations through every channel's real wire format, with the same ticket at the end."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import timedelta

import pytest
import pytest_asyncio

from bot.services.talks import gathering
from tests.channels.playing import House, open_house, written
from tests.channels.wires import WIRES

CASES = written()


@pytest.fixture(scope="module", autouse=True)
def quick_albums():
    """Photos of an album follow each other at once here; nobody need wait long for another."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gathering, "ALBUM_QUIET", timedelta(seconds=0.5))
        yield


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    async with AsyncExitStack() as stack:
        yield await open_house(stack, tmp_path_factory.mktemp("town"))


def test_there_are_many_of_them():
    assert len(CASES) >= 40


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.file}:{case.name}")
async def test_the_ticket_is_the_same_on_every_channel(case, house):
    first, *others = [wire.name for wire in WIRES]
    wanted = await house.play(first, case)
    for name in others:
        assert await house.play(name, case) == wanted, name
