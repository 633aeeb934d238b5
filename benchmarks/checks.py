"""After a measure: is everything that was said and promised really on disk, once?"""

import asyncio
import sqlite3
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from benchmarks.servers import KEY
from storage.seals import Ring

SETTLE_SECONDS = 60.0
OPEN_WORK = {
    "inbox": "SELECT count(*) FROM inbox WHERE state = 'waiting'",
    "outbox": "SELECT count(*) FROM outbox WHERE state = 'waiting' AND channel = 'telegram'",
    "photos": "SELECT count(*) FROM media WHERE state = 'waiting'",
}


async def check_kentongan(database: Path, chats: Sequence[int], photos: int) -> list[str]:
    """Every fault found: tickets missing or doubled, photos lost, work left lying after a minute."""
    left = await _settled(database)
    with closing(_open(database)) as connection:
        tickets = _by_chat(connection, "tickets WHERE channel = 'telegram'")
        photos_of = _by_chat(connection, "media JOIN tickets USING (number) WHERE media.state = 'kept'")
    kept = sum(photos_of[chat] for chat in chats)
    faults = [f"chat {chat}: {tickets[chat]} tickets" for chat in chats if tickets[chat] != 1]
    faults += [f"{count} left waiting in {where}" for where, count in left.items() if count]
    if kept != photos * len(chats):
        faults.append(f"{kept} photos kept of {photos * len(chats)}")
    return faults


def _by_chat(connection: sqlite3.Connection, rows: str) -> Counter[int]:
    """How many rows there are of each chat, whose ids lie sealed."""
    keys = Ring.of(KEY)
    found = connection.execute(f"SELECT tickets.address, count(*) FROM {rows} GROUP BY 1")  # noqa: S608 our own words
    return Counter({int(keys.untoken(b"address", address)): count for address, count in found})


def check_floor(database: Path, updates: int) -> list[str]:
    """Faults of a floor that keeps updates."""
    with closing(_open(database)) as connection:
        kept = connection.execute("SELECT count(*) FROM updates").fetchone()[0]
    return [] if kept >= updates else [f"{kept} updates kept of {updates}"]


async def _settled(database: Path) -> dict[str, int]:
    """What still waits after everything had time to be done."""
    for _ in range(int(SETTLE_SECONDS / 0.2)):
        with closing(_open(database)) as connection:
            left = {name: connection.execute(query).fetchone()[0] for name, query in OPEN_WORK.items()}
        if not any(left.values()):
            break
        await asyncio.sleep(0.2)
    return left


def _open(database: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{database}?mode=ro", uri=True)
