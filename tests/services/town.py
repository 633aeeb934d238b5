"""A town of one citizen at the terminal, and reports of as many more as are wanted."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.app import Kentongan, assembled
from bot.channels.base import Delivery, SendResult
from bot.channels.console import ConsoleChannel
from bot.services.reports.ticketing import Filing, open_ticket
from bot.services.talks import floods
from bot.settings import Settings
from dialogs.messages import InboundMessage
from storage.reports.cases import Home
from storage.talks import conversations, inbox
from storage.talks.conversations import Kept, NewContact
from tickets.numbers import make_number
from tickets.policies.limits import LimitPolicy
from tickets.ticket import Report, ReportPlace, ScreeningResult

START = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
WHO = "warga"
SAME = "Tolong lampu jalan di depan pasar diperbaiki, gelap sekali!"


@dataclass
class Clock:
    now: datetime = START

    def __call__(self) -> datetime:
        return self.now

    def leap(self, **time: float) -> None:
        self.now += timedelta(**time)


@dataclass
class Town:
    """An installation, its clock, and what its only citizen reads."""

    house: Kentongan
    clock: Clock
    read: list[str] = field(default_factory=list)
    sent: int = 0

    @property
    def limits(self) -> LimitPolicy:
        return self.house.core.policies.limits

    async def say(self, *texts: str) -> None:
        for text in texts:
            self.sent += 1
            message = InboundMessage("console", str(self.sent), WHO, self.clock(), "text", text)
            await self.house.intake.citizen(message)

    async def until(self, wanted: str) -> str:
        for _ in range(1000):
            if found := [one for one in self.read if wanted in one]:
                return found[0]
            await asyncio.sleep(0.02)
        raise AssertionError(f"never read {wanted!r}, only {self.read}")

    async def drained(self) -> None:
        """Everything that waited is answered."""
        self.house.turns.wake("console", WHO)
        for _ in range(1000):
            if not await self.waiting():
                await self.house.deliveries.idle()
                return
            await asyncio.sleep(0.02)
        raise AssertionError(f"{await self.waiting()} still wait")

    async def waiting(self) -> int:
        return len(await self.house.core.database.glance(lambda c: inbox.waiting(c, "console", WHO, 500)))

    async def quiet(self) -> None:
        """Let the lanes do what can be done now."""
        self.house.turns.wake("console", WHO)
        await asyncio.sleep(0.3)
        await self.house.deliveries.idle()


@asynccontextmanager
async def town_in(folder: Path) -> AsyncIterator[Town]:
    """An installation of its own with a citizen at the terminal."""
    clock = Clock()
    async with assembled(Settings(data_dir=folder, _env_file=None), clock=clock) as house:
        living = Town(house, clock)

        class Reader(ConsoleChannel):
            async def send(self, delivery: Delivery) -> SendResult:
                living.read.append(delivery.message.text)
                return SendResult(("1",))

        house.channels["console"] = Reader(lambda _text: None)
        yield living


def report(text: str, kode: str = "34.04.02.2003", **changed) -> Report:
    place = ReportPlace("Godean", kode, "Sidoagung", "Godean", "Sleman")
    made = Report(text, "pengaduan", "lampu_jalan", "mati", place, ScreeningResult("pass", (), text))
    return replace(made, **changed)


async def filed(town: Town, who: str, given: Report) -> str:
    """A report of somebody's, opened as a turn opens it."""
    core = town.house.core
    number = make_number("SLM", 2026, core.chance)
    home = Home(who, "console", who)

    def work(connection) -> None:
        if conversations.load(connection, "console", who) is None:
            kept = Kept(f"c-{who}", who, core.bundles.live.hash, {}, 1)
            conversations.begin(connection, NewContact(who, "console", who, "id"), kept, core.clock())
        filing = Filing(number, given)
        earlier = floods.earlier(core, filing, home).at(connection)
        open_ticket(connection, core, filing, home)
        floods.gather(connection, core, earlier)

    await core.database.write(work)
    return number
