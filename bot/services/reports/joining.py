"""What merging and splitting bring about on other tickets: their histories tell, nobody is left behind."""

from collections.abc import Sequence
from datetime import datetime

from bot.services.reports.acts import Act
from storage.doors.database import Connection
from storage.reports import cases, following
from tickets.desk import Desk
from tickets.ticket import Actor, Change, Command, Ticket

SYSTEM = Actor("system", "joining")
RELEASES = {"cancel": "induk_ditarik", "make_confidential": "induk_tertutup"}
"""Actions on a ticket that set free those merged into it, with the reason they are told."""
JOINING = frozenset({"merge", "group"})
Consequence = tuple[str, Act]


def beside(connection: Connection, command: Command) -> Ticket | None:
    """The ticket a merge names, if there is one."""
    case = cases.case(connection, command.target) if command.action in JOINING else None
    return case.ticket if case else None


def consequences(connection: Connection, before: Ticket, change: Change) -> list[Consequence]:
    """What must be done to other tickets because of a change."""
    after, done = change.ticket, []
    if after.parent != before.parent:
        done += [(before.parent, _noted("part", after))] if before.parent else []
        done += [(after.parent, _noted("absorb", after))] if after.parent else []
    reason = next((RELEASES[event.action] for event in change.events if event.action in RELEASES), "")
    if reason:
        act = Act(Command("split", SYSTEM, reason=reason))
        done += [(number, act) for number in following.merged_into(connection, after.number)]
    return done


def rehearse(
    connection: Connection, desk: Desk, change: Change, follows: Sequence[Consequence], now: datetime
) -> None:
    """Try what follows from a change on other tickets, before anything of it is written.

    Raises:
        tickets.desk.DeskRefusal: the city's lifecycle does not allow it.
    """
    for number, act in follows:
        case = cases.case(connection, number)
        if case is None:
            continue
        then = desk.act(case.ticket, act.command, now, beside(connection, act.command))
        for back, its in consequences(connection, case.ticket, then):
            if back == change.ticket.number:
                desk.act(change.ticket, its.command, now, then.ticket)


def _noted(action: str, ticket: Ticket) -> Act:
    return Act(Command(action, SYSTEM, target=ticket.number))
