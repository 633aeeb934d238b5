"""Somebody else receives the same bot's updates: counted, and kept for the doctor while it lasts."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot.services.core import Core
from storage.desk import digests
from storage.doors.database import DatabaseAwayError

log = structlog.get_logger(__name__)

LATELY = timedelta(minutes=10)
"""One refusal may come of our own restart, while the old request is still open; a second one within this time
means that somebody else asks, too."""


@dataclass(slots=True)
class Contested:
    """What one bot was told about another who asks with its token."""

    core: Core
    channel: str
    _last: datetime | None = None

    async def met(self) -> None:
        """Count it; from the second on, note until when the token counts as contested."""
        now, last = self.core.clock(), self._last
        self.core.meters.conflicts.labels(self.channel).inc()
        self._last = now
        if last is None or now - last > LATELY:
            return
        name = digests.CONTESTED + self.channel
        try:
            await self.core.database.write(lambda c: digests.put(c, name, now + LATELY))
        except DatabaseAwayError as error:
            log.warning("a contested token could not be noted", error=str(error))
