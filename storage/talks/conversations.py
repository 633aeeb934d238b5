"""Conversations and the people behind them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from storage.doors.inquiries import Inquiry
from storage.doors.joint import Joint
from storage.doors.prepared import Prepared
from storage.doors.upsert import insert as upsert
from storage.rows import addresses, bundles, contacts, conversations
from storage.rows.sealed import in_clear

LOAD = Prepared(
    select(
        conversations.c.id,
        conversations.c.contact,
        conversations.c.bundle,
        conversations.c.state,
        conversations.c.version,
    ).where(
        conversations.c.channel == bindparam("at_channel"),
        conversations.c.address == bindparam("at_address"),
    )
)
SAVE = Joint(
    update(conversations)
    .where(conversations.c.id == bindparam("row"), conversations.c.version == bindparam("known"))
    .values(
        bundle=bindparam("pinned"),
        state=bindparam("document"),
        version=bindparam("known") + 1,
        changed_at=bindparam("at"),
        quiet_at=bindparam("quiet"),
    ),
    known_by={"row": conversations.c.id},
    sure=True,
)
BEGIN = Joint(
    insert(conversations),
    ("id", "channel", "address", "contact", "bundle", "state", "version", "changed_at", "quiet_at"),
)
CONTACT = Joint(insert(contacts), ("id", "created_at", "language"), {"id": contacts.c.id})
ADDRESS = Joint(insert(addresses), ("channel", "address", "contact", "created_at"))
CONSENT = Joint(
    update(contacts)
    .where(contacts.c.id == bindparam("person"))
    .values(consent_version=bindparam("of"), consent_at=bindparam("at")),
    known_by={"person": contacts.c.id},
)
LANGUAGE = Prepared(select(contacts.c.language).where(contacts.c.id == bindparam("person")))
SPOKEN = Prepared(
    select(contacts.c.language)
    .join(addresses, addresses.c.contact == contacts.c.id)
    .where(addresses.c.channel == bindparam("at_channel"), addresses.c.address == bindparam("at_address"))
)
OPEN = select(
    conversations.c.id,
    conversations.c.contact,
    conversations.c.bundle,
    conversations.c.state,
    conversations.c.version,
    conversations.c.quiet_at,
).where(in_clear(conversations.c.state)[("stack", 0, "flow")].as_string().is_not(None))


@dataclass(frozen=True, slots=True)
class Kept:
    """A conversation as it stands in its row.

    `version` guards against two writers; `quiet_at` is when silence becomes worth a word.
    """

    id: str
    contact: str
    bundle: str
    state: Any
    version: int
    quiet_at: datetime | None = None


class StaleConversationError(Exception):
    """The conversation moved on since it was read."""


def load(connection: Connection, channel: str, address: str) -> Kept | None:
    """The conversation of an address, if there is one."""
    found = LOAD.rows(connection, {"at_channel": channel, "at_address": address})
    return Kept(*found[0]) if found else None


@dataclass(frozen=True, slots=True)
class NewContact:
    """A person seen for the first time, under one address."""

    id: str
    channel: str
    address: str
    language: str


def contact_at(connection: Connection, channel: str, address: str) -> str | None:
    """The person behind an address."""
    return connection.execute(
        select(addresses.c.contact).where(addresses.c.channel == channel, addresses.c.address == address)
    ).scalar()


def introduce(connection: Connection, contact: NewContact, now: datetime) -> None:
    """Keep a new person with whom there is no talk: a program speaks for them."""
    CONTACT.soon(connection, {"id": contact.id, "created_at": now, "language": contact.language})
    ADDRESS.soon(
        connection,
        {"channel": contact.channel, "address": contact.address, "contact": contact.id, "created_at": now},
    )


def begin(connection: Connection, contact: NewContact, kept: Kept, now: datetime) -> None:
    """Keep a new person and their first conversation."""
    introduce(connection, contact, now)
    BEGIN.soon(
        connection,
        {
            "id": kept.id,
            "channel": contact.channel,
            "address": contact.address,
            "contact": contact.id,
            "bundle": kept.bundle,
            "state": kept.state,
            "version": 1,
            "changed_at": now,
            "quiet_at": kept.quiet_at,
        },
    )


def save(connection: Connection, kept: Kept, now: datetime) -> None:
    """Write a conversation back, one version on.

    Raises:
        StaleConversationError: it changed since it was read; at the latest when the transaction ends.
    """

    def told(touched: bool) -> None:  # noqa: FBT001 it is told so
        if not touched:
            raise StaleConversationError(kept.id)

    values = {
        "row": kept.id,
        "known": kept.version,
        "pinned": kept.bundle,
        "document": kept.state,
        "at": now,
        "quiet": kept.quiet_at,
    }
    SAVE.soon(connection, values, told)


def open_talks(connection: Connection) -> tuple[Kept, ...]:
    """Every conversation in which something is open."""
    return tuple(Kept(*row) for row in connection.execute(OPEN))


def bundles_in_use(connection: Connection) -> tuple[str, ...]:
    """The hashes of the bundles that open conversations are pinned to."""
    return tuple(connection.execute(OPEN.with_only_columns(conversations.c.bundle).distinct()).scalars())


def gone_quiet(connection: Connection, now: datetime, most: int) -> tuple[tuple[str, str], ...]:
    """(channel, address) of conversations whose silence has become worth a word."""
    found = (
        select(conversations.c.channel, conversations.c.address)
        .where(conversations.c.quiet_at <= now)
        .order_by(conversations.c.quiet_at)
        .limit(most)
    )
    return tuple((channel, address) for channel, address in connection.execute(found))


def give_consent(connection: Connection, contact: str, version: str, now: datetime) -> None:
    """Record, provably, which privacy sentence a person agreed to and when."""
    CONSENT.soon(connection, {"person": contact, "of": version, "at": now})


def set_language(connection: Connection, contact: str, language: str) -> None:
    """Remember the language a person wants."""
    connection.execute(update(contacts).where(contacts.c.id == contact).values(language=language))


def tongue(contact: str) -> Inquiry[str]:
    """The language a person wants; Indonesian for somebody unknown."""
    return Inquiry(LANGUAGE, {"person": contact}, lambda rows: str(rows[0][0]) if rows else "id")


def language_of(connection: Connection, contact: str) -> str:
    """The language a person wants; Indonesian for somebody unknown."""
    return tongue(contact).at(connection)


def spoken(connection: Connection, channel: str, address: str) -> str:
    """The language spoken with an address; empty for somebody unknown."""
    row = SPOKEN.first(connection, {"at_channel": channel, "at_address": address})
    return "" if row is None else str(row[0])


def known(connection: Connection, contact: str) -> bool:
    """Whether there is such a person."""
    return connection.execute(select(contacts.c.id).where(contacts.c.id == contact)).first() is not None


def person(connection: Connection, contact: str) -> dict[str, Any]:
    """All that is kept about a person themselves."""
    about = connection.execute(select(contacts).where(contacts.c.id == contact)).mappings().one()
    ways = connection.execute(
        select(addresses.c.channel, addresses.c.created_at).where(addresses.c.contact == contact)
    )
    return {**about, "channels": [dict(way) for way in ways.mappings()]}


def set_blocked(connection: Connection, channel: str, address: str, since: datetime | None) -> None:
    """Note that a person blocked the bot (or unblocked it: None)."""
    connection.execute(
        update(addresses)
        .where(addresses.c.channel == channel, addresses.c.address == address)
        .values(blocked_at=since)
    )


def blocked(connection: Connection, channel: str, address: str) -> bool:
    """Whether a person shut the bot out, or asked for no more news."""
    row = connection.execute(
        select(addresses.c.blocked_at).where(addresses.c.channel == channel, addresses.c.address == address)
    ).first()
    return row is not None and row.blocked_at is not None


def gone(connection: Connection, channel: str, since: datetime | None = None) -> tuple[str, ...]:
    """The addresses of a channel that nobody reads any more; with `since`, only those that ended after it."""
    at = addresses.c.blocked_at
    query = select(addresses.c.address).where(addresses.c.channel == channel)
    return tuple(connection.execute(query.where(at.is_not(None) if since is None else at >= since)).scalars())


def keep_bundle(connection: Connection, bundle_hash: str, sources: Any, author: str, now: datetime) -> None:
    """Keep an immutable bundle under its content hash; a second time changes nothing."""
    row = {"hash": bundle_hash, "sources": sources, "author": author, "created_at": now}
    connection.execute(upsert(bundles).on_conflict_do_nothing(), row)


def bundle_sources(connection: Connection, bundle_hash: str) -> dict[str, str] | None:
    """The files of a kept bundle."""
    row = connection.execute(select(bundles.c.sources).where(bundles.c.hash == bundle_hash)).first()
    return None if row is None else row.sources
