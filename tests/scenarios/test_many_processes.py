"""Four processes on one PostgreSQL, behind a careless balancer; one of them is killed in the middle."""

import asyncio
import signal
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from benchmarks.servers import free_port
from bot.commands.serve import CITIZEN_BOT
from bot.sandbox.client import SandboxClient
from bot.sandbox.limits import Limits
from bot.sandbox.server import start_sandbox
from tests.scenarios.many import (
    BOT,
    PATIENCE,
    PLACES,
    Balancer,
    balanced,
    check,
    process,
    quiet,
    ready,
    report,
    settings,
)

SHARES = (("serve",), ("serve", "--doors-only"), ("serve", "--doors-only"), ("work",))


@pytest.mark.timeout(3 * PATIENCE)
async def test_four_processes_and_a_kill_lose_nothing_and_double_nothing(tmp_path: Path, postgres_url: str):
    ports, door = [free_port() for _ in SHARES], free_port()
    sandbox = await start_sandbox(bots=[CITIZEN_BOT], limits=Limits(enabled=False))
    common = settings(tmp_path, postgres_url, sandbox.base_url, door)
    async with AsyncExitStack() as stack:
        client = await stack.enter_async_context(SandboxClient(sandbox.base_url))
        balancer = await stack.enter_async_context(balanced(Balancer(ports[:3]), door))
        children = [
            await stack.enter_async_context(process(tmp_path, share, common | {"KENTONGAN_PORT": str(port)}))
            for share, port in zip(SHARES, ports, strict=True)
        ]
        await asyncio.gather(*(ready(port) for port in ports))
        people = [await client.user(f"Warga {number}") for number in range(len(PLACES))]
        talks = asyncio.gather(*(report(one, PLACES[number]) for number, one in enumerate(people)))
        while balancer.handed < 2 * len(PLACES):  # noqa: ASYNC110 it is told nobody
            await asyncio.sleep(0.01)
        assert not talks.done(), "a kill that meets nobody talking shows nothing"
        children[1].send_signal(signal.SIGKILL)
        await asyncio.wait_for(talks, PATIENCE)
        await quiet(postgres_url)
        spoken = await client.calls(BOT, method="sendMessage")
    await sandbox.stop()
    in_flight = len(people)  # in the killed process, at most
    await check(postgres_url, people, spoken, twice=in_flight)
