"""Tickets as figures see them: no words, no names, only where they were when and how many speak in them."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import Connection, Select, func, select, union_all

from storage.reports.cases import of_agency
from storage.rows import followers, ticket_events, tickets
from storage.rows.sealed import in_clear
from tickets.erasure import NOBODY
from tickets.lives import Life, Step

CONFIDENTIAL = frozenset({"RAHASIA", "WBS"})


@dataclass(frozen=True, slots=True)
class Standing:
    """How much work lies open: in all, past its deadline, and due today."""

    open: int
    late: int
    today: int


def lives(
    connection: Connection, start: datetime, end: datetime, as_of: datetime, agency: str | None = None
) -> tuple[Life, ...]:
    """The tickets opened from `start` until before `end`, with their history before `as_of`; oldest first.

    An agency narrows them to those that lie with it now.
    """
    chosen = [tickets.c.opened_at >= start, tickets.c.opened_at < end]
    if agency is not None:
        chosen.append(of_agency(agency))
    steps = dict(_steps(connection, chosen, as_of))
    people = _people(connection, chosen, as_of)
    found = connection.execute(_facts().where(*chosen).order_by(tickets.c.opened_at, tickets.c.number))
    return tuple(_life(row, steps.get(row.number, ()), people[row.number]) for row in found)


def standing(connection: Connection, now: datetime, tonight: datetime, agency: str | None = None) -> Standing:
    """What is open now, of an agency or of all, what is late, and what is due before tonight."""
    where = [tickets.c.open] if agency is None else [tickets.c.open, of_agency(agency)]
    ours = tickets.c.status != "MENUNGGU_KONFIRMASI"
    late, soon = ours & (tickets.c.due_at < now), ours & tickets.c.due_at.between(now, tonight)
    counts = [func.count(), func.count().filter(late), func.count().filter(soon)]
    row = connection.execute(select(*counts).select_from(tickets).where(*where)).one()
    return Standing(int(row[0]), int(row[1]), int(row[2]))


def _facts() -> Select[Any]:
    return select(
        tickets.c.number,
        tickets.c.agency,
        tickets.c.category,
        tickets.c.classification,
        tickets.c.kode,
        tickets.c.opened_at,
        in_clear(tickets.c.state)["flags"].label("flags"),
    )


def _people(connection: Connection, chosen: list[Any], as_of: datetime) -> dict[str, frozenset[int]]:
    """By ticket, who it speaks for, each a number that says no more than who is who in this reading."""
    reporters = select(tickets.c.number, tickets.c.reporter).where(*chosen, tickets.c.reporter != NOBODY)
    following = (
        select(followers.c.number, followers.c.contact)
        .join(tickets, tickets.c.number == followers.c.number)
        .where(*chosen, followers.c.since < as_of)
    )
    known: dict[str, int] = {}
    found: dict[str, set[int]] = defaultdict(set)
    for number, contact in connection.execute(union_all(reporters, following)):
        found[number].add(known.setdefault(contact, len(known)))
    return defaultdict(frozenset, {number: frozenset(people) for number, people in found.items()})


def _life(row: Any, steps: tuple[Step, ...], people: frozenset[int]) -> Life:
    return Life(
        number=row.number,
        agency=row.agency,
        category=row.category,
        classification=row.classification,
        kode=row.kode,
        opened_at=row.opened_at,
        secret=not CONFIDENTIAL.isdisjoint(row.flags or ()),
        steps=steps,
        people=people,
    )


def _steps(
    connection: Connection, chosen: list[Any], as_of: datetime
) -> Iterator[tuple[str, tuple[Step, ...]]]:
    event = in_clear(ticket_events.c.event)
    query = (
        select(
            ticket_events.c.number,
            ticket_events.c.at,
            ticket_events.c.action,
            event["before"].as_string().label("before"),
            event["after"].as_string().label("after"),
            event["data"].label("values"),
        )
        .join(tickets, tickets.c.number == ticket_events.c.number)
        .where(*chosen, ticket_events.c.at < as_of)
        .order_by(ticket_events.c.number, ticket_events.c.seq)
    )
    for number, rows in groupby(connection.execute(query), attrgetter("number")):
        yield number, tuple(_step(row) for row in rows)


def _step(row: Any) -> Step:
    return Step(row.at, row.action, row.before, row.after, _marks(row.values))


def _marks(data: Any) -> dict[str, int]:
    """The citizen's marks in an event's data: a rating, or the answers of a questionnaire."""
    found = {**(data or {}), **((data or {}).get("survey") or {})}
    return {name: value for name, value in found.items() if isinstance(value, int)}
