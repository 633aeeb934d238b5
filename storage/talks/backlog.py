"""What waits: how much of it, and since when. Every look goes through an index of what still waits."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Table, case, func, select

from storage.rows import deadlines, inbox, media, outbox
from storage.talks.inbox import STILL as UNANSWERED
from storage.talks.outbox import HELD
from storage.talks.outbox import STILL as UNSENT


@dataclass(frozen=True, slots=True)
class Heap:
    """How many things of one kind wait on a channel, and since when the oldest does."""

    kind: str
    channel: str
    count: int
    since: datetime | None


def reachable(connection: Connection) -> None:
    """Ask the database for an answer, any answer."""
    connection.execute(select(1)).one()


def writable(connection: Connection) -> None:
    """Write a sign that means nothing, where the disk is our own: a full one is not noticed otherwise."""
    reachable(connection)
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA user_version = 1")


def heaps(connection: Connection, now: datetime) -> tuple[Heap, ...]:
    """What waits: messages to answer, to send and laid aside, files to fetch, deadlines to act on."""
    return (
        *_by_channel(connection, "unanswered", inbox, UNANSWERED, inbox.c.received_at),
        *_by_channel(connection, "unsent", outbox, UNSENT, _wanted(outbox)),
        *_by_channel(connection, "held", outbox, HELD, outbox.c.created_at),
        *_by_channel(connection, "files", media, media.c.state == "waiting", _wanted(media)),
        _deadlines(connection, now),
    )


def _wanted(table: Table) -> ColumnElement[datetime]:
    """Since when a row should have been dealt with: a try puts off the next, and makes nothing less late."""
    return case((table.c.tries > 0, table.c.created_at), else_=table.c.not_before)


def _by_channel(
    connection: Connection,
    kind: str,
    table: Table,
    waits: ColumnElement[bool],
    since: ColumnElement[datetime],
) -> list[Heap]:
    query = select(table.c.channel, func.count(), func.min(since)).where(waits).group_by(table.c.channel)
    return [Heap(kind, channel, count, oldest) for channel, count, oldest in connection.execute(query)]


def _deadlines(connection: Connection, now: datetime) -> Heap:
    passed = select(func.count(), func.min(deadlines.c.due_at)).where(
        deadlines.c.done_at.is_(None), deadlines.c.due_at <= now
    )
    count, oldest = connection.execute(passed).one()
    return Heap("deadlines", "", count, oldest)
