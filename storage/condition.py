"""How the database itself is: of which schema, and whether what is in it can still be read."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import URL, Connection, func, inspect, make_url, select, text
from sqlalchemy.exc import DatabaseError

from storage import sealing
from storage.desk import digests, staff
from storage.doors.away import DatabaseAwayError, is_damaged
from storage.doors.database import Database
from storage.migrations import newest_schema
from storage.people import breaches, requests
from storage.people.breaches import Untold
from storage.rows import inbox, outbox, tickets
from storage.sealing import Standing
from storage.talks.inbox import count_set_aside

SHOWN = 20
"""How many faults of a damaged file are told; one is enough to act."""


@dataclass(frozen=True, slots=True)
class Load:
    """How many open reports lie with an agency, and whether anybody there reads them."""

    agency: str
    open: int
    read: bool


@dataclass(frozen=True, slots=True)
class Condition:
    """What a look at the database found; an empty `schema` means that nothing was made in it yet."""

    schema: str
    damage: tuple[str, ...]
    newest: datetime | None
    set_aside: int
    failed: int
    contested: tuple[tuple[str, datetime], ...] = ()
    """Channels somebody else received updates of, each with when that is forgotten."""
    breaches: tuple[Untold, ...] = ()
    requests: tuple[tuple[str, datetime], ...] = ()
    """What people asked for about their data, each right with its time, the most pressing first."""
    standing: Standing | None = None
    """Which key it is sealed with; None where nothing was sealed yet."""
    loads: tuple[Load, ...] = ()
    """Agencies with open reports."""
    refused: tuple[tuple[str, str, int], ...] = ()
    """Channel and code of messages that were tried and still wait, and how many."""


async def examined(url: str) -> Condition | None:
    """The condition of a database; None where none was made yet. Nothing is changed or brought up to date.

    Raises:
        DatabaseAwayError: it cannot be looked at as things are.
    """
    if await asyncio.to_thread(_missing, make_url(url)):
        return None
    try:
        async with Database(url) as database:
            return await database.read(look)
    except DatabaseError as error:
        if not is_damaged(error):
            raise DatabaseAwayError(error) from error
        return Condition("", (str(error.orig or error),), None, 0, 0)


def _missing(url: URL) -> bool:
    return url.get_backend_name() == "sqlite" and not Path(url.database or "").exists()


def look(connection: Connection) -> Condition:
    """Everything about the database; reads all of it, so not for the way of a turn."""
    faults = damage(connection)
    if not inspect(connection).has_table("alembic_version"):
        return Condition("", faults, None, 0, 0)
    schema = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
    if schema != newest_schema():
        return Condition(schema, faults, None, 0, 0)
    newest = connection.execute(select(func.max(inbox.c.received_at))).scalar_one()
    failed = select(func.count()).where(outbox.c.state == "failed")
    left, lost = count_set_aside(connection), connection.execute(failed).scalar_one()
    contested = digests.running(connection, digests.CONTESTED)
    duties = (breaches.untold(connection), requests.dues(connection))
    sealed = sealing.standing(connection)
    told = (tuple(contested.items()), *duties, sealed, tuple(_loads(connection)), _refused(connection))
    return Condition(schema, faults, newest, left, lost, *told)


def _loads(connection: Connection) -> Iterator[Load]:
    counted = select(tickets.c.agency, func.count()).where(tickets.c.open).group_by(tickets.c.agency)
    for agency, count in connection.execute(counted.order_by(tickets.c.agency)).all():
        yield Load(agency, count, bool(staff.desks(connection, agency)))


def _refused(connection: Connection) -> tuple[tuple[str, str, int], ...]:
    what = (outbox.c.channel, outbox.c.error_code)
    tried = (outbox.c.state == "waiting", outbox.c.error_code.is_not(None))
    found = connection.execute(select(*what, func.count()).where(*tried).group_by(*what).order_by(*what))
    return tuple((channel, code, count) for channel, code, count in found)


def damage(connection: Connection) -> tuple[str, ...]:
    """The faults of an SQLite file, worst first; none elsewhere: other databases check their own pages."""
    if connection.dialect.name != "sqlite":
        return ()
    found = connection.exec_driver_sql(f"PRAGMA quick_check({SHOWN})").scalars()
    return tuple(str(line) for line in found if line != "ok")
