"""The supervisor's look over all desks: how much is open where, what is late, appealed, or rated poorly."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import ColumnElement, Connection, Integer, and_, cast, func, select

from storage.codec import TICKET
from storage.reports.cases import Case, Home
from storage.rows import ticket_events, tickets
from storage.rows.sealed import in_clear

Kind = Literal["open", "late", "unheard", "appeal", "poor"]
NOT_WBS = tickets.c.classification != "wbs"
"""Whistle-blowers' reports are counted and listed nowhere but at their handlers'."""


WITH_THE_CITIZEN = tickets.c.status == "MENUNGGU_KONFIRMASI"
"""Nobody at a desk is late with what waits for the citizen's word."""


@dataclass(frozen=True, slots=True)
class Load:
    """What lies at an agency: open tickets, and how many of them are late."""

    agency: str
    open: int
    late: int


def loads(connection: Connection, now: datetime, agency: str = "") -> tuple[Load, ...]:
    """Every agency with something open, the most late first."""
    late = func.sum(cast((tickets.c.due_at < now) & ~WITH_THE_CITIZEN, Integer))
    query = select(tickets.c.agency, func.count(), func.coalesce(late, 0)).where(tickets.c.open, NOT_WBS)
    if agency:
        query = query.where(tickets.c.agency == agency)
    rows = connection.execute(query.group_by(tickets.c.agency)).all()
    found = [Load(row[0], row[1], int(row[2])) for row in rows]
    return tuple(sorted(found, key=lambda one: (-one.late, -one.open, one.agency)))


@dataclass(frozen=True, slots=True)
class Watch:
    """What is looked for: a kind, at one agency or (empty) all, and from when on ratings count."""

    kind: Kind
    agency: str
    now: datetime
    since: datetime
    poor: int


def count(connection: Connection, watch: Watch) -> int:
    """How many tickets that is."""
    query = select(func.count()).select_from(tickets).where(_fits(watch))
    return int(connection.execute(query).scalar_one())


def listed(connection: Connection, watch: Watch, most: int, skip: int) -> tuple[Case, ...]:
    """Some of them, the most pressing deadline first."""
    columns = (tickets.c.state, tickets.c.reporter, tickets.c.channel, tickets.c.address)
    order = (tickets.c.due_at.is_(None), tickets.c.due_at, tickets.c.number)
    query = select(*columns).where(_fits(watch)).order_by(*order).limit(most).offset(skip)
    return tuple(
        Case(TICKET.load(state), Home(reporter, channel, address))
        for state, reporter, channel, address in connection.execute(query)
    )


def _fits(watch: Watch) -> ColumnElement[bool]:
    at = tickets.c.agency == watch.agency if watch.agency else NOT_WBS
    return and_(NOT_WBS, at, _kind(watch))


def _kind(watch: Watch) -> ColumnElement[bool]:
    if watch.kind == "late":
        return and_(tickets.c.open, tickets.c.due_at < watch.now, ~WITH_THE_CITIZEN)
    if watch.kind == "unheard":
        kind = in_clear(tickets.c.state)["due_kind"].as_string()
        return and_(WITH_THE_CITIZEN, tickets.c.due_at < watch.now, kind == "unreached")
    if watch.kind == "appeal":
        appealed = select(ticket_events.c.id).where(
            ticket_events.c.number == tickets.c.number, ticket_events.c.action == "appeal"
        )
        return and_(tickets.c.open, appealed.exists())
    if watch.kind == "poor":
        rating = cast(in_clear(tickets.c.state)["rating"].as_string(), Integer)
        return and_(tickets.c.changed_at >= watch.since, rating > 0, rating <= watch.poor)
    return tickets.c.open
