"""A running installation on a sandbox, and the means to play its people."""

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from sqlalchemy import Connection, inspect, text

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


def every_row(connection: Connection) -> dict[str, list[str]]:
    """Every row of every table as it lies there, sealed where it is sealed."""
    tables = inspect(connection).get_table_names()
    return {name: sorted(map(str, connection.execute(text(f'SELECT * FROM "{name}"')))) for name in tables}  # noqa: S608


@asynccontextmanager
async def beside_a_sandbox(data: Path, **more: Any) -> AsyncIterator[Settings]:
    """What an installation with both bots on a sandbox of its own is told; `more` are further settings."""
    sandbox = await start_sandbox(bots=[CITIZEN_BOT, OPERATOR_BOT], limits=Limits(enabled=False))
    told: dict[str, Any] = {
        "port": 0,
        "citizen_token": SecretStr(CITIZEN_BOT.token),
        "operator_token": SecretStr(OPERATOR_BOT.token),
    }
    try:
        yield Settings(data_dir=data, telegram_api=sandbox.base_url, _env_file=None, **(told | more))
    finally:
        await sandbox.stop()


@asynccontextmanager
async def running_town(settings: Settings, **how: Any) -> AsyncIterator[Town]:
    """An installation that runs on the sandbox its settings name; `how` goes to `opened`."""
    async with opened(settings, **how) as running, SandboxClient(settings.telegram_api) as client:
        yield Town(running.house, running.address, client)


def at_a_free_port() -> dict[str, Any]:
    """Settings for a server that others reach by its public address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    return {"port": port, "public_url": f"http://127.0.0.1:{port}"}
