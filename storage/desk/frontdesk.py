"""Talks that an operator holds for somebody at the counter or on the telephone."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from storage.rows import walk_ins


@dataclass(frozen=True, slots=True)
class WalkIn:
    """One such talk: its id is the address the dialog knows; `channel` is loket or telepon."""

    id: str
    operator: str
    channel: str
    phone: str = ""
    open: bool = True


def begin(connection: Connection, talk: WalkIn, now: datetime) -> None:
    """Begin a talk; one that was still open ends."""
    end(connection, talk.operator, now)
    row = {"id": talk.id, "operator": talk.operator, "channel": talk.channel, "begun_at": now}
    connection.execute(insert(walk_ins), row)


def end(connection: Connection, operator: str, now: datetime) -> bool:
    """End an operator's open talk; false when there is none."""
    open_ = (walk_ins.c.operator == operator) & walk_ins.c.ended_at.is_(None)
    return connection.execute(update(walk_ins).where(open_).values(ended_at=now)).rowcount > 0


def current(connection: Connection, operator: str) -> WalkIn | None:
    """The talk an operator is holding."""
    query = _WALK_IN.where(walk_ins.c.operator == operator, walk_ins.c.ended_at.is_(None))
    return _talk(connection.execute(query).first())


def of(connection: Connection, talk: str) -> WalkIn | None:
    """A talk by its id."""
    return _talk(connection.execute(_WALK_IN.where(walk_ins.c.id == talk)).first())


def note_phone(connection: Connection, operator: str, phone: str) -> str:
    """Keep a telephone number with the operator's latest talk; that talk's id, empty without one."""
    latest = (
        select(walk_ins.c.id)
        .where(walk_ins.c.operator == operator)
        .order_by(walk_ins.c.begun_at.desc())
        .limit(1)
    )
    talk = connection.execute(latest).scalar()
    if talk is None:
        return ""
    connection.execute(update(walk_ins).where(walk_ins.c.id == talk).values(phone=phone))
    return str(talk)


_WALK_IN = select(
    walk_ins.c.id, walk_ins.c.operator, walk_ins.c.channel, walk_ins.c.phone, walk_ins.c.ended_at.is_(None)
)


def _talk(row: object) -> WalkIn | None:
    return None if row is None else WalkIn(*row)  # type: ignore[misc]
