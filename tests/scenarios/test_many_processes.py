"""Four processes on one PostgreSQL, behind a careless balancer; one of them is killed in the middle."""

import asyncio
import os
import random
import signal
import socket
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from sqlalchemy import func, select

from bot.commands.serve import CITIZEN_BOT
from bot.sandbox.client import SandboxClient, User
from bot.sandbox.limits import Limits
from bot.sandbox.server import start_sandbox
from storage import cases, chain, inbox, outbox
from storage.database import Database
from storage.rows import inbox as arrivals
from storage.rows import outbox as messages

BOT = CITIZEN_BOT.username
PLACES = ("Sidoagung", "Caturtunggal", "Sinduadi", "Purwomartani", "Sariharjo", "Bokoharjo", "Condongcatur")
PATIENCE = 200
SECRET = "rahasia-webhook-untuk-tes"
SHARES = (("serve",), ("serve", "--doors-only"), ("serve", "--doors-only"), ("work",))


class Balancer:
    """Hands each update to any process, every third one to two of them, and some only after later ones."""

    def __init__(self, ports: list[int]) -> None:
        self.ports, self.handed = ports, 0
        self._chance = random.Random("kentongan")

    async def hand(self, request: web.Request) -> web.Response:
        body, self.handed = await request.read(), self.handed + 1
        await asyncio.sleep(self._chance.choice((0, 0, 0.05, 0.2)))
        times = 2 if self.handed % 3 == 0 else 1
        ports = self._chance.choices(self.ports, k=times)
        answers = await asyncio.gather(*(self._hand(port, request, body) for port in ports))
        return web.Response(status=max(answers))

    async def _hand(self, port: int, request: web.Request, body: bytes) -> int:
        headers = {name: request.headers[name] for name in request.headers if name.startswith("X-Telegram")}
        address = f"http://127.0.0.1:{port}{request.path}"
        try:
            async with aiohttp.request("POST", address, data=body, headers=headers) as answer:
                return answer.status
        except aiohttp.ClientError:
            return 502


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@asynccontextmanager
async def balanced(ports: list[int], port: int) -> AsyncIterator[Balancer]:
    balancer, application = Balancer(ports), web.Application()
    application.router.add_post("/{path:.*}", balancer.hand)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    try:
        yield balancer
    finally:
        await runner.cleanup()


@asynccontextmanager
async def process(
    folder: Path, arguments: tuple[str, ...], settings: dict[str, str]
) -> AsyncIterator[asyncio.subprocess.Process]:
    with (folder / "log.txt").open("ab") as log:
        child = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", *arguments, env=os.environ | settings, stdout=log, stderr=log
        )
        try:
            yield child
        finally:
            if child.returncode is None:
                child.send_signal(signal.SIGTERM)
                await asyncio.wait_for(child.wait(), PATIENCE)


async def ready(port: int) -> None:
    async with asyncio.timeout(PATIENCE), aiohttp.ClientSession() as session:
        while True:
            try:
                async with session.get(f"http://127.0.0.1:{port}/readyz") as answer:
                    if answer.status == 200:
                        return
            except aiohttp.ClientError:
                pass
            await asyncio.sleep(0.2)


async def report(citizen: User, number: int) -> None:
    """A whole talk in which the story comes in three messages, one on the heels of the other."""
    for part in (f"lampu jalan di {PLACES[number]} mati", "udah seminggu", "gelap banget kalau malam"):
        await citizen.send(BOT, part)
    for label in ("Setuju", "Betul", "Lewati", "Kirim"):
        await citizen.wait_for(lambda message, label=label: label in message.labels, timeout=PATIENCE)
        await citizen.press(label)
    await citizen.wait_for(text="SLM-", timeout=PATIENCE)


@pytest.mark.timeout(3 * PATIENCE)
async def test_four_processes_and_a_kill_lose_nothing_and_double_nothing(tmp_path: Path, postgres_url: str):
    ports, door = [free_port() for _ in SHARES], free_port()
    sandbox = await start_sandbox(bots=[CITIZEN_BOT], limits=Limits(enabled=False))
    common = {
        "KENTONGAN_DATA_DIR": str(tmp_path),
        "KENTONGAN_DATABASE_URL": postgres_url,
        "KENTONGAN_TELEGRAM_API": sandbox.base_url,
        "KENTONGAN_CITIZEN_TOKEN": CITIZEN_BOT.token,
        "KENTONGAN_PUBLIC_URL": f"http://127.0.0.1:{door}",
        "KENTONGAN_WEBHOOK_SECRET": SECRET,
    }
    async with AsyncExitStack() as stack:
        client = await stack.enter_async_context(SandboxClient(sandbox.base_url))
        balancer = await stack.enter_async_context(balanced(ports[:3], door))
        children = [
            await stack.enter_async_context(process(tmp_path, share, common | {"KENTONGAN_PORT": str(port)}))
            for share, port in zip(SHARES, ports, strict=True)
        ]
        await asyncio.gather(*(ready(port) for port in ports))
        people = [await client.user(f"Warga {number}") for number in range(len(PLACES))]
        talks = asyncio.gather(*(report(one, number) for number, one in enumerate(people)))
        while balancer.handed < 2 * len(PLACES):  # noqa: ASYNC110 it is told nobody
            await asyncio.sleep(0.01)
        assert not talks.done(), "a kill that meets nobody talking shows nothing"
        children[1].send_signal(signal.SIGKILL)
        await asyncio.wait_for(talks, PATIENCE)
        await _quiet(postgres_url)
        spoken = await client.calls(BOT, method="sendMessage")
    await sandbox.stop()
    await _check(postgres_url, people, spoken)


async def _quiet(url: str) -> None:
    """Wait until nothing waits any more."""
    async with Database(url) as database, asyncio.timeout(PATIENCE):
        while any(await database.read(_waiting)):  # noqa: ASYNC110 only the rows tell
            await asyncio.sleep(0.2)


def _waiting(connection):
    return inbox.addresses_waiting(connection), outbox.addresses_waiting(connection)


def _answered(connection) -> dict[str, list[datetime]]:
    """When each person's messages were answered, in the order they were kept."""
    found: dict[str, list[datetime]] = {}
    query = select(arrivals.c.address, arrivals.c.done_at).order_by(arrivals.c.id)
    for address, at in connection.execute(query):
        found.setdefault(address, []).append(at)
    return found


async def _check(url: str, people: list[User], spoken: list[object]) -> None:
    async with Database(url) as database:
        found = await database.read(cases.all_cases)
        breaks = await database.read(lambda c: [chain.find_break(c, one.ticket.number) for one in found])
        failed = await database.read(outbox.undeliverable)
        answered = await database.read(_answered)
        said = await database.read(
            lambda c: c.execute(select(func.count()).select_from(messages)).scalar_one()
        )
    assert len(found) == len(people)
    assert len({case.home.contact for case in found}) == len(people)
    assert breaks == [None] * len(people)
    assert failed == ()
    assert all(case.ticket.report.narrative for case in found)
    for person, times in answered.items():
        assert times == sorted(times), f"{person} was answered out of order"
    for one in people:
        receipts = Counter(message.text for message in one.messages if "Nomor laporan" in message.text)
        assert len(receipts) == 1, "two different receipts"
    assert said <= len(spoken) <= said + len(people), (
        "more was sent twice than was in flight in the killed process"
    )
