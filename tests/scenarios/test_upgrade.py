"""Processes give way to the next version's while people go on reporting.

One old and one new in the usual run; two old and two new side by side in the long one (`make soak`).
"""

import asyncio
import json
import os
from collections import defaultdict
from contextlib import AsyncExitStack
from pathlib import Path

import asyncpg
import pytest
from aiohttp import web

from benchmarks.servers import free_port
from bot.commands.serve import CITIZEN_BOT
from bot.sandbox.client import SandboxClient, User
from bot.sandbox.limits import Limits
from bot.sandbox.server import start_sandbox
from tests.next_version import NEXT, program
from tests.scenarios.many import (
    BOT,
    PATIENCE,
    PLACES,
    Balancer,
    balanced,
    check,
    ended,
    process,
    quiet,
    ready,
    report,
    settings,
)

LONG = bool(os.environ.get("KENTONGAN_SOAK"))
PROCESSES = 2 if LONG else 1
TALKERS = 3 if LONG else 2
"""How many begin to report at each step of the change."""
PAUSE = 3 if LONG else 0.5
"""Seconds between one step and the next."""
WHERE = (
    *PLACES,
    "Maguwoharjo",
    "Wedomartani",
    "Selomartani",
    "Tirtomartani",
    "Tridadi",
    "Sumberadi",
    "Margoagung",
    "Tamanmartani",
)
"""As many as people: at the same place the bot would ask whether it is the same lamp."""


class Recording(Balancer):
    """Also keeps what each update was answered with, each time it came."""

    def __init__(self, ports: list[int]) -> None:
        super().__init__(ports)
        self.answers: dict[int, list[int]] = defaultdict(list)

    async def hand(self, request: web.Request) -> web.Response:
        number = json.loads(await request.read())["update_id"]
        answer = await super().hand(request)
        self.answers[number].append(answer.status)
        return answer


class Change:
    """The old processes and the new, and the people who talk to whichever is there."""

    def __init__(self, stack: AsyncExitStack, folder: Path, common: dict[str, str]) -> None:
        self._stack, self._folder, self._common = stack, folder, common
        self.ports: list[int] = []
        self.people: list[User] = []
        self._talks: list[asyncio.Task[None]] = []

    async def start(self, version: Path | None = None) -> asyncio.subprocess.Process:
        port = free_port()
        told = self._common | {"KENTONGAN_PORT": str(port)}
        child = await self._stack.enter_async_context(process(self._folder, ("serve",), told, version))
        await ready(port)
        self.ports.append(port)
        return child

    async def end(self, child: asyncio.subprocess.Process) -> None:
        """Only when it has ended does the balancer learn of it."""
        await ended(child)
        assert child.returncode == 0
        self.ports.pop(0)

    async def more(self, client: SandboxClient) -> None:
        for _ in range(TALKERS):
            number = len(self.people)
            self.people.append(await client.user(f"Warga {number}"))
            self._talks.append(asyncio.create_task(report(self.people[-1], WHERE[number])))
        await asyncio.sleep(PAUSE)

    async def said(self) -> None:
        await asyncio.wait_for(asyncio.gather(*self._talks), PATIENCE)


async def _schema(url: str) -> str:
    connection = await asyncpg.connect(url)
    try:
        return str(await connection.fetchval("SELECT version_num FROM alembic_version"))
    finally:
        await connection.close()


@pytest.mark.timeout(3 * PATIENCE)
async def test_a_new_version_takes_over_without_a_pause(tmp_path: Path, postgres_url: str):
    sandbox = await start_sandbox(bots=[CITIZEN_BOT], limits=Limits(enabled=False))
    door, version = free_port(), program(tmp_path / "next")
    async with AsyncExitStack() as stack:
        client = await stack.enter_async_context(SandboxClient(sandbox.base_url))
        change = Change(stack, tmp_path, settings(tmp_path, postgres_url, sandbox.base_url, door))
        balancer = await stack.enter_async_context(balanced(Recording(change.ports), door))
        old = await asyncio.gather(*(change.start() for _ in range(PROCESSES)))
        await change.more(client)
        for _ in old:
            await change.start(version)
            assert await _schema(postgres_url) == NEXT
            await change.more(client)
        for one in old:
            await change.end(one)
            await change.more(client)
        await change.said()
        await quiet(postgres_url)
        spoken = await client.calls(BOT, method="sendMessage")
    await sandbox.stop()
    assert all(200 in answers for answers in balancer.answers.values())
    await check(postgres_url, change.people, spoken)
