"""Deadlines counted anew when the rules or the calendar have changed, told in each ticket's history."""

from dataclasses import dataclass

from bot.services.core import Core
from bot.services.lanes import Lanes
from bot.services.one_by_one import one_by_one
from bot.services.reports.ticketing import Act, DeskRefusal, UnknownTicketError, apply
from storage.reports import cases
from storage.reports.cases import StaleTicketError
from tickets.ticket import Actor, Command, Ticket

CLOCK = Actor("system", "clock")
WHY = "aturan tenggat atau kalender berubah"


@dataclass(frozen=True, slots=True)
class Recounting:
    """Finds open tickets whose deadline the rules in force count otherwise, and puts it right."""

    core: Core
    deliveries: Lanes

    async def changed(self) -> tuple[Ticket, ...]:
        """The open tickets whose deadline is not the one the rules give."""
        now, clock = self.core.clock(), self.core.desk.clock
        found = await self.core.database.read(cases.running)
        return tuple(one.ticket for one in found if clock.renew(one.ticket, now) != one.ticket)

    async def run(self) -> int:
        """Recount them; the number of tickets that have another deadline now."""
        changed = [one.number for one in await self.changed()]
        return sum(await one_by_one(changed, self._recount, lambda number: f"recount of {number}"))

    async def run_once(self) -> int:
        """As a job of the clock: what is left to do waits for the next look."""
        await self.run()
        return 0

    async def _recount(self, number: str) -> bool:
        act = Act(Command("recount", CLOCK, reason=WHY))
        try:
            done = await self.core.database.write(lambda c: apply(c, self.core, number, act))
        except (DeskRefusal, UnknownTicketError, StaleTicketError):
            return False
        self.deliveries.wake_all(done.wake)
        return True
