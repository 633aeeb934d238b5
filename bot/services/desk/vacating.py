"""Reports held by somebody who may work on them no more go back to their desk, which is told once."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from bot.services.catching_up import told_at_once
from bot.services.core import Core
from bot.services.lanes import Keys, keys_of
from bot.services.reports.actors import actor_of
from bot.services.reports.ticketing import Act, DeskRefusal, apply
from storage.desk import staff
from storage.doors.database import Connection
from storage.reports import cases
from storage.talks import outbox
from tickets.lifecycle import permitted
from tickets.ticket import Actor, Command, Ticket

RELEASE = Command("release", Actor("system"))
EVERY = 100_000


def held_by(connection: Connection, operator: str) -> tuple[str, ...]:
    """The numbers of the open reports somebody has claimed."""
    found = (case.ticket for case in cases.queue(connection, None, EVERY))
    return tuple(ticket.number for ticket in found if ticket.claimed_by == operator)


def vacate(connection: Connection, core: Core, operator: str, numbers: Sequence[str]) -> Keys:
    """Free those of the reports that are not theirs to work on any more; the addresses that are told."""
    freed: defaultdict[str, list[str]] = defaultdict(list)
    wake: dict[tuple[str, str], None] = {}
    for ticket in _left_by(connection, core, operator, numbers):
        try:
            wake |= dict.fromkeys(apply(connection, core, ticket.number, Act(RELEASE, quiet=True)).wake)
        except DeskRefusal:  # the city's own lifecycle does not let the clock do it
            continue
        freed[ticket.agency].append(ticket.number)
    for agency, given_back in freed.items():
        told = told_at_once(connection, core, (agency, RELEASE.action), given_back)
        outbox.add(connection, told, core.clock())
        wake |= dict.fromkeys(keys_of(told))
    return tuple(wake)


def _left_by(connection: Connection, core: Core, operator: str, numbers: Sequence[str]) -> Iterator[Ticket]:
    """Those that they still hold and may not answer any more."""
    person, reply = staff.operator(connection, operator), core.policies.lifecycle.actions["reply"]
    for number in numbers:
        case = cases.case(connection, number)
        if case is not None and case.ticket.claimed_by == operator:
            actor = actor_of(person, case.ticket.agency) if person else None
            if actor is None or not permitted(reply, case.ticket, actor):
                yield case.ticket
