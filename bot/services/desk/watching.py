"""What a supervisor sees of all desks."""

from datetime import timedelta

from bot.services.core import Core
from storage.desk import watching
from storage.desk.watching import Kind, Load, Watch
from tickets.ticket import Ticket

RATINGS_COUNT = timedelta(days=30)


class Watching:
    """The service behind the supervisor's view; `agency` empty means all of them."""

    def __init__(self, core: Core) -> None:
        self._core = core

    async def loads(self, agency: str = "") -> tuple[Load, ...]:
        """How much is open and late where."""
        now = self._core.clock()
        return await self._core.database.read(lambda c: watching.loads(c, now, agency))

    async def count(self, kind: Kind, agency: str = "") -> int:
        """How many tickets are of a kind."""
        return await self._core.database.read(lambda c: watching.count(c, self._watch(kind, agency)))

    async def listed(self, kind: Kind, agency: str, most: int, skip: int = 0) -> tuple[Ticket, ...]:
        """Some of them, the most pressing first."""
        watch = self._watch(kind, agency)
        found = await self._core.database.read(lambda c: watching.listed(c, watch, most, skip))
        return tuple(case.ticket for case in found)

    def _watch(self, kind: Kind, agency: str) -> Watch:
        now = self._core.clock()
        poor = self._core.policies.lifecycle.limits.poor_rating
        return Watch(kind, agency, now, now - RATINGS_COUNT, poor)
