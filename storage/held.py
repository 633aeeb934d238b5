"""What is kept back for an address until the person writes, or until a moment."""

from dataclasses import dataclass

from sqlalchemy import Connection, select

from storage.outbox import HELD
from storage.rows import outbox


@dataclass(frozen=True, slots=True)
class Held:
    """A message kept back, with the reason in a code and in words."""

    id: int
    ticket: str
    code: str
    text: str


KNOCKED = "knocked"
"""The reason of a held message for which a short notice went out already."""


def held(connection: Connection, channel: str, address: str) -> tuple[Held, ...]:
    """What is kept back for an address, oldest first."""
    query = (
        select(outbox.c.id, outbox.c.ticket, outbox.c.error_code, outbox.c.error_text)
        .where(outbox.c.channel == channel, outbox.c.address == address, HELD)
        .order_by(outbox.c.id)
    )
    return tuple(Held(*row) for row in connection.execute(query))
