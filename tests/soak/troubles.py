"""What goes wrong during the soak, and when."""

import asyncio
import random
import sqlite3
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from bot.sandbox.client import SandboxClient
from tests.cluster import Cluster
from tests.soak.processes import Process

PAUSE_SECONDS = (4.0, 10.0)
SPOKEN = ("sendMessage", "sendMessage", "editMessageText", "answerCallbackQuery", "getFile", None)
FAULTS: tuple[dict[str, Any], ...] = (
    {"kind": "flood", "retry_after": 2, "times": 2},
    {"kind": "error", "code": 500, "times": 3},
    {"kind": "error", "code": 502, "description": "Bad Gateway", "times": 2},
    {"kind": "drop", "times": 2},
    {"kind": "drop_after", "times": 1},
    {"kind": "timeout_after", "seconds": 40, "times": 1},
)
UNKNOWN_OUTCOME = frozenset({"drop_after", "timeout_after"})
"""Faults after which nobody but the platform knows whether a message arrived: it may be said twice."""
GONE_SECONDS = 8.0
LONG_GONE_SECONDS = 60.0
EARLY_KILLS = (0.04, 0.09, 0.15)
LATE_KILLS = (0.92, 0.95)
"""Parts of the run; between them the first process lives on, so that its memory can be judged."""
SIDE_KILLS = (0.25, 0.35, 0.45, 0.55, 0.65, 0.75, 0.85)
"""For processes beside the first."""
OUTAGES = (0.2, 0.6, 0.8)
LONG_OUTAGE = 0.4

Deed = Callable[[], Awaitable[None]]
Outage = Callable[[float], Awaitable[None]]
"""The database is gone for that many seconds."""


@dataclass(slots=True)
class Troubles:
    """Carries them out, and counts."""

    client: SandboxClient
    chance: random.Random
    counts: Counter[str] = field(default_factory=Counter)

    async def platform(self) -> None:
        """The Bot API has its moods."""
        while True:
            await asyncio.sleep(self.chance.uniform(*PAUSE_SECONDS))
            fault = dict(self.chance.choice(FAULTS))
            method = self.chance.choice(SPOKEN)
            await self.client.fault(**fault, **({"method": method} if method else {}))
            self.counts[fault["kind"]] += fault["times"]

    async def by_plan(self, plan: list[tuple[float, str, Deed]], seconds: float) -> None:
        """One planned trouble after the other, each at its part of the run."""
        begun = time.monotonic()
        for part, name, deed in sorted(plan, key=lambda one: one[0]):
            await asyncio.sleep(max(0.0, begun + part * seconds - time.monotonic()))
            await deed()
            self.counts[name] += 1

    @property
    def outages(self) -> int:
        """How often the database was gone."""
        return sum(times for name, times in self.counts.items() if name.startswith("outage"))

    @property
    def unknown(self) -> int:
        """After how many faults the outcome of a sending was unknown."""
        return sum(self.counts[kind] for kind in UNKNOWN_OUTCOME)


def plan(processes: list[Process], outage: Outage) -> list[tuple[float, str, Deed]]:
    """When which process is killed and the database is gone."""
    first, *others = processes
    made: list[tuple[float, str, Deed]] = [
        (part, "outage", partial(outage, GONE_SECONDS)) for part in OUTAGES
    ]
    made.append((LONG_OUTAGE, "outage of a minute", partial(outage, LONG_GONE_SECONDS)))
    made += [(part, "kill", _killing(first)) for part in (*EARLY_KILLS, *LATE_KILLS)]
    made += [(part, "kill", _killing(other)) for other in others for part in SIDE_KILLS]
    return made


def _killing(process: Process) -> Deed:
    async def kill() -> None:
        await process.kill()
        await process.ready()

    return kill


def locked(path: str) -> Outage:
    """Somebody else holds the SQLite file."""

    def hold(seconds: float) -> None:
        with closing(sqlite3.connect(path, isolation_level=None, timeout=30)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            time.sleep(seconds)
            connection.execute("ROLLBACK")

    return partial(asyncio.to_thread, hold)


def restarted(cluster: Cluster) -> Outage:
    """The PostgreSQL server crashes and comes back."""

    def restart(seconds: float) -> None:
        cluster.stop()
        time.sleep(seconds)
        cluster.start()

    return partial(asyncio.to_thread, restart)
