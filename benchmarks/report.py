"""What the measures say: a table for people, and a file for machines."""

import os
import platform
import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.measure import Measure

KENTONGAN = "kentongan"
FLOOR_COMMIT = "send-commit"
FLOORS = {
    "send": "floor: aiogram",
    FLOOR_COMMIT: "floor: aiogram + shared durable commit",
    "reply": "floor: aiogram, reply in the response",
    "reply-commit": "floor: the same + shared durable commit",
}
TITLES: Mapping[str, str] = {**FLOORS, KENTONGAN: "Kentongan"}
FIGURES = ("turns_per_second", "p50_ms", "p95_ms", "album_p95_ms", "cpu_ms_per_turn", "rss_mb", "load_busy")
SHARES = ("ratio_to_floor_commit", "cpu_ratio_to_floor_commit")
DIGITS = 3

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Run:
    """All measures of one run; a round goes through every contender: what disturbs one disturbs all."""

    made_at: str
    quick: bool
    seconds: float
    rounds: Sequence[Sequence[Measure]]
    faults: Sequence[str]
    fsync_ms: float


def results(run: Run) -> dict[str, Any]:
    """The run as it goes into `results/latest.json`."""
    everything = [measure for one in run.rounds for measure in one]
    sizes = sorted({measure.citizens for measure in everything})
    return {
        "made_at": run.made_at,
        "quick": run.quick,
        "seconds_a_measure": run.seconds,
        "rounds": len({id(one) for one in run.rounds}) // max(len(sizes), 1),
        "machine": _machine(run.fsync_ms),
        "channels": {"telegram": {str(size): _kentongan(run, size) for size in sizes}},
        "floors": {name: {str(size): _row(everything, name, size) for size in sizes} for name in FLOORS},
        "faults": list(run.faults),
    }


def _kentongan(run: Run, citizens: int) -> Row:
    everything = [measure for one in run.rounds for measure in one]
    row = _row(everything, KENTONGAN, citizens)
    rounds = [one for one in run.rounds if one[0].citizens == citizens]
    return row | {
        "ratio_to_floor_commit": _median(_ratio(one, FLOOR_COMMIT) for one in rounds),
        "ratio_to_floor_send": _median(_ratio(one, "send") for one in rounds),
        "cpu_ratio_to_floor_commit": _median(_cpu_ratio(one) for one in rounds),
        "ratio_to_rasa": None,
    }


def _ratio(one: Iterable[Measure], floor: str) -> float | None:
    rates = {measure.contender: measure.turns_per_second for measure in one}
    return rates[KENTONGAN] / rates[floor] if KENTONGAN in rates and rates.get(floor) else None


def _cpu_ratio(one: Iterable[Measure]) -> float | None:
    """The floor's processor time a turn over Kentongan's: what a busy neighbour disturbs least."""
    costs = {measure.contender: measure.cpu_ms_per_turn for measure in one}
    return costs[FLOOR_COMMIT] / costs[KENTONGAN] if costs.get(KENTONGAN) and FLOOR_COMMIT in costs else None


def _row(measures: Iterable[Measure], contender: str, citizens: int) -> Row:
    mine = [one for one in measures if (one.contender, one.citizens) == (contender, citizens)]
    row: Row = {figure: _median([getattr(one, figure) for one in mine]) for figure in FIGURES}
    return row | {"conversations": sum(one.conversations for one in mine)}


def _median(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return round(statistics.median(known), DIGITS) if known else None


def _machine(fsync_ms: float) -> Row:
    return {
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "processors": os.cpu_count(),
        "load_average": round(os.getloadavg()[0], 2),
        "fsync_ms": round(fsync_ms, DIGITS),
    }


def lines(found: Mapping[str, Any]) -> list[list[str]]:
    """The table's lines: contender, citizens, turns/s, p50, p95, CPU a turn, memory, shares of the floor."""
    names = [*FLOORS, KENTONGAN]
    sizes = list(found["channels"]["telegram"])
    rows = found["floors"] | {KENTONGAN: found["channels"]["telegram"]}
    return [_line(name, size, rows[name][size]) for size in sizes for name in names]


def _line(name: str, citizens: str, row: Mapping[str, Any]) -> list[str]:
    return [
        TITLES[name],
        citizens,
        _number(row["turns_per_second"], 0),
        _number(row["p50_ms"], 1),
        _number(row["p95_ms"], 1),
        _number(row["cpu_ms_per_turn"], 2),
        _number(row["rss_mb"], 0),
        *(f"{row[share]:.0%}" if row.get(share) else "" for share in SHARES),
    ]


HEAD = ("", "citizens", "turns/s", "p50 ms", "p95 ms", "CPU ms/turn", "RSS MB", "of the floor", "by CPU")


def _number(value: float | None, digits: int) -> str:
    return "-" if value is None else f"{value:,.{digits}f}"


def markdown(found: Mapping[str, Any]) -> str:
    """The table as it stands in docs/performance.md."""
    rule = "|".join([" --- ", *[" ---: "] * (len(HEAD) - 1)])
    body = [f"| {' | '.join(line)} |" for line in lines(found)]
    machine = found["machine"]
    length = "A quick run" if found["quick"] else "A full run"
    made = f"{length} on {found['made_at'][:10]}, {machine['processors']} processors, load average "
    caption = f"{made}{machine['load_average']} (what else was running disturbs the figures)."
    return "\n".join([f"| {' | '.join(HEAD)} |", f"|{rule}|", *body, "", caption]) + "\n"


def show(found: Mapping[str, Any]) -> None:
    """Print the table and what must be known to read it."""
    table = Table(title="Turns of a whole conversation, each citizen waiting for the answer")
    for number, title in enumerate(HEAD):
        table.add_column(title, justify="left" if number == 0 else "right")
    for line in lines(found):
        table.add_row(*line, end_section=line[0] == TITLES[KENTONGAN])
    console = Console(width=max(Console().width, 120))
    console.print(table)
    machine = found["machine"]
    console.print(
        f"Server on one processor, load on another ({machine['processors']} here, load average"
        f" {machine['load_average']}; one fsync takes {machine['fsync_ms']} ms). Replies go over HTTP to a"
        " light Bot API in the load process, the same for all: the strict sandbox would measure itself.\n"
        "An album is three photos for Kentongan and one for a floor. Its pause of 0.8 s, by design, counts in"
        " album_p95_ms alone. `of the floor`: of aiogram + shared durable commit."
    )
    for fault in found["faults"]:
        console.print(f"[red]FAULT[/red] {fault}")
