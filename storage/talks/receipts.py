"""What became of messages after a platform took them, by the platform's ids."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update

from storage.codec import OUTBOUND
from storage.doors.upsert import insert
from storage.rows import outbox, receipts
from storage.talks.outbox import WaitingOut

TAKEN = "taken"
ORDER = {TAKEN: -1, "sent": 0, "failed": 1, "delivered": 2, "read": 3}
"""A later word of a lower rank changes nothing: platforms tell in any order."""
REACHED = ("delivered", "read")


@dataclass(frozen=True, slots=True)
class Word:
    """One report of the platform.

    `error` of a failure is its code and text, whether a later try may succeed, and whether it waits for the
    person.
    """

    ref: str
    state: str
    at: datetime
    error: tuple[str, str, bool, bool] | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """A message of the outbox as it stands there; `delivered` once it is known to have reached its reader."""

    row: WaitingOut
    channel: str
    address: str
    state: str
    delivered: bool


def expect(connection: Connection, channel: str, refs: Sequence[str], row: int, now: datetime) -> None:
    """Say which message these ids belong to; what the platform told before stays."""
    for ref in refs:
        new = insert(receipts).values(channel=channel, ref=ref, outbox=row, state=TAKEN, at=now)
        connection.execute(new.on_conflict_do_update(index_elements=["channel", "ref"], set_={"outbox": row}))


def note(connection: Connection, channel: str, word: Word) -> bool:
    """Keep a word of the platform; false when it says nothing new."""
    known = connection.execute(
        select(receipts.c.state).where(receipts.c.channel == channel, receipts.c.ref == word.ref)
    ).first()
    if known is not None and ORDER[known.state] >= ORDER[word.state]:
        return False
    error = list(word.error) if word.error else None
    values = {"state": word.state, "at": word.at, "error": error}
    new = insert(receipts).values(channel=channel, ref=word.ref, **values)
    connection.execute(new.on_conflict_do_update(index_elements=["channel", "ref"], set_=values))
    return True


def told(connection: Connection, channel: str, ref: str) -> Told | None:
    """The message an id belongs to; None while that is unknown."""
    found = connection.execute(
        select(outbox)
        .join(receipts, receipts.c.outbox == outbox.c.id)
        .where(receipts.c.channel == channel, receipts.c.ref == ref)
    )
    row = found.mappings().first()
    if row is None:
        return None
    delivered = row["delivered_at"] is not None
    return Told(_row(row), row["channel"], row["address"], row["state"], delivered)


def _row(found: Any) -> WaitingOut:
    return WaitingOut(
        found["id"],
        OUTBOUND.load(found["message"]),
        found["ticket"],
        found["origin"],
        found["not_before"],
        found["tries"],
        tuple(found["refs"] or ()),
        found["created_at"],
    )


def all_reached(connection: Connection, channel: str, refs: Sequence[str]) -> bool:
    """Whether every one of these is known to have reached its reader."""
    known = select(receipts.c.ref).where(
        receipts.c.channel == channel, receipts.c.ref.in_(refs), receipts.c.state.in_(REACHED)
    )
    return bool(refs) and set(connection.execute(known).scalars()) == set(refs)


def failure(connection: Connection, channel: str, refs: Sequence[str]) -> Word | None:
    """The failure that was told of one of these, if any."""
    found = connection.execute(
        select(receipts)
        .where(receipts.c.channel == channel, receipts.c.ref.in_(refs), receipts.c.state == "failed")
        .limit(1)
    )
    row = found.mappings().first()
    return Word(row["ref"], row["state"], row["at"], tuple(row["error"])) if row else None


def unread_until(connection: Connection, channel: str, address: str, until: datetime) -> tuple[str, ...]:
    """The ids of what was sent to an address up to a moment and not yet told of as read."""
    found = (
        select(receipts.c.ref)
        .join(outbox, outbox.c.id == receipts.c.outbox)
        .where(receipts.c.channel == channel, outbox.c.address == address)
        .where(outbox.c.sent_at <= until, receipts.c.state.not_in(["read", "failed"]))
    )
    return tuple(connection.execute(found).scalars())


def reached(connection: Connection, row: int, state: str, at: datetime) -> None:
    """Record on the message itself when it was delivered, or read (which is later, and implies it)."""
    first = connection.execute(select(outbox.c.delivered_at).where(outbox.c.id == row)).scalar()
    values: dict[str, Any] = {"delivered_at": first or at} | ({"read_at": at} if state == "read" else {})
    connection.execute(update(outbox).where(outbox.c.id == row).values(**values))
