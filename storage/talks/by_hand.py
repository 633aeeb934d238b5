"""Messages of channels on which nobody sends but the staff themselves."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select, update

from dialogs.messages import OutboundMessage
from storage.codec import OUTBOUND
from storage.rows import outbox


@dataclass(frozen=True, slots=True)
class ByHand:
    """A message that somebody has to post."""

    id: int
    address: str
    message: OutboundMessage
    ticket: str
    created_at: datetime


def waiting(connection: Connection, channel: str) -> tuple[ByHand, ...]:
    """Everything of a channel that waits for somebody to post it, oldest first."""
    found = (
        select(outbox.c.id, outbox.c.address, outbox.c.message, outbox.c.ticket, outbox.c.created_at)
        .where(outbox.c.channel == channel, outbox.c.state.in_(["held", "waiting"]))
        .order_by(outbox.c.id)
    )
    return tuple(
        ByHand(row, address, OUTBOUND.load(message), ticket, at)
        for row, address, message, ticket, at in connection.execute(found)
    )


def posted(connection: Connection, channel: str, row: int, now: datetime) -> bool:
    """Record that somebody posted a message; false when there is none such waiting."""
    mine = (outbox.c.id == row, outbox.c.channel == channel, outbox.c.state.in_(["held", "waiting"]))
    done = connection.execute(update(outbox).where(*mine).values(state="sent", sent_at=now))
    return done.rowcount == 1
