from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.app import Kentongan, assembled
from bot.commands.chat import Recorder, Talk
from bot.settings import Settings
from storage.seals import ring, use
from tests.services.kit import Hands


@pytest.fixture
def own_ring():
    """The keys in use are put back afterwards."""
    before = ring()
    yield
    use(before)


@pytest.fixture
def clock() -> Hands:
    return Hands()


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[Kentongan]:
    async with assembled(Settings(data_dir=tmp_path, _env_file=None)) as house:
        yield house


@pytest.fixture
def citizen(house: Kentongan) -> Talk:
    """Somebody at the terminal of that house."""
    channel = Recorder(aloud=False)
    house.channels[channel.name] = channel
    return Talk(house, channel)
