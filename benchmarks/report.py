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

TELEGRAM, WEBCHAT, RASA, POSTGRESQL = "telegram", "webchat", "rasa", "postgresql"
FLOOR_COMMIT = "send-commit"
FLOORS = {
    "send": "floor: aiogram",
    FLOOR_COMMIT: "floor: aiogram + shared durable commit",
    "reply": "floor: aiogram, reply in the response",
    "reply-commit": "floor: the same + shared durable commit",
    "bare-commit": "floor: the same without aiogram",
}
CHANNELS = {TELEGRAM: "**Kentongan, Telegram**", WEBCHAT: "**Kentongan, web chat**"}
OURS = {**CHANNELS, POSTGRESQL: "Kentongan, Telegram, on PostgreSQL"}
TITLES: Mapping[str, str] = {**FLOORS, RASA: "Rasa 3.6, its lightest", **OURS}
FIGURES = (
    "turns_per_second",
    "p50_ms",
    "p95_ms",
    "album_p95_ms",
    "cpu_ms_per_turn",
    "rss_mb",
    "pss_mb",
    "start_seconds",
    "load_busy",
)
SHARES = ("ratio_to_floor_commit", "cpu_ratio_to_floor_commit")
DIGITS = 3
QUIET = 1.0
"""Up to this load average a processor, a machine had little else to do than the measure itself."""

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
    lost_by_rasa: int = 0


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
        "channels": {name: {str(size): _ours(run, name, size) for size in sizes} for name in CHANNELS},
        "floors": {name: {str(size): _row(everything, name, size) for size in sizes} for name in FLOORS},
        "rasa": {str(size): _row(everything, RASA, size) for size in sizes},
        POSTGRESQL: {str(size): _on_postgres(run, size) for size in sizes},
        "lost_by_rasa": run.lost_by_rasa,
        "faults": list(run.faults),
    }


def _ours(run: Run, channel: str, citizens: int) -> Row:
    everything = [measure for one in run.rounds for measure in one]
    row = _row(everything, channel, citizens)
    rounds = [one for one in run.rounds if one[0].citizens == citizens]
    return row | {
        "ratio_to_floor_commit": _median(_ratio(one, channel, FLOOR_COMMIT) for one in rounds),
        "ratio_to_floor_bare_commit": _median(_ratio(one, channel, "bare-commit") for one in rounds),
        "ratio_to_floor_send": _median(_ratio(one, channel, "send") for one in rounds),
        "cpu_ratio_to_floor_commit": _median(_cpu_ratio(one, channel, FLOOR_COMMIT) for one in rounds),
        "ratio_to_rasa": _median(_ratio(one, channel, RASA) for one in rounds),
    }


def _on_postgres(run: Run, citizens: int) -> Row:
    everything = [measure for one in run.rounds for measure in one]
    rounds = [one for one in run.rounds if one[0].citizens == citizens]
    return _row(everything, POSTGRESQL, citizens) | {
        "ratio_to_sqlite": _median(_ratio(one, POSTGRESQL, TELEGRAM) for one in rounds),
        "cpu_ratio_to_sqlite": _median(_cpu_ratio(one, POSTGRESQL, TELEGRAM) for one in rounds),
    }


def _ratio(one: Iterable[Measure], channel: str, other: str) -> float | None:
    rates = {measure.contender: measure.turns_per_second for measure in one}
    return rates[channel] / rates[other] if channel in rates and rates.get(other) else None


def _cpu_ratio(one: Iterable[Measure], channel: str, other: str) -> float | None:
    """The other's processor time a turn over ours: what a busy neighbour disturbs least."""
    costs = {measure.contender: measure.cpu_ms_per_turn for measure in one}
    return costs[other] / costs[channel] if costs.get(channel) and other in costs else None


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
    """The table's lines, by number of citizens; see `HEAD`."""
    rows = found["floors"] | {RASA: found["rasa"]} | found["channels"]
    if POSTGRESQL in found:
        rows[POSTGRESQL] = found[POSTGRESQL]
    sizes = list(found["channels"][TELEGRAM])
    return [
        _line(name, size, rows[name][size])
        for size in sizes
        for name in TITLES
        if name in rows and rows[name][size]["turns_per_second"] is not None
    ]


def _line(name: str, citizens: str, row: Mapping[str, Any]) -> list[str]:
    of_sqlite = row.get("ratio_to_sqlite")
    title = f"{TITLES[name]} ({of_sqlite:.0%} of SQLite's rate)" if of_sqlite else TITLES[name]
    return [
        title,
        citizens,
        _number(row["turns_per_second"], 0),
        _number(row["p50_ms"], 1),
        _number(row["p95_ms"], 1),
        _number(row["cpu_ms_per_turn"], 2),
        _number(row["rss_mb"], 0),
        _number(row["start_seconds"], 1),
        *(f"{row[share]:.0%}" if row.get(share) else "" for share in SHARES),
        f"{row['ratio_to_rasa']:.1f}" if row.get("ratio_to_rasa") else "",
    ]


HEAD = (
    "",
    "citizens",
    "turns/s",
    "p50 ms",
    "p95 ms",
    "CPU ms/turn",
    "RSS MB",
    "start s",
    "of the floor",
    "by CPU",
    "times Rasa",
)


def _number(value: float | None, digits: int) -> str:
    return "-" if value is None else f"{value:,.{digits}f}"


def markdown(found: Mapping[str, Any]) -> str:
    """The table as it stands in docs/performance.md."""
    rule = "|".join([" --- ", *[" ---: "] * (len(HEAD) - 1)])
    body = [f"| {' | '.join(line)} |" for line in lines(found)]
    machine = found["machine"]
    length = (
        f"{found['rounds']} round{'s' * (found['rounds'] > 1)} of {found['seconds_a_measure']:g} s a measure"
    )
    made = f"{found['made_at'][:10]}, {length}, {machine['processors']} processors, load average "
    busy = machine["load_average"] > QUIET * machine["processors"]
    word = "a busy machine: the absolute figures are worth little, the ratios something" if busy else "quiet"
    caption = f"{made}{machine['load_average']} ({word})."
    passed = [gate_line(found["gate"])] if "gate" in found else []
    if found["lost_by_rasa"]:
        passed.append(f"{found['lost_by_rasa']} reports told to Rasa are not on its disk.")
    return "\n".join([f"| {' | '.join(HEAD)} |", f"|{rule}|", *body, "", caption, *passed]) + "\n"


def gate_line(passed: Mapping[str, Any]) -> str:
    """What came of the gate, in a sentence."""
    return (
        f"Gate: {passed['conversations']:,} conversations at once, {passed['updates']:,} updates of which"
        f" {passed['repeated']:,} came again, kill -9 {passed['kills']} times: {passed['read_twice']:,}"
        f" answers read twice, {len(passed['faults'])} lost, doubled or wrong."
    )


def show(found: Mapping[str, Any]) -> None:
    """Print the table and what must be known to read it."""
    table = Table(title="Turns of a whole conversation, each citizen waiting for the answer")
    for number, title in enumerate(HEAD):
        table.add_column(title, justify="left" if number == 0 else "right")
    shown = lines(found)
    for line, following in zip(shown, [*shown[1:], None], strict=True):
        ends = following is not None and following[1] != line[1]
        table.add_row(*(cell.strip("*") for cell in line), end_section=ends)
    console = Console(width=max(Console().width, 150))
    console.print(table)
    machine = found["machine"]
    console.print(
        f"Server on one processor, load on another ({machine['processors']} here, load average"
        f" {machine['load_average']}; one fsync takes {machine['fsync_ms']} ms). Replies go over HTTP to a"
        " light Bot API in the load process, the same for all: the strict sandbox would measure itself.\n"
        "An album is three photos for Kentongan and one for a floor. Telegram's pause of 0.8 s, by design,"
        " counts in album_p95_ms alone. CPU and memory are those of all processes"
        " of a server. `of the floor`: of aiogram + shared durable commit."
    )
    if "gate" in found:
        console.print(gate_line(found["gate"]))
    for fault in found["faults"]:
        console.print(f"[red]FAULT[/red] {fault}")
