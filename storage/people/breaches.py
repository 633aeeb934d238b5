"""Failures to protect personal data: what happened, and until when whom the law wants told of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

from sqlalchemy import Connection, Row, insert, select, update

from storage.rows import breaches

Party = Literal["people", "authority"]
PARTIES: tuple[Party, ...] = get_args(Party)
"""Who is to be told: those whose data it is, and the body that watches over it."""


@dataclass(frozen=True, slots=True)
class Account:
    """What a notice has to say: which data, when and how it came about, and what is done about it."""

    data: str
    how: str
    measures: str


@dataclass(frozen=True, slots=True)
class Breach:
    """One failure on record; `told` holds when each party was told."""

    id: int
    account: Account
    noted_by: str
    known_at: datetime
    due_at: datetime
    told: dict[Party, datetime]

    @property
    def waiting(self) -> tuple[Party, ...]:
        """Who has not been told yet."""
        return tuple(one for one in PARTIES if one not in self.told)


@dataclass(frozen=True, slots=True)
class Untold:
    """What of a failure is in clear: its number, who has not been told of it, and by when they are to be."""

    id: int
    waiting: tuple[Party, ...]
    due_at: datetime


UNTOLD = breaches.c.people_at.is_(None) | breaches.c.authority_at.is_(None)


def record(connection: Connection, account: Account, by: str, known: datetime, due: datetime) -> int:
    """Put a failure on record; its number."""
    told = {"data": account.data, "how": account.how, "measures": account.measures}
    row = {"account": told, "noted_by": by, "known_at": known, "due_at": due}
    found = connection.execute(insert(breaches).values(row)).inserted_primary_key
    assert found is not None  # noqa: S101 one row was inserted
    return int(found[0])


def every(connection: Connection) -> tuple[Breach, ...]:
    """All there are: those somebody is still to be told of first, by their time; then the latest."""
    found = [_read(row) for row in connection.execute(select(breaches))]
    open_ = sorted((one for one in found if one.waiting), key=lambda one: one.due_at)
    done = sorted((one for one in found if not one.waiting), key=lambda one: one.known_at, reverse=True)
    return (*open_, *done)


def untold(connection: Connection) -> tuple[Untold, ...]:
    """Those somebody is still to be told of, the most pressing first; nothing sealed is opened."""
    at = {party: breaches.c[f"{party}_at"] for party in PARTIES}
    query = select(breaches.c.id, breaches.c.due_at, *at.values()).where(UNTOLD).order_by(breaches.c.due_at)
    return tuple(
        Untold(number, tuple(party for party, when in zip(at, told_at, strict=True) if when is None), due)
        for number, due, *told_at in connection.execute(query)
    )


def told(connection: Connection, number: int, party: Party, at: datetime) -> bool:
    """Note when a party was told; false when there is no such record, or it was noted before."""
    column = breaches.c[f"{party}_at"]
    change = update(breaches).where(breaches.c.id == number, column.is_(None)).values({column: at})
    return connection.execute(change).rowcount == 1


def to_remind(connection: Connection, before: datetime) -> tuple[Breach, ...]:
    """What is due before a moment, with somebody left to tell, and was not reminded of."""
    due = breaches.c.due_at <= before
    return _found(connection, due & breaches.c.reminded_at.is_(None))


def late(connection: Connection, now: datetime) -> tuple[Breach, ...]:
    """What was due by now, with somebody left to tell, and has not been said to be late."""
    return _found(connection, (breaches.c.due_at <= now) & breaches.c.late_at.is_(None))


def noted(connection: Connection, numbers: Iterable[int], when: str, now: datetime) -> None:
    """Note that the staff were reminded (`reminded_at`), or told that it is late (`late_at`)."""
    connection.execute(update(breaches).where(breaches.c.id.in_(list(numbers))).values({when: now}))


def _found(connection: Connection, which: object) -> tuple[Breach, ...]:
    rows = connection.execute(select(breaches).where(UNTOLD, which).order_by(breaches.c.due_at))  # type: ignore[arg-type]
    return tuple(_read(row) for row in rows)


def _read(row: Row[tuple[object, ...]]) -> Breach:
    at = {"people": row.people_at, "authority": row.authority_at}
    told_at = {party: at[party] for party in PARTIES if at[party] is not None}
    return Breach(row.id, Account(**row.account), row.noted_by, row.known_at, row.due_at, told_at)
