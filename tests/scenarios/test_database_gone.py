"""The database is gone while people write, and comes back: nothing is lost, doubled, or left without a word.

For seconds in the usual run, for a whole minute in the long one (`make soak`).
"""

import asyncio
import os
import resource
import sqlite3
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import orjson
import pytest
from pydantic import SecretStr
from sqlalchemy import select

from benchmarks.servers import free_port
from bot.commands.serve import CITIZEN_BOT
from bot.sandbox.client import SandboxClient
from bot.sandbox.limits import Limits
from bot.sandbox.server import start_sandbox
from bot.serving import Opened, opened
from bot.settings import Settings
from storage.doors import writer
from storage.reports import cases, chain
from storage.rows import inbox
from storage.talks import outbox
from tests.cluster import Cluster
from tests.scenarios.kit import CITIZENS, NUMBER

LONG = bool(os.environ.get("KENTONGAN_SOAK"))
SECONDS = 60 if LONG else 4
PATIENCE = 60
HELD = (
    b'{"id": "pesan-12345678", "text": "sampah numpuk di depan SMP Condongcatur sejak kemarin, bau sekali"}'
)


@dataclass
class Place:
    """An installation with a webhook, and the database under it."""

    running: Opened
    sandbox: SandboxClient
    world: Any
    gone: Any


@contextmanager
def locked(path: Path) -> Iterator[None]:
    with closing(sqlite3.connect(path, isolation_level=None, timeout=10)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


@contextmanager
def full_disk() -> Iterator[None]:
    """No file of this process can be written to any more."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.fixture(params=["locked", "read-only", "disk full", "server stopped"])
def way(request) -> tuple[str, str, Cluster | None]:
    """How the database goes; its address and the server, where there is one."""
    if request.param != "server stopped":
        return request.param, "", None
    return request.param, request.getfixturevalue("postgres_url"), request.getfixturevalue("cluster")


@pytest.fixture
async def place(way, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Place]:
    monkeypatch.setattr(writer, "LOCK_SECONDS", 1.0)
    kind, url, cluster = way
    sandbox = await start_sandbox(
        bots=[CITIZEN_BOT], limits=Limits(enabled=False, webhook_first_retry=0.2, webhook_longest_retry=1.0)
    )
    port = free_port()
    settings = Settings(
        data_dir=tmp_path / "data",
        database_url=url,
        port=port,
        public_url=f"http://127.0.0.1:{port}",
        telegram_api=sandbox.base_url,
        citizen_token=SecretStr(CITIZEN_BOT.token),
        _env_file=None,
    )

    @asynccontextmanager
    async def gone(house):
        if cluster:
            await asyncio.to_thread(cluster.stop)
            yield
            await asyncio.to_thread(cluster.start)
        elif kind == "locked":
            with locked(settings.data_dir / "kentongan.db"):
                yield
        elif kind == "disk full":
            with full_disk():
                yield
        else:
            file = house.core.database._doors._writer._connection.connection.driver_connection
            file.execute("PRAGMA query_only = ON")
            yield
            file.execute("PRAGMA query_only = OFF")

    try:
        async with opened(settings) as running, SandboxClient(sandbox.base_url) as client:
            yield Place(running, client, sandbox.world, gone)
    finally:
        await sandbox.stop()


@pytest.mark.timeout(120 + 2 * SECONDS)
async def test_what_is_said_while_the_database_is_gone_is_answered_once_afterwards(place: Place):
    house, address = place.running.house, place.running.address
    siti = await place.sandbox.user("Siti")
    await siti.send(CITIZENS, "lampu jalan depan pasar Godean mati udah seminggu, gelap bgt")
    await siti.wait_for(lambda m: "Setuju" in m.labels, timeout=PATIENCE)
    async with aiohttp.ClientSession() as page:
        async with page.post(f"{address}/chat/api/session") as answer:
            token = (await answer.json())["token"]
        head = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        heard: list[str] = []
        open_page = asyncio.create_task(read_on(page, f"{address}/chat/api/events", head, heard))

        async def post() -> tuple[int, dict[str, Any]]:
            async with page.post(f"{address}/chat/api/messages", data=HELD, headers=head) as answer:
                return answer.status, await answer.json()

        async with place.gone(house):
            await siti.press("Setuju")
            status, told = await post()
            assert status == 503
            assert "dikirim sendiri" in told["text"]
            async with page.get(f"{address}/readyz") as ready:
                assert ready.status == 503
            await asyncio.sleep(SECONDS)
            assert " 503 " in place.world.couriers[CITIZEN_BOT.id].info()["last_error_message"]
        while (await post())[0] != 200:  # noqa: ASYNC110 the page sends the same again
            await asyncio.sleep(0.2)
        async with asyncio.timeout(PATIENCE):
            while "bot" not in heard:  # noqa: ASYNC110 the page that was open all the time
                await asyncio.sleep(0.1)
        open_page.cancel()
    for label in ("Betul", "Lewati", "Kirim"):
        await siti.wait_for(lambda m, label=label: label in m.labels, timeout=PATIENCE)
        await siti.press(label)
    await siti.wait_for(lambda m: NUMBER.search(m.text), timeout=PATIENCE)
    await house.settle()
    await nothing_is_lost_or_doubled(house, siti)


async def read_on(page: aiohttp.ClientSession, address: str, head: dict[str, str], heard: list[str]) -> None:
    """Listen without ever coming back: what is said must come over the connection that is open."""
    async with page.get(address, headers=head | {"Accept": "text/event-stream"}) as answer:
        async for line in answer.content:
            if line.startswith(b"data: "):
                heard += [orjson.loads(line[6:])["from"]]


async def nothing_is_lost_or_doubled(house, siti) -> None:
    read = house.core.database.read
    (case,) = await read(cases.all_cases)
    assert await read(lambda c: chain.find_break(c, case.ticket.number)) is None
    states = await read(lambda c: Counter(map(tuple, c.execute(select(inbox.c.channel, inbox.c.state)))))
    assert states["webchat", "done"] == 1
    assert {state for _, state in states} == {"done"}
    assert await read(outbox.addresses_waiting) == ()
    assert await read(outbox.undeliverable) == ()
    said = Counter(message.text for message in siti.messages if message["from"]["is_bot"] and message.text)
    assert max(said.values()) == 1, said
