"""Where the contenders of a benchmark run: each a server of its own, and the crowd that speaks to it."""

import asyncio
import tempfile
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks import report
from benchmarks.citizens import Bot, Crowd, Outcome
from benchmarks.conversation import PHOTOS, cases
from benchmarks.mouths import RasaWire, TelegramWire, WebWire
from benchmarks.postgres import durable_server
from benchmarks.rasa_bot import rasa_command, trained
from benchmarks.servers import (
    Listening,
    Ready,
    Server,
    disk,
    floor_command,
    free_port,
    kentongan_command,
    kentongan_settings,
    running,
)
from benchmarks.telegram import FakeTelegram

CHATS_APART = 10_000_000


@dataclass(frozen=True, slots=True)
class Plan:
    """How much to measure; `rasa` is the Python of an environment with Rasa, if there is one."""

    citizens: Sequence[int]
    rounds: int
    seconds: float
    quick: bool
    contenders: Sequence[str]
    show: bool
    profile: str = ""
    rasa: str = ""


@dataclass(slots=True)
class Contender:
    """A running server with one crowd, and all its crowd went through."""

    crowd: Crowd
    server: Server
    database: Path | str
    rehearsed: int = 0
    outcomes: list[Outcome] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.crowd.bot.name


@dataclass(frozen=True, slots=True)
class Ground:
    """Where the contenders run: the Bot API they all speak to, and what ends them."""

    stack: AsyncExitStack
    telegram: FakeTelegram
    api: str
    plan: Plan

    async def start(self) -> list[Contender]:
        """Start every server and give each its crowd."""
        found = []
        for number, name in enumerate(self.plan.contenders, start=1):
            if name in report.FLOORS:
                found.append(await self._floor(name, number))
        if set(report.CHANNELS) & set(self.plan.contenders):
            found += await self._kentongan(len(found) + 1)
        if report.POSTGRESQL in self.plan.contenders:
            found.append(await self._on_postgres(len(found) + 1))
        if report.RASA in self.plan.contenders:
            found.append(await self._rasa())
        return found

    async def _floor(self, name: str, number: int) -> Contender:
        folder, token = self._folder(name), f"{1000 + number}:{name}"
        database = folder / "floor.db"
        command = floor_command(name, self.api, token, database)
        server = await self._run(command, {}, folder, Ready(self.telegram, token))
        wire = TelegramWire(self.telegram, token, number * CHATS_APART, photos=1)
        return Contender(Crowd(Bot(name, wire)), server, database)

    async def _kentongan(self, number: int) -> list[Contender]:
        """One server, spoken to through both channels."""
        folder, token = self._folder("kentongan"), f"{1000 + number}:kentongan"
        settings = kentongan_settings(self.api, token, folder)
        command = kentongan_command(self.plan.profile)
        server = await self._run(command, settings, folder, Ready(self.telegram, token))
        wires = {
            report.TELEGRAM: TelegramWire(self.telegram, token, number * CHATS_APART, PHOTOS),
            report.WEBCHAT: WebWire(
                settings["KENTONGAN_PUBLIC_URL"], folder / "webchat.key", self.telegram.photo, PHOTOS
            ),
        }
        stories, database = cases(), folder / "kentongan.db"
        return [
            Contender(
                Crowd(Bot(name, wires[name], pauses=name == report.TELEGRAM), stories), server, database
            )
            for name in report.CHANNELS
            if name in self.plan.contenders
        ]

    async def _on_postgres(self, number: int) -> Contender:
        """A second server, on a PostgreSQL of its own that runs on the load's processor."""
        cluster = self.stack.enter_context(durable_server())
        folder, token = self._folder(report.POSTGRESQL), f"{1000 + number}:{report.POSTGRESQL}"
        url = await asyncio.to_thread(cluster.create, "bench")
        settings = kentongan_settings(self.api, token, folder) | {"KENTONGAN_DATABASE_URL": url}
        command = kentongan_command(self.plan.profile)
        server = await self._run(command, settings, folder, Ready(self.telegram, token))
        wire = TelegramWire(self.telegram, token, number * CHATS_APART, PHOTOS)
        return Contender(Crowd(Bot(report.POSTGRESQL, wire, pauses=True), cases()), server, url)

    async def _rasa(self) -> Contender:
        folder = self._folder("rasa")
        model = await asyncio.to_thread(trained, self.plan.rasa)
        address = f"127.0.0.1:{free_port()}"
        command, settings = rasa_command(self.plan.rasa, model, folder, address)
        server = await self._run(command, settings, folder, Listening(address))
        return Contender(Crowd(Bot(report.RASA, RasaWire(f"http://{address}"))), server, folder / "rasa.db")

    async def _run(
        self, command: list[str], settings: dict[str, str], folder: Path, ready: Ready | Listening
    ) -> Server:
        log = folder / "server.log"
        server = await self.stack.enter_async_context(running(command, settings, log, ready))
        if not server.apart():
            raise SystemExit(f"{command[-1]}: the server and its citizens share a processor")
        return server

    def _folder(self, name: str) -> Path:
        prefix = f"bench-{name}-"
        return Path(self.stack.enter_context(tempfile.TemporaryDirectory(prefix=prefix, dir=disk())))
