"""A house whose door for Rasa's widgets is open."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.serving import Opened, opened
from bot.settings import Settings


@pytest.fixture
async def widgets(tmp_path: Path) -> AsyncIterator[Opened]:
    settings = Settings(
        data_dir=tmp_path, port=0, rasa_web=True, web_origins="https://kelurahan.example", _env_file=None
    )
    async with opened(settings) as running:
        yield running
