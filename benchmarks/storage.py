"""What a durable write costs: `python -m benchmarks.storage`.

The same writes (two rows added, two changed) by many turns at once, three ways: in a commit shared among
those that wait (what Kentongan does), with a commit each on the same connection, and with an AsyncSession
each (what is usual). SQLite in WAL mode, `synchronous=FULL`, on the disk of this folder.
"""

import asyncio
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from time import perf_counter, process_time

from rich.console import Console
from rich.table import Table as Grid
from sqlalchemy import Column, Connection, Integer, MetaData, String, Table, event, insert, update
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

from storage.doors.database import writing_engine
from storage.doors.sqlite import durable_engine
from storage.doors.writer import Writer

SECONDS = 2.0
AT_ONCE = 64
TALKS = 1000
META = MetaData()
INBOX = Table(
    "inbox", META, Column("id", Integer, primary_key=True), Column("talk", Integer), Column("state", String)
)
TALK = Table("talk", META, Column("id", Integer, primary_key=True), Column("state", String))
OUTBOX = Table(
    "outbox", META, Column("id", Integer, primary_key=True), Column("talk", Integer), Column("body", String)
)
BODY = "x" * 400

Turn = Callable[[int], Awaitable[None]]


def work(connection: Connection, talk: int) -> None:
    """The statements of one turn."""
    row = connection.execute(insert(INBOX), {"talk": talk, "state": "waiting"}).inserted_primary_key
    connection.execute(update(INBOX).where(INBOX.c.id == row[0]).values(state="done"))
    connection.execute(update(TALK).where(TALK.c.id == talk).values(state=BODY))
    connection.execute(insert(OUTBOX), {"talk": talk, "body": BODY})


async def shared(url: str) -> tuple[float, float]:
    """A commit shared among the turns that wait for one."""
    writer = Writer(durable_engine(url))
    writer.start()
    try:
        return await _measured(lambda talk: writer.write(lambda c: work(c, talk)))
    finally:
        await writer.stop()


async def each(url: str) -> tuple[float, float]:
    """A commit for every turn, on one connection, in a thread."""
    engine, lock = writing_engine(url), asyncio.Lock()
    connection = engine.connect()

    def commit(talk: int) -> None:
        with connection.begin():
            work(connection, talk)

    async def turn(talk: int) -> None:
        async with lock:
            await asyncio.to_thread(commit, talk)

    try:
        return await _measured(turn)
    finally:
        connection.close()
        engine.dispose()


async def session(url: str) -> tuple[float, float]:
    """An AsyncSession for every turn, through aiosqlite."""
    engine = create_async_engine(url.replace("sqlite:", "sqlite+aiosqlite:"), pool_size=1, max_overflow=0)
    event.listen(engine.sync_engine, "connect", lambda raw, _: raw.execute("PRAGMA synchronous = FULL"))
    sessions = async_sessionmaker(engine)

    async def turn(talk: int) -> None:
        async with sessions.begin() as one:
            await _in_session(one, talk)

    try:
        return await _measured(turn)
    finally:
        await engine.dispose()


async def _in_session(one: AsyncSession, talk: int) -> None:
    connection = await one.connection()
    row = (await connection.execute(insert(INBOX), {"talk": talk, "state": "waiting"})).inserted_primary_key
    await one.execute(update(INBOX).where(INBOX.c.id == row[0]).values(state="done"))
    await one.execute(update(TALK).where(TALK.c.id == talk).values(state=BODY))
    await one.execute(insert(OUTBOX), {"talk": talk, "body": BODY})


async def _measured(turn: Turn) -> tuple[float, float]:
    """Turns a second, and milliseconds of processor a turn."""
    until, done = perf_counter() + SECONDS, 0

    async def talker(talk: int) -> None:
        nonlocal done
        while perf_counter() < until:
            await turn(talk)
            done += 1

    began, processor = perf_counter(), process_time()
    await asyncio.gather(*(talker(talk) for talk in range(AT_ONCE)))
    return done / (perf_counter() - began), 1000 * (process_time() - processor) / done


def _fresh(folder: str, name: str) -> str:
    url = f"sqlite:///{Path(folder) / name}.db"
    engine = writing_engine(url)
    with engine.begin() as connection:
        META.create_all(connection)
        connection.execute(insert(TALK), [{"id": number, "state": BODY} for number in range(TALKS)])
    engine.dispose()
    return url


WAYS = {
    "a commit shared among those that wait": shared,
    "a commit each, one connection": each,
    "an AsyncSession each": session,
}


def main() -> None:
    """Measure the three ways and print them."""
    grid = Grid("one turn's writes", "turns/s", "CPU ms/turn", title=f"{AT_ONCE} turns at once")
    Path("data").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="bench-storage-", dir="data") as folder:
        for name, way in WAYS.items():
            rate, processor = asyncio.run(way(_fresh(folder, way.__name__)))
            grid.add_row(name, f"{rate:,.0f}", f"{processor:.3f}")
    Console().print(grid)


if __name__ == "__main__":
    main()
