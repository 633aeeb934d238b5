"""Practice: classes and sessions in the register, played scripts and refused tries in each room."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, Row, Select, insert, select, update

from storage.codec import Codec
from storage.doors.upsert import insert as upsert
from storage.rows import practice_classes, practice_runs, practice_sessions, practice_tries
from tickets.practice.acting import Run
from tickets.practice.work import Result, Try

State = Literal["running", "paused", "ended"]
Pause = tuple[datetime, datetime | None]
PAUSES = Codec(tuple[Pause, ...])
RUN = Codec(Run)
RESULT = Codec(Result)


@dataclass(frozen=True, slots=True)
class Session:
    """One person's practice; its id names the room it takes place in, `result` is there once it ended."""

    id: str
    operator: str
    name: str
    class_: str
    scripts: tuple[str, ...]
    state: State
    begun_at: datetime
    seen_at: datetime
    ended_at: datetime | None = None
    pauses: tuple[Pause, ...] = ()
    result: Result | None = None


@dataclass(frozen=True, slots=True)
class PracticeClass:
    """A class: who leads it, and whether it is over."""

    code: str
    facilitator: str
    begun_at: datetime
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Played:
    """A ticket of practice: the script behind it and how far that was played."""

    number: str
    script: str
    run: Run = field(default_factory=Run)


def keep(connection: Connection, session: Session) -> None:
    """Write a session, new or changed."""
    row = {
        "id": session.id,
        "operator": session.operator,
        "name": session.name,
        "class_code": session.class_,
        "scripts": list(session.scripts),
        "state": session.state,
        "begun_at": session.begun_at,
        "seen_at": session.seen_at,
        "ended_at": session.ended_at,
        "pauses": session.pauses,
        "result": session.result,
    }
    again = upsert(practice_sessions).on_conflict_do_update(index_elements=["id"], set_=row)
    connection.execute(again, row)


def current(connection: Connection, operator: str) -> Session | None:
    """The session somebody has not ended."""
    found = _SESSIONS.where(practice_sessions.c.operator == operator, practice_sessions.c.state != "ended")
    return _first(connection, found)


def last(connection: Connection, operator: str) -> Session | None:
    """The session somebody began last, over or not."""
    return _first(
        connection,
        _SESSIONS.where(practice_sessions.c.operator == operator).order_by(
            practice_sessions.c.begun_at.desc()
        ),
    )


def unended(connection: Connection) -> tuple[Session, ...]:
    """Every session that is not over."""
    return tuple(map(_session, connection.execute(_SESSIONS.where(practice_sessions.c.state != "ended"))))


def of_class(connection: Connection, code: str) -> tuple[Session, ...]:
    """The sessions of a class, by the trainees' names; the latest of those who began again."""
    found = _SESSIONS.where(practice_sessions.c.class_code == code).order_by(practice_sessions.c.begun_at)
    newest = {one.operator: one for one in map(_session, connection.execute(found))}
    return tuple(sorted(newest.values(), key=lambda one: one.name.casefold()))


def seen(connection: Connection, ids: Iterable[str], now: datetime) -> None:
    """Note that these sessions were still going on."""
    going = practice_sessions.c.id.in_(tuple(ids)) & (practice_sessions.c.state == "running")
    connection.execute(update(practice_sessions).where(going).values(seen_at=now))


def open_class(connection: Connection, one: PracticeClass) -> None:
    """Begin a class."""
    row = {"code": one.code, "facilitator": one.facilitator, "begun_at": one.begun_at}
    connection.execute(insert(practice_classes), row)


def close_class(connection: Connection, code: str, now: datetime) -> None:
    """End a class."""
    connection.execute(update(practice_classes).where(practice_classes.c.code == code).values(ended_at=now))


def classes(connection: Connection) -> tuple[PracticeClass, ...]:
    """The classes that are open, the newest first."""
    query = select(practice_classes).where(practice_classes.c.ended_at.is_(None))
    found = connection.execute(query.order_by(practice_classes.c.begun_at.desc()))
    return tuple(PracticeClass(*row) for row in found)


def class_led_by(connection: Connection, facilitator: str) -> PracticeClass | None:
    """The class somebody began last, over or not."""
    query = select(practice_classes).where(practice_classes.c.facilitator == facilitator)
    row = connection.execute(query.order_by(practice_classes.c.begun_at.desc()).limit(1)).first()
    return None if row is None else PracticeClass(*row)


def play(connection: Connection, played: Played) -> None:
    """Keep how far a script was played."""
    row = {"number": played.number, "script": played.script, "state": played.run}
    again = upsert(practice_runs).on_conflict_do_update(index_elements=["number"], set_={"state": played.run})
    connection.execute(again, row)


def played(connection: Connection) -> tuple[Played, ...]:
    """Every ticket of practice in this room."""
    rows = connection.execute(select(practice_runs.c.number, practice_runs.c.script, practice_runs.c.state))
    return tuple(Played(row.number, row.script, RUN.load(row.state)) for row in rows)


def note_try(connection: Connection, number: str, one: Try) -> None:
    """Keep that the desk refused something."""
    row = {"number": number, "action": one.action, "code": one.code, "at": one.at}
    connection.execute(insert(practice_tries), row)


def tries(connection: Connection, number: str) -> tuple[Try, ...]:
    """What the desk refused on a ticket, in order."""
    columns = (practice_tries.c.action, practice_tries.c.code, practice_tries.c.at)
    query = select(*columns).where(practice_tries.c.number == number).order_by(practice_tries.c.id)
    return tuple(Try(*row) for row in connection.execute(query))


_SESSIONS: Select[Any] = select(practice_sessions)


def _first(connection: Connection, query: Select[Any]) -> Session | None:
    row = connection.execute(query.limit(1)).first()
    return None if row is None else _session(row)


def _session(row: Row[Any]) -> Session:
    return Session(
        id=row.id,
        operator=row.operator,
        name=row.name,
        class_=row.class_code,
        scripts=tuple(row.scripts),
        state=row.state,
        begun_at=row.begun_at,
        seen_at=row.seen_at,
        ended_at=row.ended_at,
        pauses=PAUSES.load(row.pauses),
        result=RESULT.load(row.result) if row.result else None,
    )
