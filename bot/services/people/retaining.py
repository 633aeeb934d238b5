"""Retain: what has been kept for its whole term is let go of, a bounded number of rows at a time."""

from collections.abc import Mapping
from dataclasses import dataclass

import structlog

from bot.services.core import Clock
from storage.doors.database import Database
from storage.people import retention
from tickets.policies.retention import RetentionPolicy, Term

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Retention:
    """The schedule of `retention.yml`, kept."""

    database: Database
    policy: RetentionPolicy
    clock: Clock

    async def run_once(self) -> int:
        """One round; how many rows went if more are waiting, else 0."""
        gone = {term.kind: await self._drop(term) for term in self.policy.terms}
        told = {kind: number for kind, number in gone.items() if number}
        if told:
            log.info("kept for their term and let go of", **told)
        return sum(gone.values()) if any(number >= self.policy.at_once for number in told.values()) else 0

    async def waiting(self) -> Mapping[str, int]:
        """How many rows of each kind are older than their term."""
        now, found = self.clock(), {}
        for term in self.policy.terms:
            before, kind = now - term.keep, term.kind
            found[kind] = await self.database.read(lambda c, k=kind, b=before: retention.count(c, k, b))  # type: ignore[misc]
        return found

    async def _drop(self, term: Term) -> int:
        before, kind, most = self.clock() - term.keep, term.kind, self.policy.at_once
        keys = await self.database.read(lambda c: retention.overdue(c, kind, before, most))
        if not keys:
            return 0
        return await self.database.write(lambda c: retention.drop(c, kind, before, keys))
