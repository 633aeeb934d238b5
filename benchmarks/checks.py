"""After a measure: is everything that was said and promised really on disk, once?"""

import asyncio
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import asyncpg

SETTLE_SECONDS = 60.0
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
    """Every fault found: tickets missing or doubled, photos lost, work left lying after a minute.

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
    """What still waits after everything had time to be done."""
    for _ in range(int(SETTLE_SECONDS / 0.2)):
        left = {name: (await _rows(database, query))[0][0] for name, query in OPEN_WORK.items()}
        if not any(left.values()):
            break
        await asyncio.sleep(0.2)
    return left


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
