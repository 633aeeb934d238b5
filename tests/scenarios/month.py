"""A month's calendar, and the people who live in it."""

import asyncio
import os
import random
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from bot.sandbox.client import Message, User
from storage.rows import inbox
from tests.scenarios.kit import Town

WHOLE = bool(os.environ.get("KENTONGAN_SOAK"))
DESKS = {"dishub": 4, "dlh": 3, "pu": 3} if WHOLE else {"dishub": 2, "dlh": 1, "pu": 1}
PEOPLE = 100 if WHOLE else 6
STEP = timedelta(days=1 if WHOLE else 4)
STEPS = 31 if WHOLE else 8
START = datetime(2027, 2, 1, 1, 0, tzinfo=UTC)
STORIES = {
    "dishub": "lampu jalan di {place} mati sudah seminggu, gelap sekali kalau malam",
    "dlh": "sampah menumpuk di {place} tidak diangkut sejak minggu lalu, bau sekali",
    "pu": "jalan berlubang besar di {place} sudah sebulan, kemarin ada yang jatuh",
}
PLACES = (
    "Sidoagung", "Caturtunggal", "Condongcatur", "Sinduadi", "Tridadi", "Wedomartani", "Maguwoharjo",
    "Trihanggo", "Ambarketawang", "Banyuraden", "Sidoluhur", "Sidomulyo", "Margoagung", "Tirtomartani",
    "Purwomartani", "Selomartani", "Bokoharjo", "Madurejo", "Wukirsari", "Hargobinangun",
)  # fmt: skip


@dataclass
class Calendar:
    """Clock time that goes on by itself and leaps when a day is over."""

    begun: float = field(default_factory=time.monotonic)
    leap: timedelta = timedelta(0)

    def __call__(self) -> datetime:
        return START + timedelta(seconds=time.monotonic() - self.begun) + self.leap


def _in_hand(connection) -> bool:
    """Whether anything that came in is unanswered."""
    waiting = select(inbox.c.id).where(inbox.c.state == "waiting").limit(1)
    return connection.execute(waiting).first() is not None


@dataclass
class Month:
    """The town, its calendar, and the people in it."""

    town: Town
    calendar: Calendar
    chance: random.Random
    staff: list[User] = field(default_factory=list)
    people: list[User] = field(default_factory=list)
    done: Counter[str] = field(default_factory=Counter)
    seen: set[tuple[int, int, int]] = field(default_factory=set)

    async def settled(self) -> None:
        """Nothing is in hand any more: not with the bots, not on its way."""
        for _ in range(2):
            await asyncio.sleep(0.3)  # what people just did is on its way to the bots
            await self.town.house.settle()
        while await self.town.house.core.database.read(_in_hand):
            await asyncio.sleep(0.1)
            await self.town.house.settle()

    def fresh(self, person: User) -> list[Message]:
        """What somebody was sent and has not dealt with yet, each version once."""
        found = []
        for message in person.messages:
            key = (person.id, message.id, message.serial)
            if message["from"]["id"] != person.id and key not in self.seen:
                self.seen.add(key)
                found.append(message)
        return found
