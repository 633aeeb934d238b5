from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from PIL import Image

from bot.commands.open311 import KeyRing
from bot.serving import opened
from bot.settings import Settings
from tests.scenarios.kit import Town, beside_a_sandbox, running_town
from tests.scenarios.open311_api import Api


@pytest.fixture
def photo(tmp_path: Path):
    """Makes a photo file of its own colour."""

    def make(shade: int = 90) -> bytes:
        path = tmp_path / f"foto-{shade}.jpg"
        Image.new("RGB", (320, 240), (shade, shade // 2, 255 - shade)).save(path)
        return path.read_bytes()

    return make


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    async with beside_a_sandbox(tmp_path / "data") as settings, running_town(settings) as running:
        yield running


@pytest.fixture
async def api(tmp_path: Path) -> AsyncIterator[Api]:
    configured = Settings(data_dir=tmp_path, port=0, _env_file=None)
    async with opened(configured) as running, aiohttp.ClientSession() as session:
        _, secret = await KeyRing(running.house.core).add("Aplikasi warga")
        yield Api(running.house, f"{running.address}/open311/v2", session, secret)
