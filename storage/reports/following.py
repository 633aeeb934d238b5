"""Who hears of a ticket besides its reporter: who chose to follow it, and whose report was merged into it.

Merging writes nobody down: it is read from the tickets themselves, so that splitting takes back exactly what
merging did, however many were joined to each other in the meantime.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    CTE,
    BindParameter,
    Connection,
    Select,
    String,
    Subquery,
    bindparam,
    delete,
    func,
    literal_column,
    select,
    union_all,
)

from storage.doors.prepared import Prepared
from storage.doors.upsert import insert as upsert
from storage.reports.cases import Home
from storage.rows import followers, tickets

MERGED = tickets.c.parent != literal_column("''")
"""Written out, not bound: only then does the index of merged tickets serve."""


@dataclass(frozen=True, slots=True)
class Listener:
    """Somebody who hears of a ticket; `own` is the number of their report that was merged into it, if any."""

    home: Home
    own: str = ""


def follow(connection: Connection, number: str, home: Home, now: datetime) -> bool:
    """Let a person follow a ticket; false when they did already."""
    row = {
        "number": number,
        "contact": home.contact,
        "channel": home.channel,
        "address": home.address,
        "since": now,
    }
    return connection.execute(upsert(followers).on_conflict_do_nothing(), row).rowcount == 1


def unfollow(connection: Connection, number: str, contact: str) -> bool:
    """Let a person follow a ticket no more; false when they did not."""
    done = connection.execute(
        delete(followers).where(followers.c.number == number, followers.c.contact == contact)
    )
    return done.rowcount == 1


def follows(connection: Connection, number: str, contact: str) -> bool:
    """Whether a person chose to follow a ticket."""
    return _FOLLOWS.first(connection, {"of": number, "person": contact}) is not None


def listeners_of(connection: Connection, number: str) -> tuple[Listener, ...]:
    """Who hears of a ticket besides its reporter, each person once; those with a merged report first."""
    rows = _LISTENERS.rows(connection, {"of": number})
    found = {
        contact: Listener(Home(contact, channel, address), own)
        for contact, channel, address, own in reversed(rows)
    }
    if found:
        found.pop(_reporter(connection, number), None)
    return tuple(reversed(found.values()))


def count_followers(connection: Connection, number: str) -> int:
    """How many people besides its reporter a ticket speaks for."""
    return int(_COUNT.rows(connection, {"of": number})[0][0])


def merged_into(connection: Connection, number: str) -> tuple[str, ...]:
    """The tickets that were merged into this one, directly."""
    query = select(tickets.c.number).where(tickets.c.parent == number, MERGED).order_by(tickets.c.opened_at)
    return tuple(connection.execute(query).scalars())


def _family(number: BindParameter[str]) -> CTE:
    """A ticket and all that were merged into it, into those, and so on."""
    top = select(tickets.c.number).where(tickets.c.number == number).cte("family", recursive=True)
    below = select(tickets.c.number).join(top, tickets.c.parent == top.c.number).where(MERGED)
    return top.union(below)


def _everyone(number: BindParameter[str]) -> Subquery:
    """Reporters whose tickets were merged in, then those who chose to follow; people may come twice."""
    family = _family(number)
    merged = select(
        tickets.c.reporter.label("contact"),
        tickets.c.channel,
        tickets.c.address,
        tickets.c.number.label("own"),
    ).where(tickets.c.number.in_(select(family.c.number)), tickets.c.number != number)
    chosen = select(
        followers.c.contact, followers.c.channel, followers.c.address, literal_column("''").label("own")
    ).where(followers.c.number.in_(select(family.c.number)))
    return union_all(merged, chosen).subquery()


def _count(number: BindParameter[str]) -> Select[Any]:
    people = _everyone(number)
    reporter = select(tickets.c.reporter).where(tickets.c.number == number).scalar_subquery()
    return select(func.count(people.c.contact.distinct())).where(people.c.contact != reporter)


def _reporter(connection: Connection, number: str) -> str:
    row = _REPORTER.first(connection, {"of": number})
    return row[0] if row else ""


_NUMBER = bindparam("of", type_=String)
_FOLLOWS = Prepared(
    select(followers.c.contact).where(
        followers.c.number == _NUMBER, followers.c.contact == bindparam("person")
    )
)
_LISTENERS = Prepared(select(_everyone(_NUMBER)))
_COUNT = Prepared(_count(_NUMBER))
_REPORTER = Prepared(select(tickets.c.reporter).where(tickets.c.number == _NUMBER))
