"""What is let go of once its term is over: which rows those are, and that they go for good."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, and_, delete, exists, func, or_, select, tuple_

from storage.people.belongings import KNOWN_OF_ADDRESS, OF_TALKS, drop_at, drop_of
from storage.rows import (
    addresses,
    bans,
    contacts,
    conversations,
    followers,
    hearings,
    inbox,
    invitations,
    link_codes,
    looks,
    outbox,
    pauses,
    receipts,
    spending,
    texts_filed,
    tickets,
    unsent,
    uploads,
    walk_ins,
)

Over = Callable[[datetime], ColumnElement[bool]]
Key = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Kind:
    """Rows of one table that may go: `over` says which, given the moment up to which they are too old."""

    table: Table
    over: Over
    with_them: Callable[[Connection, Sequence[Key]], None] | None = None
    """Rows of other tables that go first, because they hang on these."""
    spared: Callable[[Connection], ColumnElement[bool]] | None = None
    """Which rows stay all the same, where the database cannot tell: it knows addresses only sealed."""

    @property
    def key(self) -> tuple[Any, ...]:
        """The columns a row is known by."""
        return tuple(self.table.primary_key)

    def going(self, connection: Connection, before: datetime) -> ColumnElement[bool]:
        """Which rows go."""
        over = self.over(before)
        return over if self.spared is None else and_(over, ~self.spared(connection))


def _open_report(table: Table) -> ColumnElement[bool]:
    """Whether somebody at the row's address waits for a report: then nothing of theirs goes."""
    here = and_(tickets.c.channel == table.c.channel, tickets.c.address == table.c.address)
    return exists(select(tickets.c.number).where(here, tickets.c.open))


def _messages_in(before: datetime) -> ColumnElement[bool]:
    done = inbox.c.state.in_(("done", "set_aside"))
    return and_(done, inbox.c.received_at < before, ~_open_report(inbox))


def _messages_out(before: datetime) -> ColumnElement[bool]:
    done = outbox.c.state.in_(("sent", "failed"))
    about = exists(select(tickets.c.number).where(tickets.c.number == outbox.c.ticket, tickets.c.open))
    return and_(done, outbox.c.created_at < before, ~about, ~_open_report(outbox))


def _walk_ins(before: datetime) -> ColumnElement[bool]:
    return func.coalesce(walk_ins.c.ended_at, walk_ins.c.begun_at) < before


def _of_open_reports(connection: Connection) -> ColumnElement[bool]:
    """Talks at a counter or on the telephone in which a report was told that is still open."""
    there = tickets.c.channel.in_(select(walk_ins.c.channel))
    told = connection.execute(select(tickets.c.address).where(tickets.c.open, there))
    return walk_ins.c.id.in_(told.scalars().all())


def _silent_people(before: datetime) -> ColumnElement[bool]:
    """People who neither reported nor follow anything, whose every talk has long been still."""
    mine = contacts.c.id
    tied = [
        exists().where(tickets.c.reporter == mine),
        exists().where(followers.c.contact == mine),
        exists().where(bans.c.contact == mine),
        exists().where(conversations.c.contact == mine, conversations.c.changed_at >= before),
    ]
    return and_(contacts.c.created_at < before, ~or_(*tied))


def _all_of_them(connection: Connection, keys: Sequence[Key]) -> None:
    """The talks and addresses of people, and what is known of those addresses."""
    people = [key[0] for key in keys]
    theirs = select(addresses.c.channel, addresses.c.address).where(addresses.c.contact.in_(people))
    drop_at(connection, KNOWN_OF_ADDRESS, theirs)
    drop_of(connection, OF_TALKS, people)


def _older(column: Any) -> Over:
    return lambda before: column < before


KINDS: Mapping[str, Kind] = {
    "messages_in": Kind(inbox, _messages_in),
    "messages_out": Kind(outbox, _messages_out),
    "deliveries": Kind(receipts, _older(receipts.c.at)),
    "last_heard": Kind(hearings, _older(hearings.c.heard_at)),
    "silent_people": Kind(contacts, _silent_people, _all_of_them),
    "pauses": Kind(pauses, _older(pauses.c.until)),
    "link_codes": Kind(link_codes, _older(link_codes.c.expires_at)),
    "uploads": Kind(uploads, _older(uploads.c.expires_at)),
    "spending": Kind(spending, _older(spending.c.at)),
    "walk_ins": Kind(walk_ins, _walk_ins, spared=_of_open_reports),
    "texts_filed": Kind(texts_filed, _older(texts_filed.c.at)),
    "invitations": Kind(invitations, _older(invitations.c.expires_at)),
    "looks": Kind(looks, _older(looks.c.at)),
    "unsent": Kind(unsent, _older(unsent.c.created_at)),
}


def count(connection: Connection, kind: str, before: datetime) -> int:
    """How many rows of a kind are older than their term."""
    one = KINDS[kind]
    return connection.execute(
        select(func.count()).select_from(one.table).where(one.going(connection, before))
    ).scalar_one()


def overdue(connection: Connection, kind: str, before: datetime, most: int) -> tuple[Key, ...]:
    """The keys of rows whose term is over; a look of any length, for a connection that only reads."""
    one = KINDS[kind]
    return tuple(
        tuple(row)
        for row in connection.execute(select(*one.key).where(one.going(connection, before)).limit(most))
    )


def drop(connection: Connection, kind: str, before: datetime, keys: Sequence[Key]) -> int:
    """Let go of these rows, if their term is still over; how many went."""
    one = KINDS[kind]
    still = select(*one.key).where(tuple_(*one.key).in_(keys), one.going(connection, before))
    going = [tuple(row) for row in connection.execute(still)]
    if not going:
        return 0
    if one.with_them is not None:
        one.with_them(connection, going)
    connection.execute(delete(one.table).where(tuple_(*one.key).in_(going)))
    return len(going)
