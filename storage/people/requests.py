"""What people asked for about their own data, and until when the law wants it done."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from storage.desk import staff
from storage.desk.staff import Desk
from storage.rows import data_requests

OFFICERS = ("pengawas",)
OPEN = data_requests.c.done_at.is_(None)


@dataclass(frozen=True, slots=True)
class Request:
    """Somebody's wish for a copy (`export`), a correction (`correct`) or erasure (`delete`), still open.

    `words` say what is wrong and how it is right.
    """

    id: int
    contact: str
    right: str
    asked_at: datetime
    due_at: datetime
    words: str = ""


_REQUESTS = select(*(data_requests.c[name] for name in Request.__slots__)).where(OPEN)


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody asks for about their data; `words` say what is to be corrected."""

    contact: str
    right: str
    words: str = ""


def ask(connection: Connection, wish: Wish, now: datetime, due: datetime) -> None:
    """Keep a request; asked again while it is open, the first one's time still counts."""
    mine = (data_requests.c.contact == wish.contact) & (data_requests.c.right == wish.right)
    found = connection.execute(_REQUESTS.where(mine)).first()
    if found is None:
        row = {"contact": wish.contact, "right": wish.right, "words": wish.words}
        connection.execute(insert(data_requests), row | {"asked_at": now, "due_at": due})
    elif wish.words:
        words = f"{found.words}\n{wish.words}".strip()
        connection.execute(update(data_requests).where(data_requests.c.id == found.id).values(words=words))


def still_open(connection: Connection) -> tuple[Request, ...]:
    """What has not been dealt with, the most pressing first."""
    found = connection.execute(_REQUESTS.order_by(data_requests.c.due_at, data_requests.c.id))
    return tuple(Request(*row) for row in found)


def dues(connection: Connection) -> tuple[tuple[str, datetime], ...]:
    """Each right somebody waits for with its time, the most pressing first; nothing sealed is opened."""
    query = select(data_requests.c.right, data_requests.c.due_at).where(OPEN)
    return tuple((right, due) for right, due in connection.execute(query.order_by(data_requests.c.due_at)))


def to_remind(connection: Connection, before: datetime) -> tuple[Request, ...]:
    """What is due before a moment and was not reminded of."""
    query = _REQUESTS.where(data_requests.c.due_at <= before, data_requests.c.reminded_at.is_(None))
    return tuple(Request(*row) for row in connection.execute(query.order_by(data_requests.c.id)))


def reminded(connection: Connection, requests: Iterable[int], now: datetime) -> None:
    """Note that the staff were reminded of these."""
    these = data_requests.c.id.in_(list(requests))
    connection.execute(update(data_requests).where(these).values(reminded_at=now))


def done(connection: Connection, contact: str, right: str, now: datetime) -> int:
    """Note that what somebody asked for was done, and let its words go; how many open requests that were."""
    mine = (data_requests.c.contact == contact) & (data_requests.c.right == right)
    closed = update(data_requests).where(OPEN, mine).values(done_at=now, words="")
    return connection.execute(closed).rowcount


def desks(connection: Connection, coordinator: str) -> tuple[Desk, ...]:
    """Who is told of requests: the coordinator's desks and, in their own chats, the data officers."""
    there = staff.desks(connection, coordinator)
    officers = (one for one in staff.having_roles(connection, OFFICERS) if one not in {d.chat for d in there})
    return (*there, *(Desk(one, language=staff.language_of(connection, one)) for one in officers))
