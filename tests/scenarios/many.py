"""Several processes on one PostgreSQL behind a careless balancer, people who report, and the reckoning."""

import asyncio
import os
import random
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import TypeVar

import aiohttp
from aiohttp import web
from sqlalchemy import func, select

from bot.commands.serve import CITIZEN_BOT
from bot.sandbox.client import User
from storage.doors.database import Database
from storage.reports import cases, chain
from storage.rows import inbox as arrivals
from storage.rows import outbox as messages
from storage.talks import inbox, outbox

BOT = CITIZEN_BOT.username
PLACES = ("Sidoagung", "Caturtunggal", "Sinduadi", "Purwomartani", "Sariharjo", "Bokoharjo", "Condongcatur")
PATIENCE = 200
SECRET = "rahasia-webhook-untuk-tes"


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


Hands = TypeVar("Hands", bound=Balancer)


@asynccontextmanager
async def balanced(balancer: Hands, port: int) -> AsyncIterator[Hands]:
    """A balancer at its door."""
    application = web.Application()
    application.router.add_post("/{path:.*}", balancer.hand)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    try:
        yield balancer
    finally:
        await runner.cleanup()


def settings(folder: Path, database: str, messenger: str, door: int) -> dict[str, str]:
    """What all processes are told alike."""
    return {
        "KENTONGAN_DATA_DIR": str(folder),
        "KENTONGAN_DATABASE_URL": database,
        "KENTONGAN_TELEGRAM_API": messenger,
        "KENTONGAN_CITIZEN_TOKEN": CITIZEN_BOT.token,
        "KENTONGAN_PUBLIC_URL": f"http://127.0.0.1:{door}",
        "KENTONGAN_WEBHOOK_SECRET": SECRET,
    }


@asynccontextmanager
async def process(
    folder: Path, arguments: tuple[str, ...], settings: dict[str, str], program: Path | None = None
) -> AsyncIterator[asyncio.subprocess.Process]:
    with (folder / "log.txt").open("ab") as log:
        child = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", *arguments,
            env=os.environ | settings, cwd=program, stdout=log, stderr=log,
        )  # fmt: skip
        try:
            yield child
        finally:
            await ended(child)


async def ended(child: asyncio.subprocess.Process) -> None:
    """Ask it to end, if it has not, and wait until it has."""
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


async def report(citizen: User, place: str) -> None:
    """A whole talk in which the story comes in three messages, one on the heels of the other."""
    for part in (f"lampu jalan di {place} mati", "udah seminggu", "gelap banget kalau malam"):
        await citizen.send(BOT, part)
    for label in ("Setuju", "Betul", "Lewati", "Kirim"):
        await citizen.wait_for(lambda message, label=label: label in message.labels, timeout=PATIENCE)
        await citizen.press(label)
    await citizen.wait_for(text="SLM-", timeout=PATIENCE)


async def quiet(url: str) -> None:
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


async def check(url: str, people: list[User], spoken: list[object], *, twice: int = 0) -> None:
    """Every report kept once and answered in order; at most so many messages were sent twice."""
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
    assert said <= len(spoken) <= said + twice
