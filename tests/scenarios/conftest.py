from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image
from pydantic import SecretStr

from bot.app import Kentongan
from bot.commands.serve import CITIZEN_BOT, OPERATOR_BOT
from bot.sandbox.client import SandboxClient, User
from bot.sandbox.limits import Limits
from bot.sandbox.server import start_sandbox
from bot.serving import opened
from bot.settings import Settings
from storage import cases
from storage.cases import Case

CITIZENS = CITIZEN_BOT.username
OPERATORS = OPERATOR_BOT.username


@dataclass(frozen=True)
class Town:
    """A running installation on a sandbox, and the means to play its people."""

    house: Kentongan
    address: str
    sandbox: SandboxClient

    async def case(self, number: str) -> Case:
        found = await self.house.core.database.read(lambda c: cases.case(c, number))
        assert found is not None, f"no ticket {number}"
        return found

    async def cases(self) -> tuple[Case, ...]:
        return await self.house.core.database.read(cases.all_cases)

    async def operator(self, name: str, agency: str, role: str = "penghubung") -> User:
        """Somebody who has joined an agency's desk by an invitation."""
        token = await self.house.roster.invite(agency, role)
        person = await self.sandbox.user(name, role="operator")
        await person.start(OPERATORS, token)
        await person.wait_for(text="bergabung")
        return person


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
        async with opened(settings) as (house, address), SandboxClient(sandbox.base_url) as client:
            yield Town(house, address, client)
    finally:
        await sandbox.stop()
