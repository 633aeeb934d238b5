"""What looking for a duplicate costs, however many tickets there are: `python -m benchmarks.duplicates`.

Every ticket is open, recent and public, the worst there can be: 1,000 to 1,000,000 of them, first spread over
a kabupaten and its kinds of matter as they come, then all of one kind crowded into one town. What is timed is
the whole look a citizen waits for: index, distances, words. The same report is looked for each time.
"""

import argparse
import random
import statistics
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any

import orjson
from rich.console import Console
from rich.table import Table as Grid
from sqlalchemy import event

from storage.doors.database import Connection, writing_engine
from storage.migrations import upgrade
from storage.reports import candidates
from storage.reports.candidates import COLUMNS
from storage.seals import Ring, new_key, use
from tickets.duplicates import asked_about, cell, near
from tickets.policies import Policies, load_policies
from tickets.ticket import Report, ReportPlace, ScreeningResult

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
SIZES = (1_000, 10_000, 100_000, 1_000_000)
LOOKS = 200
CHUNK = 20_000
SOUTH, WEST, NORTH, EAST = -7.80, 110.20, -7.55, 110.55
TOWN = (-7.80, 110.35, -7.70, 110.45)
KINDS = 26
WORDS = [
    "lampu",
    "jalan",
    "mati",
    "gelap",
    "pasar",
    "gang",
    "masjid",
    "sekolah",
    "tikungan",
    "jembatan",
    "lubang",
    "besar",
    "seminggu",
    "sampah",
    "bau",
    "got",
    "mampet",
    "banjir",
    "pohon",
    "tumbang",
    "parkir",
    "liar",
    "depan",
    "toko",
    "warung",
    "puskesmas",
    "perempatan",
    "kampung",
    "mawar",
    "melati",
]
INSERT = f"INSERT INTO candidates ({', '.join(COLUMNS)}) VALUES ({', '.join('?' * len(COLUMNS))})"  # noqa: S608


@dataclass(frozen=True, slots=True)
class Crowd:
    """How tickets are spread: over which box of degrees, and how many kinds of matter."""

    name: str
    box: tuple[float, float, float, float]
    kinds: int


CROWDS = (
    Crowd("a kabupaten, 26 kinds", (SOUTH, WEST, NORTH, EAST), KINDS),
    Crowd("one town, one kind", TOWN, 1),
)


def story(chance: random.Random) -> str:
    """A report's words."""
    return " ".join(chance.choices(WORDS, k=chance.randint(6, 16)))


def _kode(crowd: Crowd, lat: float, lon: float) -> str:
    """One of about a hundred kalurahan, by strips of the box."""
    south, west, north, east = crowd.box
    down, along = (lat - south) / (north - south), (lon - west) / (east - west)
    return f"34.04.{1 + int(down * 17):02d}.{2001 + int(along * 5)}"


def rows(crowd: Crowd, first: int, last: int, chance: random.Random) -> Iterator[tuple[Any, ...]]:
    """Tickets as the index keeps them; a third have no point, only their kalurahan."""
    south, west, north, east = crowd.box
    for number in range(first, last):
        lat, lon = chance.uniform(south, north), chance.uniform(west, east)
        placed = chance.random() > 1 / 3
        kode = (
            f"34.04.{1 + int((lat - south) / (north - south) * 17):02d}.{2001 + int((lon - west) * 14) % 6}"
        )
        opened = (NOW - timedelta(minutes=chance.randrange(50 * 24 * 60))).replace(tzinfo=None)
        yield (
            f"SLM-26-{number:07d}",
            f"jenis_{number % crowd.kinds}",
            "",
            cell(lat, lon) if placed else None,
            lat if placed else None,
            lon if placed else None,
            kode,
            "",
            opened.isoformat(sep=" ", timespec="microseconds"),
            story(chance),
        )


def fill(connection: Connection, crowd: Crowd, first: int, last: int) -> None:
    """Bring the index from `first` tickets to `last`."""
    chance, driver = random.Random(first), connection.connection.driver_connection  # noqa: S311
    for at in range(first, last, CHUNK):
        driver.executemany(INSERT, rows(crowd, at, min(at + CHUNK, last), chance))


def reports(crowd: Crowd, chance: random.Random) -> Iterator[Report]:
    """Reports to look for, every third without a point."""
    south, west, north, east = crowd.box
    for at in range(LOOKS):
        lat, lon = chance.uniform(south, north), chance.uniform(west, east)
        kode = (
            f"34.04.{1 + int((lat - south) / (north - south) * 17):02d}.{2001 + int((lon - west) * 14) % 6}"
        )
        place = ReportPlace(kode=kode, lat=lat, lon=lon)
        words = story(chance)
        report = Report(words, "pengaduan", "jenis_0", "", place, ScreeningResult("pass", (), words))
        yield replace(report, place=ReportPlace(kode=kode)) if at % 3 == 0 else report


def look(connection: Connection, report: Report, policies: Policies) -> int:
    """The whole look: what the index gives, compared in distance and words; how many match."""
    policy = policies.duplicates
    since = NOW - timedelta(days=policy.max_age_days)
    found = candidates.found(connection, report, since, policy.similar_distance_m)
    return len(near(asked_about(report, NOW), found, NOW, policy))


def measure(connection: Connection, crowd: Crowd, policies: Policies) -> dict[str, float]:
    """Milliseconds a look takes: the middle one and the slowest of twenty."""
    taken, matched = [], 0
    for report in reports(crowd, random.Random(7)):  # noqa: S311
        began = perf_counter()
        matched += look(connection, report, policies) > 0
        taken.append((perf_counter() - began) * 1000)
    p95 = statistics.quantiles(taken, n=20)[-1]
    return {"p50_ms": statistics.median(taken), "p95_ms": p95, "matched": matched / LOOKS}


def run(sizes: tuple[int, ...]) -> list[dict[str, Any]]:
    """Every crowd at every size."""
    policies, found = load_policies(), []
    Path("data").mkdir(exist_ok=True)
    for crowd in CROWDS:
        with tempfile.TemporaryDirectory(prefix="bench-duplicates-", dir="data") as folder:
            found += list(_grown(f"sqlite:///{Path(folder) / 'kentongan.db'}", crowd, sizes, policies))
    return found


def _grown(url: str, crowd: Crowd, sizes: tuple[int, ...], policies: Policies) -> Iterator[dict[str, Any]]:
    upgrade(url)
    use(Ring.of(new_key()))
    engine, kept = writing_engine(url), 0
    event.listen(engine, "connect", lambda raw, _: raw.execute("PRAGMA foreign_keys = OFF"))
    for size in sizes:
        with engine.begin() as connection:
            fill(connection, crowd, kept, size)
        kept = size
        with engine.begin() as connection:
            figures = measure(connection, crowd, policies)
        print(f"  {crowd.name:<24}{size:>10,} {figures['p50_ms']:8.2f} ms")
        yield {"crowd": crowd.name, "tickets": size, **figures}
    engine.dispose()


def show(found: list[dict[str, Any]]) -> None:
    """The figures, and what a look at the most costs beside one at the fewest."""
    grid = Grid(
        "open tickets", "spread", "ms, half", "ms, 95 %", "times the least", title="one look for duplicates"
    )
    least: dict[str, float] = {}
    for one in found:
        base = least.setdefault(one["crowd"], one["p50_ms"])
        cells = (f"{one['tickets']:,}", one["crowd"], f"{one['p50_ms']:.2f}", f"{one['p95_ms']:.2f}")
        grid.add_row(*cells, f"{one['p50_ms'] / base:.1f}")
    Console().print(grid)


def main() -> None:
    """Measure, show, and write the figures as JSON where asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--most", type=int, default=SIZES[-1], help="the largest number of tickets")
    parser.add_argument("--json", type=Path, help="write the figures into this file")
    given = parser.parse_args()
    found = run(tuple(size for size in SIZES if size <= given.most))
    show(found)
    if given.json:
        given.json.write_bytes(orjson.dumps(found, option=orjson.OPT_INDENT_2) + b"\n")


if __name__ == "__main__":
    main()
