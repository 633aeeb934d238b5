from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PIL import Image
from pydantic import SecretStr

from bot.commands.serve import CITIZEN_BOT, OPERATOR_BOT
from bot.sandbox.client import SandboxClient
from bot.sandbox.limits import Limits
from bot.sandbox.server import start_sandbox
from bot.serving import opened
from bot.settings import Settings
from tests.scenarios.kit import Town


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
    sandbox = await start_sandbox(bots=[CITIZEN_BOT, OPERATOR_BOT], limits=Limits(enabled=False))
    settings = Settings(
        data_dir=tmp_path / "data",
        port=0,
        telegram_api=sandbox.base_url,
        citizen_token=SecretStr(CITIZEN_BOT.token),
        operator_token=SecretStr(OPERATOR_BOT.token),
        _env_file=None,
    )
    try:
        async with opened(settings) as running, SandboxClient(sandbox.base_url) as client:
            yield Town(running.house, running.address, client)
    finally:
        await sandbox.stop()
