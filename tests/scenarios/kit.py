"""A running installation on a sandbox, and the means to play its people."""

import re
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from sqlalchemy import Connection, inspect, text

from benchmarks.servers import free_port
from bot.app import Kentongan
from bot.commands.serve import CITIZEN_BOT, OPERATOR_BOT
from bot.sandbox.client import SandboxClient, User
from bot.sandbox.limits import Limits
from bot.sandbox.server import start_sandbox
from bot.serving import opened
from bot.settings import Settings
from storage.reports import cases
from storage.reports.cases import Case

CITIZENS = CITIZEN_BOT.username
OPERATORS = OPERATOR_BOT.username
NUMBER = re.compile(r"SLM-\d\d-[0-9A-Z]{5}")
ONWARD = ("Kirim", "Setuju", "Betul", "Tetap lapor", "Bukan, lanjut", "Lewati")
"""Labels that lead on to the receipt, where none is wanted in particular."""


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
    port = free_port()
    return {"port": port, "public_url": f"http://127.0.0.1:{port}"}


async def file_report(siti: User, photo: Callable[[int], bytes]) -> str:
    """A report of a street light with an album of three; its number."""
    await siti.send(CITIZENS, "lampu jalan depan pasar Godean mati udah seminggu, gelap bgt")
    await siti.wait_for(lambda m: "Setuju" in m.labels)
    await siti.press("Setuju")
    noted = await siti.wait_for(text="Betul")
    assert "Sidoagung" in noted.text
    await siti.press("Betul")
    await siti.wait_for(lambda m: "Lewati" in m.labels)
    await siti.send_photos(CITIZENS, [photo(10), photo(20), photo(30)])
    review = await siti.wait_for(lambda m: "Kirim" in m.labels)
    assert "3" in review.text
    await siti.press("Kirim")
    receipt = await siti.wait_for(text="SLM-")
    found = NUMBER.search(receipt.text)
    assert found
    return found[0]


def onward(labels: Sequence[str]) -> str:
    """Which button to press to get on, whatever is asked."""
    return next((one for one in ONWARD if one in labels), labels[0])


async def led_on(person: User) -> str:
    """Through the questions to the receipt; the report's number."""
    for _ in range(10):
        seen = await person.wait_for(lambda m: bool(m.labels) or "Diterima" in m.text, timeout=20)
        if found := NUMBER.search(seen.text) if "Diterima" in seen.text else None:
            return found[0]
        await person.press(onward(seen.labels), seen)
    raise AssertionError("the report led nowhere")


async def filed(citizen: User, text: str) -> tuple[str, str]:
    """A report told in one message and sent as it stands; its number and the receipt."""
    await citizen.send(CITIZENS, text)
    for _ in range(8):
        said = await citizen.wait_for()
        found = NUMBER.search(said.text)
        if found:
            return found[0], said.text
        if said.labels:
            await citizen.press(onward(said.labels))
        elif "Di mana" in said.text:
            await citizen.send(CITIZENS, "Sidoagung, Godean")
    raise AssertionError("never filed")
