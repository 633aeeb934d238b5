"""What a job costs on PostgreSQL, ours and with job engines: `python -m benchmarks.jobs [--jobs 4000]`.

A job is a message to send, without the sending. Put in line by 64 at once, each commit on disk before the
next is asked for; then done by one process, and noted durably. On one server: our outbox as the program
uses it (an address in hand by an advisory lock, its messages in order), the same rows by SKIP LOCKED with a
NOTIFY each, and pgqueuer and procrastinate, each put into a throw-away environment (that needs a package
index; without one the run says so and measures ours alone).
"""

import asyncio
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from time import perf_counter, process_time
from typing import Annotated

import asyncpg
import typer
from rich.console import Console
from rich.table import Table as Grid

from benchmarks.postgres import durable_server, is_here
from dialogs.messages import OutboundMessage
from storage.doors.database import Connection, Database
from storage.migrations import upgrade
from storage.seals import Ring, new_key, use
from storage.talks import outbox
from storage.talks.outbox import Outgoing

HERE = Path(__file__).parent / "job_engines"
AT_ONCE = 64
A_TALK = 4
"""Messages to one address: what comes of a few turns."""
CONSUMERS = 5
BATCH = 10
NOW = datetime(2026, 11, 22, tzinfo=UTC)
TEXT = OutboundMessage("Terima kasih, laporan Anda kami terima.")
ENGINES = {
    "pgqueuer": ("pgqueuer[asyncpg]==1.6.0", "asyncpg==0.32.0"),
    "procrastinate": ("procrastinate==3.10.0", "psycopg[binary]==3.3.9"),
}
LOCKED = """
UPDATE outbox SET state = 'sent', sent_at = now() WHERE id IN (
    SELECT id FROM outbox WHERE state = 'waiting' ORDER BY id LIMIT $1 FOR UPDATE SKIP LOCKED
) RETURNING id
"""


class CannotBeHadError(Exception):
    """The packages are not within reach, or did not work here."""


@dataclass(frozen=True, slots=True)
class Rates:
    """Jobs put in line and done a second, and milliseconds of the doing process's processor for each."""

    put: float
    done: float
    cost: float


async def _at_once(numbers: Iterator[int], work: Callable[[int], Awaitable[None]]) -> float:
    began = perf_counter()

    async def one() -> None:
        for number in numbers:
            await work(number)

    await asyncio.gather(*(one() for _ in range(AT_ONCE)))
    return perf_counter() - began


async def _put(database: Database, jobs: int, *, tell: bool) -> float:
    def add(connection: Connection, number: int) -> None:
        outbox.add(connection, [Outgoing("bench", str(number // A_TALK), TEXT)], NOW)

    async def put(number: int) -> None:
        await database.write(lambda c: add(c, number))
        if tell:
            database.ring("a job")

    return jobs / await _at_once(iter(range(jobs)), put)


async def _send(database: Database, address: str) -> None:
    """What waits for an address, in order, with the address in hand."""
    assert await database.take(f"bench {address}")
    rows = await database.glance(lambda c: outbox.waiting(c, "bench", address, 50))
    for row in rows:
        note = lambda c, row=row.id: outbox.sent(c, row, ["1"], NOW)  # noqa: E731
        await database.write(note, hurry=row is not rows[-1])
    database.free(f"bench {address}")


async def _in_hand(url: str, jobs: int) -> Rates:
    async with Database(url) as database:
        put = await _put(database, jobs, tell=False)
        processor = process_time()
        took = await _at_once(iter(range(jobs // A_TALK)), lambda number: _send(database, str(number)))
        cost = process_time() - processor
        assert await database.read(outbox.addresses_waiting) == ()
    return Rates(put, jobs / took, 1000 * cost / jobs)


async def _skip_locked(url: str, jobs: int) -> Rates:
    async with Database(url) as database:
        put = await _put(database, jobs, tell=True)
    lines = [await asyncpg.connect(url) for _ in range(CONSUMERS)]
    seen: list[int] = []

    async def consume(line: asyncpg.Connection) -> None:
        while rows := await line.fetch(LOCKED, BATCH):
            seen.extend(row["id"] for row in rows)

    began, processor = perf_counter(), process_time()
    await asyncio.gather(*map(consume, lines))
    took, cost = perf_counter() - began, process_time() - processor
    await asyncio.gather(*(line.close() for line in lines))
    assert len(seen) == len(set(seen)) == jobs, "lost or done twice"
    return Rates(put, jobs / took, 1000 * cost / jobs)


Measure = Callable[[str, int], Coroutine[None, None, Rates]]
OURS: dict[str, Measure] = {
    "outbox, the address in hand": _in_hand,
    f"outbox, SKIP LOCKED by {BATCH} and NOTIFY": _skip_locked,
}


def _engine(name: str, jobs: int, url: str) -> Rates:
    """An engine's own figures, from a process in an environment that is gone afterwards.

    Raises:
        CannotBeHadError: there is none.
    """
    with tempfile.TemporaryDirectory(prefix=f"bench-{name}-") as folder:
        python = Path(folder) / "bin/python"
        _run([sys.executable, "-m", "uv", "venv", "--quiet", "--clear", "--python", sys.executable, folder])
        _run(
            [sys.executable, "-m", "uv", "pip", "install", "--quiet", "--python", str(python), *ENGINES[name]]
        )
        told = _run([str(python), str(HERE / f"on_{name}.py"), url, str(jobs), str(AT_ONCE)])
    return Rates(**json.loads(told.splitlines()[-1]))


def _run(command: list[str]) -> str:
    apart = {name: value for name, value in os.environ.items() if name not in {"PYTHONPATH", "VIRTUAL_ENV"}}
    try:
        done = subprocess.run(command, env=apart, check=True, capture_output=True, text=True, timeout=300)  # noqa: S603
    except subprocess.CalledProcessError as error:
        raise CannotBeHadError((error.stderr or "").strip()[-300:]) from error
    except (OSError, subprocess.TimeoutExpired) as error:
        raise CannotBeHadError(str(error)) from error
    return done.stdout


def _ours(measure: Measure, jobs: int, url: str) -> Rates:
    upgrade(url)
    return asyncio.run(measure(url, jobs))


def main(jobs: Annotated[int, typer.Option(help="how many, each time")] = 4000) -> None:
    """Measure and print."""
    if not is_here():
        raise SystemExit("no PostgreSQL on this machine: sh scripts/ensure_postgres.sh")
    use(Ring.of(new_key()))
    ways: dict[str, Callable[[str], Rates]] = {
        **{name: partial(_ours, measure, jobs) for name, measure in OURS.items()},
        **{name: partial(_engine, name, jobs) for name in ENGINES},
    }
    columns = ("put in line/s", "done/s", "CPU ms each")
    grid = Grid("jobs", *columns, title=f"{jobs} jobs, {AT_ONCE} at once, synchronous_commit=on")
    with durable_server() as server:
        for place, (name, measure) in enumerate(ways.items()):
            try:
                found = measure(server.create(f"jobs{place}"))
            except CannotBeHadError as error:
                grid.add_row(name, "cannot be had here:", "", str(error))
                continue
            grid.add_row(name, f"{found.put:,.0f}", f"{found.done:,.0f}", f"{found.cost:.3f}")
    Console().print(grid)
    Console().print(f"load {os.getloadavg()[0]:.1f}", style="dim")


if __name__ == "__main__":
    typer.run(main)
