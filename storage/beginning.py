"""What a turn begins with, in one look: on a server each look is a way there and back."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, and_, bindparam, exists, literal_column, or_, select

from storage.conversations import Kept
from storage.inbox import STILL, Arrival, Waiting
from storage.prepared import Prepared
from storage.restraint import NTH_NEWEST, Pause
from storage.rows import conversations, inbox, pauses


def _same_address(table: Table) -> ColumnElement[bool]:
    return and_(table.c.channel == inbox.c.channel, table.c.address == inbox.c.address)


FOUND = Prepared(
    select(
        inbox.c.id,
        inbox.c.received_at,
        inbox.c.payload,
        inbox.c.tries,
        NTH_NEWEST.scalar_subquery(),
        pauses.c.until,
        pauses.c.times,
        conversations.c.id,
        conversations.c.contact,
        conversations.c.bundle,
        conversations.c.state,
        conversations.c.version,
    )
    .outerjoin_from(inbox, pauses, _same_address(pauses))
    .outerjoin(conversations, _same_address(conversations))
    .where(inbox.c.channel == bindparam("at_channel"), inbox.c.address == bindparam("at_address"), STILL)
    .order_by(inbox.c.id)
    .limit(bindparam("most"))
)
ARRIVAL, PAUSE, CONVERSATION = slice(0, 4), slice(1, 3), slice(3, 8)
"""Pause and conversation count from behind the arrival."""


def _at(table: Table) -> ColumnElement[bool]:
    return and_(table.c.channel == bindparam("at_channel"), table.c.address == bindparam("at_address"))


HERE = select(literal_column("1").label("one")).subquery("here")
IN_THE_WAY = or_(
    exists().where(_at(inbox), STILL),
    exists().where(inbox.c.channel == bindparam("at_channel"), inbox.c.external_id == bindparam("named")),
)
UNWAITED = Prepared(
    select(
        NTH_NEWEST.scalar_subquery(),
        pauses.c.until,
        pauses.c.times,
        conversations.c.id,
        conversations.c.contact,
        conversations.c.bundle,
        conversations.c.state,
        conversations.c.version,
    )
    .select_from(HERE.outerjoin(pauses, _at(pauses)).outerjoin(conversations, _at(conversations)))
    .where(~IN_THE_WAY)
)


@dataclass(frozen=True, slots=True)
class Beginning:
    """An address as a turn finds it: what waits, since when so much came, the last pause, the talk."""

    waiting: tuple[Waiting, ...]
    earlier: datetime | None = None
    pause: Pause | None = None
    kept: Kept | None = None


def found(connection: Connection, channel: str, address: str, *, most: int, newer: int) -> Beginning:
    """The oldest unanswered arrivals of an address, at most `most`, and what is known of it besides.

    `earlier` is when the arrival came that has `newer` newer ones behind it, waiting or not.
    """
    values = {"at_channel": channel, "at_address": address, "most": most, "so_many": newer}
    rows = FOUND.rows(connection, values)
    if not rows:
        return Beginning(())
    return _beginning(tuple(Waiting(*row[ARRIVAL]) for row in rows), rows[0][ARRIVAL.stop :])


def before(connection: Connection, arrival: Arrival, *, newer: int) -> Beginning | None:
    """The same for an arrival that is not kept yet; None when it was before, or when something else waits."""
    values = {"at_channel": arrival.channel, "at_address": arrival.address, "named": arrival.external_id}
    row = UNWAITED.first(connection, values | {"so_many": newer - 1})
    return _beginning((), row) if row else None


def _beginning(waiting: tuple[Waiting, ...], row: tuple[Any, ...]) -> Beginning:
    """What is known besides, from a row that ends with it."""
    earlier, pause, kept = row[0], row[PAUSE], row[CONVERSATION]
    return Beginning(
        waiting,
        earlier,
        Pause(*pause) if pause[0] is not None else None,
        Kept(*kept) if kept[0] is not None else None,
    )
