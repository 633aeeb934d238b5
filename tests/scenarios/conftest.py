from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PIL import Image

from tests.scenarios.kit import Town, beside_a_sandbox, running_town


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
