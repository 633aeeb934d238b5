"""What the stores cost on either database: `python -m benchmarks.databases [--postgresql URL]`.

The rows of a common turn (an arrival kept, marked answered, two messages put in line, both marked sent), by
64 at once through `Database`, as the bot does it: durable commits, shared by those that wait. And how often
two processes can agree on who has an address in hand. The database named is filled: use an empty one.
"""

import asyncio
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter, process_time
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table as Grid

from dialogs.messages import OutboundMessage
from storage.doors.database import Connection, Database
from storage.migrations import upgrade
from storage.seals import Ring, new_key, use
from storage.talks import inbox, outbox
from storage.talks.inbox import Arrival
from storage.talks.outbox import Outgoing

SECONDS = 4.0
AT_ONCE = 64
NOW = datetime(2026, 11, 22, tzinfo=UTC)
TEXT = OutboundMessage("Terima kasih, laporan Anda kami terima. " * 5)


def answer(connection: Connection, address: str, row: int) -> None:
    """The rows of one turn after its arrival."""
    inbox.finish(connection, [row], NOW)
    outbox.add(connection, [Outgoing("bench", address, TEXT)] * 2, NOW)


async def turn(database: Database, address: str, number: int) -> None:
    """One turn as the bot takes it: kept, looked up, answered, and both answers sent."""
    arrival = Arrival("bench", f"{address} {number}", address, NOW, {"text": "halo"})
    await database.write(lambda c: inbox.keep_soon(c, arrival, lambda _: None))
    (row,) = await database.glance(lambda c: inbox.waiting(c, "bench", address, 50))
    await database.write(lambda c: answer(c, address, row.id))
    for going in await database.glance(lambda c: outbox.waiting(c, "bench", address, 50)):
        await database.write(lambda c, out=going.id: outbox.sent(c, out, [str(out)], NOW))  # type: ignore[misc]


async def turns(database: Database) -> tuple[float, float]:
    """Turns a second, and milliseconds of this process's processor a turn."""
    done, until = 0, perf_counter() + SECONDS

    async def talker(address: str) -> None:
        nonlocal done
        while perf_counter() < until:
            await turn(database, address, done)
            done += 1

    began, processor = perf_counter(), process_time()
    await asyncio.gather(*(talker(f"{number}") for number in range(AT_ONCE)))
    return done / (perf_counter() - began), 1000 * (process_time() - processor) / done


async def hands(database: Database) -> tuple[float, float]:
    """Addresses taken in hand and let go a second, and milliseconds of processor each."""
    done, until = 0, perf_counter() + SECONDS / 2

    async def taker(name: str) -> None:
        nonlocal done
        while perf_counter() < until:
            await database.take(name)
            database.free(name)
            done += 1
            await asyncio.sleep(0)

    began, processor = perf_counter(), process_time()
    await asyncio.gather(*(taker(f"lane {number}") for number in range(AT_ONCE)))
    return done / (perf_counter() - began), 1000 * (process_time() - processor) / done


async def measured(url: str) -> tuple[tuple[float, float], tuple[float, float]]:
    """Both measures on one database."""
    async with Database(url) as database:
        return await turns(database), await hands(database)


def main(postgresql: Annotated[str, typer.Option(help="an empty database to fill")] = "") -> None:
    """Measure and print."""
    use(Ring.of(new_key()))
    columns = ("turns' rows/s", "CPU ms/turn", "taken in hand/s", "CPU ms each")
    grid = Grid("database", *columns, title=f"{AT_ONCE} at once")
    Path("data").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="bench-databases-", dir="data") as folder:
        for url in (f"sqlite:///{folder}/bench.db", *([postgresql] if postgresql else [])):
            upgrade(url)
            (rate, cost), (takes, each) = asyncio.run(measured(url))
            grid.add_row(url.split(":")[0], f"{rate:,.0f}", f"{cost:.3f}", f"{takes:,.0f}", f"{each:.3f}")
    Console().print(grid)


if __name__ == "__main__":
    typer.run(main)
