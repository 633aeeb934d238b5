"""Tickets, their unbroken history, and when something is due."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    bindparam,
    delete,
    or_,
    select,
    update,
)

from storage.codec import TICKET, TICKET_EVENT
from storage.doors.inquiries import Inquiry
from storage.doors.joint import Joint
from storage.doors.prepared import Prepared
from storage.doors.upsert import insert as upsert
from storage.reports import candidates, chain
from storage.rows import addresses, deadlines, outbox, ticket_events, tickets
from tickets.ticket import Change, Ticket, TicketEvent
from tickets.units import DOT

CLOSED = ("SELESAI", "ARSIP", "DIBATALKAN", "DUPLIKAT")
HISTORY = Prepared(
    select(ticket_events.c.event)
    .where(ticket_events.c.number == bindparam("of"))
    .order_by(ticket_events.c.seq)
)
FORGET_DEADLINES = Prepared(
    delete(deadlines).where(deadlines.c.number == bindparam("of"), deadlines.c.done_at.is_(None))
)
OPEN = Joint(
    upsert(tickets).on_conflict_do_nothing(index_elements=["number"]),
    tuple(tickets.c.keys()),
    {"number": tickets.c.number},
    sure=True,
)
SET_DEADLINE = Joint(upsert(deadlines).on_conflict_do_nothing(), ("number", "kind", "due_at"))


class NumberTakenError(Exception):
    """The number drawn for a ticket is in use; draw another."""


class StaleTicketError(Exception):
    """The ticket moved on since it was read."""


@dataclass(frozen=True, slots=True)
class Home:
    """Where a reporter is told about a ticket."""

    contact: str
    channel: str
    address: str


def _row(ticket: Ticket) -> dict[str, Any]:
    report = ticket.report
    return {
        "status": ticket.status,
        "agency": ticket.agency,
        "classification": report.classification,
        "category": report.category,
        "subcategory": report.subcategory,
        "verdict": report.screening.verdict,
        "kode": report.place.kode,
        "lat": report.place.lat,
        "lon": report.place.lon,
        "changed_at": ticket.changed_at,
        "due_at": ticket.due_at,
        "open": ticket.status not in CLOSED,
        "parent": ticket.parent,
        "version": ticket.version,
        "state": ticket,
    }


def open_ticket(connection: Connection, change: Change, home: Home) -> None:
    """Keep a new ticket with the first lines of its history.

    Raises:
        NumberTakenError: the number is in use; at the latest when the transaction ends.
    """
    ticket = change.ticket
    lines = chain.first_lines(ticket.number, change.events)
    row = _row(ticket) | {
        "number": ticket.number,
        "reporter": home.contact,
        "channel": home.channel,
        "address": home.address,
        "opened_at": ticket.opened_at,
        "head": lines[-1]["hash"],
    }

    def told(kept: bool) -> None:  # noqa: FBT001 it is told so
        if not kept:
            raise NumberTakenError(ticket.number)

    OPEN.soon(connection, row, told)
    candidates.keep(connection, ticket)
    chain.begin(connection, lines)


def save(connection: Connection, change: Change, known: int) -> None:
    """Write a changed ticket and its new history.

    Raises:
        StaleTicketError: it is no longer at version `known`.
    """
    ticket = change.ticket
    done = connection.execute(
        update(tickets)
        .where(tickets.c.number == ticket.number, tickets.c.version == known)
        .values(**_row(ticket))
    )
    if done.rowcount != 1:
        raise StaleTicketError(ticket.number)
    candidates.keep(connection, ticket)
    chain.append(connection, ticket.number, change.events)


def hand_to_nobody(connection: Connection, ticket: Ticket) -> None:
    """Write a closed ticket whose reporter was taken out of it: nobody is told of it any more."""
    home = {"reporter": ticket.reporter, "channel": "", "address": ""}
    connection.execute(
        update(tickets).where(tickets.c.number == ticket.number).values(**_row(ticket), **home)
    )


@dataclass(frozen=True, slots=True)
class Case:
    """A ticket together with where its reporter is told."""

    ticket: Ticket
    home: Home


_CASE = select(tickets.c.state, tickets.c.reporter, tickets.c.channel, tickets.c.address)
_ONE = Prepared(_CASE.where(tickets.c.number == bindparam("of")))


def _cases(connection: Connection, query: Any) -> tuple[Case, ...]:
    return tuple(_case(*row) for row in connection.execute(query))


def _case(state: Any, reporter: str, channel: str, address: str) -> Case:
    return Case(TICKET.load(state), Home(reporter, channel, address))


def about(number: str) -> Inquiry[Case | None]:
    """One ticket by its number."""
    return Inquiry(_ONE, {"of": number}, lambda rows: _case(*rows[0]) if rows else None)


def case(connection: Connection, number: str) -> Case | None:
    """One ticket by its number."""
    return about(number).at(connection)


def cases_of(connection: Connection, contact: str, most: int = 20) -> tuple[Case, ...]:
    """The newest tickets a person filed."""
    query = _CASE.where(tickets.c.reporter == contact).order_by(tickets.c.opened_at.desc()).limit(most)
    return _cases(connection, query)


def all_of(connection: Connection, contact: str) -> tuple[Case, ...]:
    """Every ticket a person filed."""
    return _cases(connection, _CASE.where(tickets.c.reporter == contact))


def of_agency(agency: str) -> ColumnElement[bool]:
    """The tickets that lie with an agency or with a unit of its family."""
    return or_(tickets.c.agency == agency, tickets.c.agency.startswith(agency + DOT, autoescape=True))


def queue(connection: Connection, agency: str | None, most: int = 50) -> tuple[Case, ...]:
    """Open tickets of an agency (all when None), the most pressing first; those asked of citizens last."""
    order = (tickets.c.status == "MENUNGGU_KONFIRMASI", tickets.c.due_at.is_(None), tickets.c.due_at)
    query = _CASE.where(tickets.c.open).order_by(*order).limit(most)
    if agency is not None:
        query = query.where(of_agency(agency))
    return _cases(connection, query)


def with_action(
    connection: Connection, actions: Iterable[str], since: datetime, until: datetime
) -> tuple[Case, ...]:
    """Tickets in whose history one of these actions stands within a time."""
    numbers = (
        select(ticket_events.c.number)
        .where(ticket_events.c.action.in_(tuple(actions)))
        .where(ticket_events.c.at >= since, ticket_events.c.at < until)
        .distinct()
    )
    return _cases(connection, _CASE.where(tickets.c.number.in_(numbers)))


def in_state(connection: Connection, status: str, most: int = 100) -> tuple[Case, ...]:
    """Tickets that stand in a state, the most pressing deadline first."""
    query = _CASE.where(tickets.c.status == status, tickets.c.open)
    return _cases(connection, query.order_by(tickets.c.due_at.is_(None), tickets.c.due_at).limit(most))


def all_cases(connection: Connection) -> tuple[Case, ...]:
    """Every ticket, oldest first."""
    return _cases(connection, _CASE.order_by(tickets.c.opened_at, tickets.c.number))


def past(number: str) -> Inquiry[tuple[TicketEvent, ...]]:
    """A ticket's history, oldest first."""
    return Inquiry(HISTORY, {"of": number}, lambda rows: tuple(TICKET_EVENT.load(event) for (event,) in rows))


def history(connection: Connection, number: str) -> tuple[TicketEvent, ...]:
    """A ticket's history, oldest first."""
    return past(number).at(connection)


def set_deadlines(connection: Connection, number: str, timers: Iterable[tuple[str, datetime]]) -> None:
    """Let these (kind, moment) replace what stood open for a ticket; one that was acted on stays so."""
    FORGET_DEADLINES.run(connection, {"of": number})
    first_deadlines(connection, number, timers)


def first_deadlines(connection: Connection, number: str, timers: Iterable[tuple[str, datetime]]) -> None:
    """Set the deadlines (kind, moment) of a new ticket."""
    rows = [{"number": number, "kind": kind, "due_at": moment} for kind, moment in timers]
    SET_DEADLINE.all_soon(connection, rows)


@dataclass(frozen=True, slots=True)
class Passed:
    """A deadline that has passed: its row, the ticket with its agency, and what the clock is to do."""

    row: int
    number: str
    agency: str
    action: str


def due(connection: Connection, now: datetime, most: int) -> tuple[Passed, ...]:
    """Deadlines that have passed and not been acted on, oldest first."""
    query = (
        select(deadlines.c.id, deadlines.c.number, tickets.c.agency, deadlines.c.kind)
        .join(tickets, tickets.c.number == deadlines.c.number)
        .where(deadlines.c.done_at.is_(None), deadlines.c.due_at <= now)
        .order_by(deadlines.c.due_at, deadlines.c.id)
        .limit(most)
    )
    return tuple(Passed(*row) for row in connection.execute(query))


def running(connection: Connection) -> tuple[Case, ...]:
    """Every ticket with a deadline that runs."""
    return _cases(connection, _CASE.where(tickets.c.open, tickets.c.due_at.is_not(None)))


def standing_at(connection: Connection, status: str) -> tuple[Case, ...]:
    """Every ticket in one state."""
    return _cases(connection, _CASE.where(tickets.c.open, tickets.c.status == status))


def deadline_done(connection: Connection, row: int, now: datetime) -> bool:
    """Mark a deadline acted on; false when somebody did before."""
    done = connection.execute(
        update(deadlines).where(deadlines.c.id == row, deadlines.c.done_at.is_(None)).values(done_at=now)
    )
    return done.rowcount == 1


def reader(connection: Connection, row: int) -> str:
    """The person a message in the outbox goes to; empty for the staff."""
    query = (
        select(addresses.c.contact)
        .join(outbox, and_(outbox.c.channel == addresses.c.channel, outbox.c.address == addresses.c.address))
        .where(outbox.c.id == row)
    )
    return str(connection.execute(query).scalar_one_or_none() or "")
