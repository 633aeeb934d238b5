"""Reports on their way to other governments' systems: what was sent, under which number there, or why not."""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, or_, select, update

from storage.doors.upsert import insert as upsert
from storage.rows import forwards


@dataclass(frozen=True, slots=True)
class Forward:
    """One passing on: waiting, sent, closed, failed or by_hand; `reason` says why it is not sent."""

    id: int
    number: str
    since: datetime
    agency: str
    target: str
    state: str
    tries: int
    next_at: datetime
    token: str
    their_id: str
    told: str
    reason: str


_FORWARD = select(*(forwards.c[field.name] for field in fields(Forward)))


@dataclass(frozen=True, slots=True)
class Fresh:
    """A passing on that is new to us."""

    number: str
    since: datetime
    agency: str
    target: str = ""
    reason: str = ""


def add(connection: Connection, fresh: Fresh, now: datetime) -> bool:
    """Note a passing on; false when it is noted. Without a target it is left to be done by hand."""
    row = {
        "number": fresh.number,
        "since": fresh.since,
        "agency": fresh.agency,
        "target": fresh.target,
        "reason": fresh.reason,
        "state": "waiting" if fresh.target else "by_hand",
        "next_at": now,
    }
    return connection.execute(upsert(forwards).on_conflict_do_nothing(), row).rowcount == 1


def due(connection: Connection, now: datetime, most: int) -> tuple[Forward, ...]:
    """What is to be sent, or asked after, now; oldest first."""
    query = _FORWARD.where(forwards.c.state.in_(("waiting", "sent")), forwards.c.next_at <= now)
    return _all(connection, query.order_by(forwards.c.next_at).limit(most))


def every(connection: Connection, *, unsent: bool = False) -> tuple[Forward, ...]:
    """All of them, or those that are not sent; oldest first."""
    query = _FORWARD.order_by(forwards.c.id)
    if unsent:
        query = query.where(or_(forwards.c.state.in_(("waiting", "failed", "by_hand"))))
    return _all(connection, query)


def one(connection: Connection, row: int) -> Forward | None:
    """One of them."""
    return next(iter(_all(connection, _FORWARD.where(forwards.c.id == row))), None)


def claim(connection: Connection, forward: Forward, until: datetime) -> bool:
    """Take one on until then; false when somebody else did, or it moved on."""
    done = connection.execute(
        update(forwards)
        .where(
            forwards.c.id == forward.id,
            forwards.c.state == forward.state,
            forwards.c.next_at == forward.next_at,
        )
        .values(next_at=until)
    )
    return done.rowcount == 1


def change(connection: Connection, row: int, **values: Any) -> None:
    """Write down what became of it."""
    connection.execute(update(forwards).where(forwards.c.id == row).values(**values))


def _all(connection: Connection, query: Any) -> tuple[Forward, ...]:
    return tuple(Forward(*row) for row in connection.execute(query))
