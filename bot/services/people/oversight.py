"""Looks at closed tickets and at who reported them: noted, and told to the data officers."""

from collections.abc import Sequence

from bot.services.core import OPERATOR, Core
from bot.services.lanes import Keys, Lanes, keys_of
from bot.services.reports.ticketing import Act, UnknownTicketError, apply
from dialogs.messages import OutboundMessage
from storage.desk import oversight
from storage.desk.oversight import Look
from storage.desk.staff import Operator
from storage.doors.database import Connection
from storage.people import reporters
from storage.people.reporters import Reporter
from storage.talks import inbox, outbox
from storage.talks.outbox import Outgoing
from tickets.ticket import Actor, Command, Ticket

DATA_OFFICER = "pengawas"
REPORTER = "petugas_pelapor"
"""The message that shows a reporter: without words of its own, they are looked up when it is sent."""
SEEN = "petugas_akses_kabar"
CLOSED = frozenset({"RAHASIA", "WBS"})


class Oversight:
    """The service behind looks that leave a trace."""

    def __init__(self, core: Core, deliveries: Lanes) -> None:
        self._core = core
        self._deliveries = deliveries

    async def opened(self, ticket: Ticket, operator: Operator, actor: Actor) -> None:
        """Note that somebody opened the card of a closed ticket; others leave no trace."""
        if ticket.flags & CLOSED:
            look = self._look(ticket.number, operator, actor, "card")
            await self._core.database.write(lambda c: oversight.note(c, look))

    async def reveal(
        self, number: str, operator: Operator, actor: Actor, why: str, updates: Sequence[str] = ()
    ) -> None:
        """Show a handler who reported: noted in the ticket's history and for the data officers before.

        Raises:
            UnknownTicketError, tickets.desk.DeskRefusal: it is not for them, or nobody may know.
            storage.talks.inbox.AlreadyDoneError: these updates had their effect before.
        """
        look = self._look(number, operator, actor, "reporter", why)

        def work(connection: Connection) -> Keys:
            for update in updates:
                inbox.finish_update(connection, OPERATOR, update, self._core.clock())
            done = apply(connection, self._core, number, Act(Command("reveal", actor, reason=why)))
            oversight.note(connection, look)
            told = [*_officers(connection, look), _shown(number, operator.id)]
            outbox.add(connection, told, self._core.clock())
            return (*done.wake, *keys_of(told))

        self._deliveries.wake_all(await self._core.database.write(work))

    async def reporter(self, number: str) -> Reporter:
        """Who reported; for the channel that shows it to whom `reveal` let it.

        Raises:
            UnknownTicketError: there is no such ticket.
        """
        found = await self._core.database.read(lambda c: reporters.reporter(c, number))
        if found is None:
            raise UnknownTicketError(number)
        return found

    async def looks(self, most: int, number: str = "") -> tuple[Look, ...]:
        """The latest looks, at all tickets or at one."""
        return await self._core.database.read(lambda c: oversight.seen(c, most, number=number))

    def _look(self, number: str, operator: Operator, actor: Actor, what: str, why: str = "") -> Look:
        return Look(self._core.clock(), number, operator.id, operator.name, str(actor.role), what, why)


def _officers(connection: Connection, look: Look) -> list[Outgoing]:
    """A word to each data officer; the channel puts it into their language."""
    message = OutboundMessage(f"{look.number}\n{look.name}\n{look.role}\n{look.why}", response=SEEN)
    return [Outgoing(OPERATOR, chat, message) for chat in oversight.holders(connection, DATA_OFFICER)]


def _shown(number: str, chat: str) -> Outgoing:
    return Outgoing(OPERATOR, chat, OutboundMessage("", response=REPORTER, ticket=number))
