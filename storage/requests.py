"""What people asked for about their own data, and until when the law wants it done."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from storage import staff
from storage.rows import data_requests
from storage.staff import Desk

OFFICERS = ("pengawas",)
OPEN = data_requests.c.done_at.is_(None)


@dataclass(frozen=True, slots=True)
class Request:
    """Somebody's wish for a copy (`export`) or for erasure (`delete`), not yet dealt with."""

    id: int
    contact: str
    right: str
    asked_at: datetime
    due_at: datetime


_REQUESTS = select(*(data_requests.c[name] for name in Request.__slots__)).where(OPEN)


def ask(connection: Connection, contact: str, right: str, now: datetime, due: datetime) -> None:
    """Keep a request; asked again while it is open, the first one's time still counts."""
    mine = (data_requests.c.contact == contact) & (data_requests.c.right == right)
    if connection.execute(_REQUESTS.where(mine)).first() is None:
        row = {"contact": contact, "right": right, "asked_at": now, "due_at": due}
        connection.execute(insert(data_requests), row)


def still_open(connection: Connection) -> tuple[Request, ...]:
    """What has not been dealt with, the most pressing first."""
    found = connection.execute(_REQUESTS.order_by(data_requests.c.due_at, data_requests.c.id))
    return tuple(Request(*row) for row in found)


def to_remind(connection: Connection, before: datetime) -> tuple[Request, ...]:
    """What is due before a moment and was not reminded of."""
    query = _REQUESTS.where(data_requests.c.due_at <= before, data_requests.c.reminded_at.is_(None))
    return tuple(Request(*row) for row in connection.execute(query.order_by(data_requests.c.id)))


def reminded(connection: Connection, requests: Iterable[int], now: datetime) -> None:
    """Note that the staff were reminded of these."""
    these = data_requests.c.id.in_(list(requests))
    connection.execute(update(data_requests).where(these).values(reminded_at=now))


def done(connection: Connection, contact: str, right: str, now: datetime) -> None:
    """Note that what somebody asked for was done."""
    mine = (data_requests.c.contact == contact) & (data_requests.c.right == right)
    connection.execute(update(data_requests).where(OPEN, mine).values(done_at=now))


def desks(connection: Connection, coordinator: str) -> tuple[Desk, ...]:
    """Who is told of requests: the coordinator's desks and, in their own chats, the data officers."""
    there = staff.desks(connection, coordinator)
    officers = (one for one in staff.having_roles(connection, OFFICERS) if one not in {d.chat for d in there})
    return (*there, *(Desk(one, language=staff.language_of(connection, one)) for one in officers))
