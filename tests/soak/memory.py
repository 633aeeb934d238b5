"""What the server's processes hold, looked at every minute, and whether it grows."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from statistics import linear_regression, pstdev

MOST_AN_HOUR = 16.0
"""Megabytes a process that lives on may grow by in an hour, once it is warm."""
WARM_SECONDS = 600.0
"""What a process needs until it is: caches fill, the allocator settles."""
LEAST_JUDGED_SECONDS = 900.0
PAGE_KB = 1024
FIELDS = {"VmRSS": "rss_mb", "RssAnon": "anonymous_mb"}


@dataclass(frozen=True, slots=True)
class Sample:
    """One look at one process and those it began: seconds since the run began, megabytes."""

    at: float
    pid: int
    rss_mb: float
    anonymous_mb: float
    examiner_mb: float = 0.0


@dataclass(slots=True)
class Memory:
    """The series of every process of a run."""

    begun: float = field(default_factory=time.monotonic)
    samples: list[Sample] = field(default_factory=list)

    async def watch(self, pids: list[int], every: float) -> None:
        """Look every so many seconds; `pids` is the list as it stands at each look."""
        while True:
            self.samples += [found for pid in pids if (found := self._look(pid))]
            await asyncio.sleep(every)

    def _look(self, pid: int) -> Sample | None:
        if not (held := _held(pid)):
            return None
        beside = [_held(child).get("rss_mb", 0.0) for child in _children(pid)]
        return Sample(round(time.monotonic() - self.begun, 1), pid, **held, examiner_mb=sum(beside))

    @property
    def halfway(self) -> float:
        """The middle of the run, in seconds since it began: growth is judged from there on."""
        return self.samples[-1].at / 2 if self.samples else 0.0

    def longest_life(self) -> list[Sample]:
        """The samples of the process that was there longest."""
        lives: dict[int, list[Sample]] = {}
        for one in self.samples:
            lives.setdefault(one.pid, []).append(one)
        return max(lives.values(), key=lambda life: life[-1].at - life[0].at, default=[])


def _held(pid: int) -> dict[str, float]:
    """What a process holds, by name, in megabytes; nothing once it is dead."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    except OSError:
        return {}
    told = dict(line.split(":", 1) for line in lines)
    if "VmRSS" not in told:
        return {}  # dead, not yet buried
    return {name: round(int(told[key].split()[0]) / PAGE_KB, 1) for key, name in FIELDS.items()}


def _children(pid: int) -> list[int]:
    """The processes that this one began."""
    try:
        return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()]
    except OSError:
        return []


@dataclass(frozen=True, slots=True)
class Growth:
    """Megabytes an hour, and twice the standard error: a process that does not grow at all is within that."""

    mb_an_hour: float
    give_or_take: float

    def __str__(self) -> str:
        return f"{self.mb_an_hour:.1f} MB an hour, give or take {self.give_or_take:.1f}"


def growth(life: Sequence[Sample], since: float = 0.0) -> Growth | None:
    """How fast a life grew once it was warm, from `since` on; None when it was too short.

    What it began to examine files counts as its own.
    """
    if not life:
        return None
    begin = max(life[0].at + WARM_SECONDS, since)
    warm = [one for one in life if one.at >= begin]
    if len(warm) < 3 or warm[-1].at - warm[0].at < LEAST_JUDGED_SECONDS:
        return None
    return _line([one.at / 3600 for one in warm], [one.rss_mb + one.examiner_mb for one in warm])


def _line(hours: Sequence[float], held: Sequence[float]) -> Growth:
    """The straight line through looks at a process.

    What a step left stays: looks one after the other are alike, and count for fewer than they are.
    """
    slope, start = linear_regression(hours, held)
    off = [one - start - slope * at for at, one in zip(hours, held, strict=True)]
    alike = min(max(_alike(off), 0.0), 0.9)
    looks = max(len(off) * (1 - alike) / (1 + alike) - 2, 1.0)
    return Growth(slope, 2 * pstdev(off) / pstdev(hours) / looks**0.5)


def _alike(off: Sequence[float]) -> float:
    """How much each is like the one before it: 0 not at all, 1 the same."""
    squares = sum(one * one for one in off)
    return sum(one * after for one, after in pairwise(off)) / squares if squares else 0.0
