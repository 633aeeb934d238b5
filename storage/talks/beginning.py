"""What a turn begins with, in one look: on a server each look is a way there and back."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Table, and_, bindparam, select

from storage.doors.prepared import Prepared
from storage.rows import conversations, inbox, pauses
from storage.talks.conversations import Kept
from storage.talks.inbox import STILL, Waiting
from storage.talks.restraint import NTH_NEWEST, Pause


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
ARRIVAL, PAUSE, CONVERSATION = slice(0, 4), slice(5, 7), slice(7, 12)


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
    first = rows[0]
    pause = Pause(*first[PAUSE]) if first[PAUSE.start] is not None else None
    kept = Kept(*first[CONVERSATION]) if first[CONVERSATION.start] is not None else None
    return Beginning(tuple(Waiting(*row[ARRIVAL]) for row in rows), first[ARRIVAL.stop], pause, kept)
