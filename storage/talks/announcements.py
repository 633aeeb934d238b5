"""One word to everybody who follows a ticket: kept until it is confirmed, counted until it has arrived."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from dialogs.messages import OutboundMessage
from storage.codec import OUTBOUND
from storage.rows import announcements

MARK = "siaran/"
"""How the origin of a message begins that is part of an announcement."""


@dataclass(frozen=True, slots=True)
class Announcement:
    """A word to many; `origin` is 'chat/message' of the operator who said it."""

    id: str
    number: str
    operator: str
    origin: str
    message: OutboundMessage


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an announcement fared, once the last copy has met its fate."""

    number: str
    origin: str
    total: int
    delivered: int
    failed: int


def keep(connection: Connection, one: Announcement, now: datetime) -> None:
    """Keep a draft until it is confirmed."""
    row = {
        "id": one.id,
        "number": one.number,
        "operator": one.operator,
        "origin": one.origin,
        "message": one.message,
        "state": "draft",
        "created_at": now,
    }
    connection.execute(insert(announcements), row)


def draft(connection: Connection, announcement: str) -> Announcement | None:
    """A draft that waits for its confirmation; None once it was sent."""
    row = connection.execute(
        select(announcements).where(announcements.c.id == announcement, announcements.c.state == "draft")
    ).first()
    if row is None:
        return None
    return Announcement(row.id, row.number, row.operator, row.origin, OUTBOUND.load(row.message))


def drop(connection: Connection, announcement: str) -> bool:
    """Throw a draft away; false when there is none (any more)."""
    gone = connection.execute(
        delete(announcements).where(announcements.c.id == announcement, announcements.c.state == "draft")
    )
    return gone.rowcount == 1


def begin(connection: Connection, announcement: str, total: int) -> bool:
    """Let it go out to so many; false when it did already."""
    done = connection.execute(
        update(announcements)
        .where(announcements.c.id == announcement, announcements.c.state == "draft")
        .values(state="going", total=total)
    )
    return done.rowcount == 1


def count(connection: Connection, origin: str, *, delivered: bool) -> Outcome | None:
    """Count a copy that arrived or did not (yet); the outcome when it was the last one."""
    column = announcements.c.delivered if delivered else announcements.c.failed
    row = connection.execute(
        update(announcements)
        .where(announcements.c.id == origin.removeprefix(MARK), announcements.c.state == "going")
        .values({column: column + 1})
        .returning(
            announcements.c.number,
            announcements.c.origin,
            announcements.c.total,
            announcements.c.delivered,
            announcements.c.failed,
        )
    ).first()
    if row is None or row.delivered + row.failed < row.total:
        return None
    connection.execute(
        update(announcements).where(announcements.c.id == origin.removeprefix(MARK)).values(state="done")
    )
    return Outcome(*row)
