"""What is kept back until a person writes, or until a moment; and what failed until they return."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select, update

from storage.rows import outbox, tickets
from storage.rows.sealed import in_clear
from storage.talks.outbox import HELD


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


def waited_for(connection: Connection, channel: str, addresses: Collection[str]) -> tuple[str, ...]:
    """Which of these addresses something is kept back for."""
    query = select(outbox.c.address).where(outbox.c.channel == channel, HELD)
    return tuple(connection.execute(query.where(outbox.c.address.in_(addresses)).distinct()).scalars())


def revive(connection: Connection, channel: str, address: str, response: str, now: datetime) -> int:
    """Put what failed for a blocked address, made from one response, back in line; how many messages."""
    gone = (outbox.c.channel == channel, outbox.c.address == address, outbox.c.error_code == "blocked")
    failed = (outbox.c.state == "failed", in_clear(outbox.c.message)["response"].as_string() == response)
    asked = select(tickets.c.number).where(tickets.c.status == "MENUNGGU_KONFIRMASI")
    return connection.execute(
        update(outbox)
        .where(*gone, *failed, outbox.c.ticket.in_(asked))
        .values(state="waiting", not_before=now, tries=0)
    ).rowcount
