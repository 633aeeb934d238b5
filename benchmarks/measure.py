"""One measure: a crowd on a bot for some seconds, and what it took."""

import asyncio
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
from time import perf_counter

from benchmarks.citizens import Crowd, Outcome, Taken
from benchmarks.servers import Server

WARM_SHARE = 0.2
"""The first fifth of a measure, at least, is not counted: connections open, caches fill."""


@dataclass(frozen=True, slots=True)
class Measure:
    """What one contender did with one number of citizens in one round."""

    contender: str
    citizens: int
    turns_per_second: float
    p50_ms: float
    p95_ms: float
    album_p95_ms: float | None
    cpu_ms_per_turn: float
    rss_mb: float
    pss_mb: float
    start_seconds: float
    load_busy: float
    conversations: int
    faults: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Window:
    begin: float
    end: float
    server_cpu: float
    load_cpu: float

    def holds(self, taken: Taken) -> bool:
        return self.begin <= taken.at < self.end


async def measure(crowd: Crowd, server: Server, citizens: int, seconds: float) -> tuple[Measure, Outcome]:
    """Measure one contender once, for `seconds` or as long as whole conversations take.

    At the beginning all say hello at once. So it is counted from when as many conversations have ended as
    there are citizens, until as many more have: by then they are spread over all turns, dear and cheap,
    and no answer is left out because it took longer than the measure.
    """
    over = asyncio.Event()
    talking = asyncio.create_task(crowd.run_while(lambda: not over.is_set(), citizens))
    window = await _watch(crowd, server, (citizens, seconds))
    over.set()
    outcome = await talking
    inside = [taken for taken in outcome.turns if window.holds(taken)]
    length, held = window.end - window.begin, server.memory()
    return Measure(
        contender=crowd.bot.name,
        citizens=citizens,
        turns_per_second=len(inside) / length,
        p50_ms=_percentile(_plain(inside, crowd), 50),
        p95_ms=_percentile(_plain(inside, crowd), 95),
        album_p95_ms=_percentile(_albums(inside), 95) if crowd.bot.pauses else None,
        cpu_ms_per_turn=1000 * window.server_cpu / max(len(inside), 1),
        rss_mb=sum(one.rss for one in held),
        pss_mb=sum(one.pss for one in held),
        start_seconds=server.started_in,
        load_busy=window.load_cpu / length,
        conversations=outcome.finished,
        faults=_faults(outcome),
    ), outcome


async def _watch(crowd: Crowd, server: Server, size: tuple[int, float]) -> _Window:
    citizens, seconds = size
    await asyncio.sleep(seconds * WARM_SHARE)
    await crowd.ended(citizens)
    begin, server_cpu, load_cpu = perf_counter(), server.cpu_seconds(), time.process_time()
    await asyncio.sleep(seconds * (1 - WARM_SHARE))
    await crowd.ended(2 * citizens)
    return _Window(begin, perf_counter(), server.cpu_seconds() - server_cpu, time.process_time() - load_cpu)


def _plain(turns: Sequence[Taken], crowd: Crowd) -> list[Taken]:
    """Turns that are answered at once; an album of several photos waits for more of them by design."""
    return [taken for taken in turns if not crowd.bot.pauses or taken.turn.kind != "album"]


def _albums(turns: Sequence[Taken]) -> list[Taken]:
    return [taken for taken in turns if taken.turn.kind == "album"]


def _percentile(turns: Sequence[Taken], percent: int) -> float:
    """In milliseconds; 0 when there was nothing to measure."""
    if not turns:
        return 0.0
    if len(turns) == 1:
        return 1000 * turns[0].seconds
    return 1000 * statistics.quantiles((taken.seconds for taken in turns), n=100)[percent - 1]


def _faults(outcome: Outcome) -> tuple[str, ...]:
    more = len(outcome.extra)
    extra = (f"{more} messages more than expected, such as {outcome.extra[0][:120]!r}",) if more else ()
    return (*outcome.faults, *extra)
