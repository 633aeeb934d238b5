"""What came in: kept once under (channel, external id), answered in order, never lost."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import Connection, bindparam, func, literal_column, or_, select, update

from storage.doors.joint import Joint
from storage.doors.prepared import Prepared
from storage.doors.upsert import insert
from storage.rows import inbox
from storage.talks.setback import LONGEST_PAUSE

STILL = inbox.c.state == literal_column("'waiting'")
"""Written out, not bound: only then does the index of waiting rows serve."""
MOST_LEFT = 1000
"""Addresses looked at in one go; the next ones follow when these are served."""
KEEP = Joint(
    insert(inbox).on_conflict_do_nothing(),
    ("channel", "external_id", "address", "received_at", "payload", "state"),
    {"channel": inbox.c.channel, "external_id": inbox.c.external_id},
)
WAITING = Prepared(
    select(inbox.c.id, inbox.c.received_at, inbox.c.payload, inbox.c.tries)
    .where(
        inbox.c.channel == bindparam("at_channel"),
        inbox.c.address == bindparam("at_address"),
        STILL,
    )
    .order_by(inbox.c.id)
    .limit(bindparam("most"))
)
FINISH = Joint(
    update(inbox)
    .where(inbox.c.id == bindparam("row"), STILL)
    .values(state="done", done_at=bindparam("at"), trace=bindparam("told")),
    known_by={"row": inbox.c.id},
    sure=True,
)
HEARD = Prepared(
    select(inbox.c.id, inbox.c.payload, inbox.c.state)
    .where(
        inbox.c.channel == bindparam("at_channel"),
        inbox.c.address == bindparam("at_address"),
        inbox.c.id > bindparam("after"),
    )
    .order_by(inbox.c.id)
)


@dataclass(frozen=True, slots=True)
class Arrival:
    """One thing that came in, as the channel gave it."""

    channel: str
    external_id: str
    address: str
    received_at: datetime
    payload: Any


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing that has not been answered yet."""

    id: int
    received_at: datetime
    payload: Any
    tries: int


class AlreadyDoneError(Exception):
    """Somebody else answered this first; what was about to be written must not be."""


def keep(connection: Connection, arrival: Arrival) -> bool:
    """Keep it; false when it was here before."""
    return bool(KEEP.run(connection, _row(arrival)).rowcount == 1)


def keep_soon(connection: Connection, arrival: Arrival, told: Callable[[bool], None]) -> None:
    """Keep it together with others; `told` learns, before the transaction ends, whether it is new."""
    KEEP.soon(connection, _row(arrival), told)


def keep_aside(connection: Connection, arrival: Arrival, error: str) -> bool:
    """Keep what cannot be answered as things are, out of line; false when it was here before."""
    new = keep(connection, arrival)
    if new:
        here = (inbox.c.channel == arrival.channel, inbox.c.external_id == arrival.external_id)
        connection.execute(update(inbox).where(*here).values(state="set_aside", error=error))
    return new


def _row(arrival: Arrival) -> dict[str, Any]:
    return {
        "channel": arrival.channel,
        "external_id": arrival.external_id,
        "address": arrival.address,
        "received_at": arrival.received_at,
        "payload": arrival.payload,
        "state": "waiting",
    }


def newest_waiting(connection: Connection, channel: str, address: str, most: int) -> tuple[Waiting, ...]:
    """The newest unanswered arrivals of an address, at most `most`, oldest of them first."""
    query = (
        select(inbox.c.id, inbox.c.received_at, inbox.c.payload, inbox.c.tries)
        .where(inbox.c.channel == channel, inbox.c.address == address, STILL)
        .order_by(inbox.c.id.desc())
        .limit(most)
    )
    return tuple(Waiting(*row) for row in connection.execute(query))[::-1]


def waiting(connection: Connection, channel: str, address: str, most: int) -> tuple[Waiting, ...]:
    """The oldest unanswered arrivals of an address, at most `most`."""
    rows = WAITING.rows(connection, {"at_channel": channel, "at_address": address, "most": most})
    return tuple(Waiting(*row) for row in rows)


def addresses_waiting(connection: Connection, before: datetime | None = None) -> tuple[tuple[str, str], ...]:
    """Every (channel, address) with something unanswered (since before a moment): where to go on."""
    found = select(inbox.c.channel, inbox.c.address).where(STILL).distinct()
    if before is not None:
        ready = or_(inbox.c.received_at < before, inbox.c.received_at > before + LONGEST_PAUSE)
        found = found.where(ready).limit(MOST_LEFT)
    return tuple((channel, address) for channel, address in connection.execute(found))


def finish(connection: Connection, rows: Sequence[int], now: datetime, trace: Any = None) -> None:
    """Mark arrivals answered, in the transaction that holds the answer.

    Raises:
        AlreadyDoneError: one of them was answered before; at the latest when the transaction ends.
    """
    for row in rows:
        FINISH.soon(connection, {"row": row, "at": now, "told": trace}, partial(_was_waiting, row))


def _was_waiting(row: int, touched: bool) -> None:  # noqa: FBT001 it is told so
    if not touched:
        raise AlreadyDoneError(row)


def finish_update(connection: Connection, channel: str, external_id: str, now: datetime) -> None:
    """Mark an arrival answered by its id on the platform.

    Raises:
        AlreadyDoneError: it was answered before.
    """
    done = connection.execute(
        update(inbox)
        .where(inbox.c.channel == channel, inbox.c.external_id == external_id, inbox.c.state == "waiting")
        .values(state="done", done_at=now)
    )
    if done.rowcount != 1:
        raise AlreadyDoneError(external_id)


def count_try(connection: Connection, rows: Sequence[int], error: str, *, set_aside: bool) -> None:
    """Note a failed attempt; `set_aside` takes them out of the way of the ones behind."""
    state = {"state": "set_aside"} if set_aside else {}
    connection.execute(
        update(inbox).where(inbox.c.id.in_(rows)).values(tries=inbox.c.tries + 1, error=error, **state)
    )


@dataclass(frozen=True, slots=True)
class SetAside:
    """One arrival that could not be answered, and the error of its last try."""

    id: int
    channel: str
    received_at: datetime
    tries: int
    error: str


def set_aside(connection: Connection) -> tuple[SetAside, ...]:
    """Everything that could not be answered, oldest first."""
    columns = [inbox.c[name] for name in SetAside.__slots__]
    found = select(*columns).where(inbox.c.state == "set_aside").order_by(inbox.c.id)
    return tuple(SetAside(*row) for row in connection.execute(found))


def count_set_aside(connection: Connection) -> int:
    """How many could not be answered."""
    found = select(func.count()).where(inbox.c.state == "set_aside")
    return int(connection.execute(found).scalar_one())


def said_in(connection: Connection, row: int) -> Any:
    """What one of them says, as it was kept; None when there is none of this number."""
    mine = (inbox.c.id == row, inbox.c.state == "set_aside")
    return connection.execute(select(inbox.c.payload).where(*mine)).scalar_one_or_none()


def put_back(connection: Connection, rows: Sequence[int]) -> tuple[int, ...]:
    """Let what was set aside be tried again from the first; which of them were."""
    again = (
        update(inbox)
        .where(inbox.c.id.in_(rows), inbox.c.state == "set_aside")
        .values(state="waiting", tries=0)
        .returning(inbox.c.id)
    )
    return tuple(sorted(connection.execute(again).scalars()))


Heard = tuple[int, Any, str]


def payloads_after(connection: Connection, channel: str, address: str, after: int) -> tuple[Heard, ...]:
    """(row, payload, state) of what an address sent after row `after`, oldest first."""
    rows = HEARD.rows(connection, {"at_channel": channel, "at_address": address, "after": after})
    return tuple((row, payload, state) for row, payload, state in rows)


@dataclass(frozen=True, slots=True)
class Told:
    """One arrival with the trace its turn left; None while it waits."""

    received_at: datetime
    state: str
    trace: Any


def told(connection: Connection, channel: str, address: str, most: int) -> tuple[Told, ...]:
    """The newest arrivals of an address with their traces, oldest first."""
    found = (
        select(inbox.c.received_at, inbox.c.state, inbox.c.trace)
        .where(inbox.c.channel == channel, inbox.c.address == address)
        .order_by(inbox.c.id.desc())
        .limit(most)
    )
    return tuple(Told(*row) for row in reversed(connection.execute(found).all()))
