"""Long polling that confirms an update only after it is kept."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import structlog

from bot.channels.base import SendError
from storage.doors.away import DatabaseAwayError

FIRST_PAUSE = 1.0  # seconds
LONGEST_PAUSE = 60.0
CONFLICT = "conflict"
CONFLICT_PAUSE = 15.0
"""Where two ask, both are cut off in turn; who is told so leaves the other time to confirm what it has."""

log = structlog.get_logger()


async def unnoticed() -> None:
    """Nobody wants to know."""


@dataclass(slots=True)
class Poller:
    """Asks for updates and hands each on, in order; the next question confirms what was handed on.

    `fetch` takes the first wanted update's id and raises SendError; `take` may raise anything, and the
    update then comes again; `jitter` gives numbers between 0 and 1; `contested` is called when somebody
    else asks with the same token.
    """

    fetch: Callable[[int], Awaitable[list[dict[str, Any]]]]
    take: Callable[[dict[str, Any]], Awaitable[object]]
    jitter: Callable[[], float]
    contested: Callable[[], Awaitable[None]] = unnoticed
    offset: int = 0
    failures: int = 0

    async def run(self) -> None:
        """Poll until cancelled."""
        while True:
            pause = await self.step()
            if pause:
                await asyncio.sleep(pause)

    async def step(self) -> float:
        """Ask once and hand on what came; returns how many seconds to wait before asking again."""
        try:
            for update in await self.fetch(self.offset):
                await self.take(update)
                self.offset = update["update_id"] + 1
        except SendError as problem:
            if problem.code == CONFLICT:
                await self.contested()
            return self._pause(problem)
        except DatabaseAwayError:
            log.warning("telegram.update_not_kept", reason="the database is out of reach")
            return self._pause(None)
        except Exception:
            log.exception("telegram.update_not_kept", offset=self.offset)
            return self._pause(None)
        self.failures = 0
        return 0.0

    def _pause(self, problem: SendError | None) -> float:
        self.failures += 1
        longest = min(LONGEST_PAUSE, FIRST_PAUSE * 2.0 ** min(self.failures - 1, 10))
        seconds = longest * (0.5 + self.jitter() / 2)
        if problem is None:
            return seconds
        _report(problem, seconds)
        return max(seconds, problem.retry_after, CONFLICT_PAUSE if problem.code == CONFLICT else 0.0)


def _report(problem: SendError, seconds: float) -> None:
    if problem.code == CONFLICT:
        log.error(
            "telegram.conflict",
            remedy="another process receives this bot's updates: stop it, or give it its own token",
            again_in=round(seconds, 1),
        )
    else:
        log.warning(
            "telegram.polling_failed", code=problem.code, text=problem.text, again_in=round(seconds, 1)
        )
