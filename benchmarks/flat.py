"""What a turn costs as a talk grows long and tickets become many: `python -m benchmarks.flat`.

In process, without HTTP: one person says hello and asks for their reports a thousand times; then people file
reports among copies of an earlier one, which stand elsewhere and are of other people, as a city's reports do.
"""

import argparse
import asyncio
import itertools
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import process_time

from benchmarks.conversation import STORIES
from benchmarks.servers import disk
from bot.app import Kentongan, assembled
from bot.channels.base import Delivery, FetchError, SendResult
from bot.channels.console import ConsoleChannel
from bot.logs import set_up
from bot.settings import Settings
from dialogs.messages import Attachment, InboundMessage

START = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
TALK = ("halo", "laporan saya", "terima kasih", "/bantuan")
REPORT = ("Setuju", "Betul", "Lewati", "Kirim")
SEASON = timedelta(days=120)
"""So long after an earlier report of the same, nobody is asked whether it is that one."""
SIZES = (1_000, 10_000, 100_000)
MARK = "printf('-%07d', n)"
"""What is put behind every key of a copy."""
COPIED = {
    "contacts": ("id",),
    "addresses": ("contact", "address"),
    "conversations": ("contact", "address", "id"),
    "tickets": ("number", "reporter", "address"),
    "ticket_events": ("number",),
    "inbox": ("address", "external_id"),
    "outbox": ("address", "ticket"),
}
"""What is marked in each table; by the first of it the rows that are copied are found."""
COUNTED = {"inbox": "id", "outbox": "id", "ticket_events": "id"}
BATCH = 20_000
"""Tickets a commit: a million in one would be written twice, first into a log as large as the database."""
FILLING = ("synchronous = OFF", "cache_size = -262144", "temp_store = MEMORY")
"""For the connection that fills, and no other: nobody mourns a copy, and indexes are filled in memory."""


@dataclass
class Ear:
    """A channel that takes whatever is said."""

    name: str = ConsoleChannel.name
    capabilities = ConsoleChannel.capabilities
    said: list[str] = field(default_factory=list)

    async def send(self, delivery: Delivery) -> SendResult:
        self.said.append(delivery.message.text)
        return SendResult((delivery.id,))

    async def fetch(self, attachment: Attachment) -> bytes:
        raise FetchError(f"nothing was sent: {attachment.ref}", retryable=False)


@dataclass
class Time:
    """A clock that people move on, a minute a message: nobody writes too fast."""

    now: datetime = START

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Play:
    """A house and the people who speak to it."""

    house: Kentongan
    time: Time
    ear: Ear
    ids: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    async def say(self, who: str, text: str) -> float:
        """Say something and wait for the answers; processor time in milliseconds."""
        self.time.now += timedelta(minutes=1)
        message = InboundMessage(self.ear.name, str(next(self.ids)), who, self.time.now, "text", text)
        began, heard = process_time(), len(self.ear.said)
        await self.house.intake.citizen(message)
        await self.house.turns.idle()
        await self.house.deliveries.idle()
        if len(self.ear.said) == heard:
            raise SystemExit(f"{text!r} was not answered")
        return (process_time() - began) * 1000

    async def report(self, who: str, story: str) -> float:
        """File a report; milliseconds a turn."""
        spent = [await self.say(who, text) for text in (story, *REPORT)]
        if "Nomor laporan" not in self.ear.said[-1]:
            raise SystemExit(f"no report came of it: {self.ear.said[-1]!r}")
        return sum(spent) / len(spent)


async def long_talk(play: Play, turns: int) -> list[tuple[str, float]]:
    """Milliseconds a turn, a tenth of a talk at a time."""
    texts = itertools.cycle(TALK)
    spent = [await play.say("orang-lama", next(texts)) for _ in range(turns)]
    tenth = turns // 10
    return [
        (f"turns {at + 1:,} to {at + tenth:,}", sum(spent[at : at + tenth]) / tenth)
        for at in range(0, turns, tenth)
    ]


async def among(play: Play, database: Path, size: int) -> tuple[str, float]:
    """Milliseconds a turn of a report when there are so many tickets."""
    grow(database, size)
    play.time.now += SEASON
    spent = sorted([await play.report(f"warga-{size}-{one}", one) for one in STORIES])
    return f"{size:,} tickets", spent[len(spent) // 2]


def grow(database: Path, size: int) -> None:
    """Copy the first ticket, its talk and its people until there are so many."""
    with closing(sqlite3.connect(database, timeout=60, isolation_level=None)) as connection:
        for pragma in FILLING:
            connection.execute(f"PRAGMA {pragma}")
        there = connection.execute("SELECT count(*) FROM tickets").fetchone()[0]
        copying = [_copying(connection, table, keys) for table, keys in COPIED.items()]
        for first in range(there, size, BATCH):
            connection.execute("BEGIN IMMEDIATE")
            for statement in copying:
                connection.execute(statement, (first, min(first + BATCH, size) - 1))
            connection.execute("COMMIT")


def _copying(connection: sqlite3.Connection, table: str, marked: tuple[str, ...]) -> str:
    """What copies the first ticket's rows of a table as often as there are numbers from one to another."""
    columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
    names = [name for name in columns if name != COUNTED.get(table)]
    values = [f"{name} || {MARK}" if name in marked else name for name in names]
    first = "SELECT number, number AS ticket, reporter, reporter AS contact, reporter AS id, address"
    first += " FROM tickets ORDER BY opened_at LIMIT 1"
    connection.execute(
        f"CREATE TEMP TABLE first_{table} AS SELECT {', '.join(names)} FROM {table}"  # noqa: S608 - our own names
        f" WHERE {marked[0]} = (SELECT {marked[0]} FROM ({first}))"
    )
    return (
        "WITH RECURSIVE c(n) AS (SELECT ? UNION ALL SELECT n + 1 FROM c WHERE n < ?)"  # noqa: S608 - likewise
        f" INSERT INTO main.{table} ({', '.join(names)})"
        f" SELECT {', '.join(values)} FROM c, temp.first_{table}"
    )


async def measured(turns: int, sizes: tuple[int, ...]) -> list[tuple[str, float]]:
    """Everything, in order."""
    with tempfile.TemporaryDirectory(prefix="bench-flat-", dir=disk()) as folder:
        time, ear = Time(), Ear()
        async with assembled(Settings(data_dir=Path(folder), _env_file=None), clock=time) as house:
            house.channels[ear.name] = ear
            play = Play(house, time, ear)
            await play.report("yang-pertama", STORIES[0])
            found = await long_talk(play, turns)
            return found + [await among(play, Path(folder) / "kentongan.db", size) for size in sizes]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--turns", type=int, default=1000)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    given = parser.parse_args()
    set_up("WARNING")
    for what, milliseconds in asyncio.run(measured(given.turns, tuple(given.sizes))):
        print(f"{what:>24}  {milliseconds:6.2f} ms a turn")


if __name__ == "__main__":
    main()
