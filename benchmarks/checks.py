"""After a measure: is everything that was said and promised really on disk, once?"""

import asyncio
import math
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from time import perf_counter
from typing import Any

import asyncpg

SETTLE_SECONDS = 60.0
"""How long nothing at all may get done; photos stand behind all turns, so that a long run leaves many."""
OPEN_WORK = {
    "inbox": "SELECT count(*) FROM inbox WHERE state = 'waiting'",
    "outbox": "SELECT count(*) FROM outbox WHERE state IN ('waiting', 'failed')",
    "photos": "SELECT count(*) FROM media WHERE state = 'waiting'",
}
TICKETS = (
    "SELECT number, (SELECT count(*) FROM media WHERE media.number = tickets.number AND media.state = 'kept')"
    " FROM tickets"
)


async def check_kentongan(
    database: Path | str, numbers: Sequence[str], rehearsed: int, photos: int
) -> list[str]:
    """Every fault found: tickets missing or doubled, photos lost, work that nobody gets on with.

    `database` is SQLite's file or PostgreSQL's URL; `numbers` are those the citizens were told; `rehearsed`
    how many tickets there are beside theirs.
    """
    left = await _settled(database)
    kept = dict(await _rows(database, TICKETS))
    faults = [
        f"{number or 'a report without a number'}: no ticket" for number in numbers if number not in kept
    ]
    faults += [f"{number}: {kept[number]} photos" for number in numbers if kept.get(number, photos) != photos]
    faults += [f"{count} left in {where}" for where, count in left.items() if count]
    if len(kept) != len(numbers) + rehearsed or len(set(numbers)) != len(numbers):
        faults.append(f"{len(kept)} tickets of {len(numbers) + rehearsed} conversations")
    return faults


def check_floor(database: Path, updates: int) -> list[str]:
    """Faults of a floor that keeps updates."""
    with closing(_open(database)) as connection:
        kept = connection.execute("SELECT count(*) FROM updates").fetchone()[0]
    return [] if kept >= updates else [f"{kept} updates kept of {updates}"]


async def _settled(database: Path | str) -> dict[str, int]:
    """What still waits once nothing more gets done."""
    least, until = math.inf, 0.0
    while True:
        left = {name: (await _rows(database, query))[0][0] for name, query in OPEN_WORK.items()}
        waiting = sum(left.values())
        if waiting < least:
            least, until = waiting, perf_counter() + SETTLE_SECONDS
        if not waiting or perf_counter() > until:
            return left
        await asyncio.sleep(0.2)


async def _rows(database: Path | str, query: str) -> list[tuple[Any, ...]]:
    if isinstance(database, str):
        connection = await asyncpg.connect(database)
        try:
            return [tuple(row) for row in await connection.fetch(query)]
        finally:
            await connection.close()
    with closing(_open(database)) as lite:
        return lite.execute(query).fetchall()


def _open(database: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{database}?mode=ro", uri=True)
