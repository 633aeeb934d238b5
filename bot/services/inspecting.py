"""Look through the database now and then: a damaged page is told while a backup is still young."""

from dataclasses import dataclass

import structlog

from bot.services.core import Core
from storage import condition

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Inspection:
    """Counts the faults of the database, for the log and for whoever watches the figures."""

    core: Core

    async def run_once(self) -> int:
        """Look through all of it, beside the turns; never at once again, whatever was found."""
        faults = await self.core.database.read(condition.damage)
        self.core.meters.faults.set(len(faults))
        if faults:
            log.error(
                "the database is damaged: stop, and restore a backup", faults=len(faults), first=faults[0]
            )
        return 0
