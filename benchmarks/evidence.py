"""Is a photo known again among a million, what does looking into one cost? python -m benchmarks.evidence."""

import argparse
import asyncio
import os
import random
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, insert

from bot.services.files.examining import Examiner
from storage.doors.database import Database, writing_engine
from storage.migrations import upgrade
from storage.reports import evidence
from storage.rows import media, prints
from storage.seals import Ring, new_key, use
from tests.pictures import saved, scene
from tickets.evidence.examine import examine
from tickets.evidence.prints import Print
from tickets.policies import load_policies

POLICY = load_policies().evidence
CHUNK = 20_000
LOOKS = 200
NOW = datetime(2026, 11, 22, tzinfo=UTC)


def a_print(chance: random.Random) -> Print:
    """As many bits set as a real one has: half of the coarse ones."""
    places = chance.sample(range(64), 32)
    return Print(sum(1 << place for place in places), chance.getrandbits(256))


def changed(one: Print, chance: random.Random) -> Print:
    """The same photo after a crop: as far away as the policy still calls similar."""
    coarse = one.coarse ^ sum(1 << place for place in chance.sample(range(64), POLICY.similar.coarse))
    fine = one.fine ^ sum(1 << place for place in chance.sample(range(256), POLICY.similar.fine))
    return Print(coarse, fine)


def fill(connection: Connection, first: int, count: int, chance: random.Random) -> list[Print]:
    made = [a_print(chance) for _ in range(count)]
    names = [f"foto-{first + place}" for place in range(count)]
    photo = {"channel": "telegram", "attachment": {}, "role": "evidence", "state": "kept"}
    photo |= {"not_before": NOW, "created_at": NOW, "settled_at": NOW}
    connection.execute(insert(media), [{"id": name, **photo} for name in names])
    rows = [
        {"media": name, "fine": f"{one.fine:064x}"} | {f"band{n}": piece for n, piece in enumerate(one.bands)}
        for name, one in zip(names, made, strict=True)
    ]
    connection.execute(insert(prints), rows)
    return made


def percentile(taken: list[float], share: float) -> float:
    return sorted(taken)[int(share * (len(taken) - 1))]


def told(name: str, taken: list[float]) -> None:
    times = f"median {statistics.median(taken):6.1f} ms · p95 {percentile(taken, 0.95):6.1f} ms"
    print(f"{name:<44} {times}")


async def index(count: int) -> None:
    chance = random.Random(3)  # noqa: S311 chance in a benchmark is no cryptography
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'index.db'}"
        upgrade(url)
        use(Ring.of(new_key()))
        engine, began = writing_engine(url), time.perf_counter()
        known: list[Print] = []
        for first in range(0, count, CHUNK):
            with engine.begin() as connection:
                known += fill(connection, first, min(CHUNK, count - first), chance)
        engine.dispose()
        size = os.path.getsize(Path(folder, "index.db")) / count  # noqa: ASYNC240, PTH202 nobody waits for it
        print(f"{count:,} prints written in {time.perf_counter() - began:.0f} s, {size:.0f} bytes each")
        async with Database(url) as database:
            for name, wanted in (
                ("a photo as it was", lambda: chance.choice(known)),
                ("a photo as far away as counts", lambda: changed(chance.choice(known), chance)),
                ("a photo nobody sent before", lambda: a_print(chance)),
            ):
                await _look(database, name, wanted)


async def _look(database: Database, name: str, wanted: Callable[[], Print]) -> None:
    taken, found = [], 0
    for _ in range(LOOKS):
        one = wanted()

        def twins(connection: Connection, one: Print = one) -> bool:
            return bool(evidence.twins(connection, one, POLICY.same, POLICY.similar))

        def nearest(connection: Connection, one: Print = one) -> bool:
            return bool(evidence.nearest(connection, one, POLICY.same, POLICY.similar))

        began = time.perf_counter()
        found += await database.glance(twins) or await database.read(nearest)
        taken.append((time.perf_counter() - began) * 1000)
    told(f"{name} (found {found} of {LOOKS})", taken)


async def examining(photos: dict[str, bytes]) -> None:
    """In a process of its own, as served; in a thread beside the loop, as it might have been."""
    examiner = Examiner(POLICY)
    await examiner.examine(next(iter(photos.values())))
    for name, content in photos.items():

        def in_process(content: bytes = content) -> Awaitable[object]:
            return examiner.examine(content)

        def in_thread(content: bytes = content) -> Awaitable[object]:
            return asyncio.to_thread(examine, content, POLICY.limits)

        told(f"{name}: a process of its own", [await _timed(in_process()) for _ in range(10)])
        told(f"{name}: what the loop notices, process", await _delays(in_process))
        told(f"{name}: what the loop notices, thread", await _delays(in_thread))
    await examiner.stop()


async def _timed(doing: Awaitable[object]) -> float:
    began = time.perf_counter()
    await doing
    return (time.perf_counter() - began) * 1000


async def _delays(start: Callable[[], Awaitable[object]]) -> list[float]:
    """How much later than asked a sleeper wakes while files are looked into."""
    task = asyncio.gather(*(start() for _ in range(6)))
    late = []
    while not task.done():
        began = time.perf_counter()
        await asyncio.sleep(0.001)
        late.append((time.perf_counter() - began - 0.001) * 1000)
    await task
    return late


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=1_000_000, help="prints in the index")
    count = parser.parse_args().count
    photos = {
        "photo of a messenger (1280x960)": saved(scene(1, (1280, 960)), quality=85),
        "photo of a phone (4000x3000)": saved(scene(1, (4000, 3000)), quality=85),
    }
    print(f"load average {os.getloadavg()[0]:.1f}")
    asyncio.run(examining(photos))
    asyncio.run(index(count))


if __name__ == "__main__":
    main()
