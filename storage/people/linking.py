"""One person on several channels: codes that tie addresses together, and where news is to go."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, insert, select, update

from storage.people.merging import give_belongings
from storage.rows import addresses, contacts, conversations, link_codes

CODE_HOLDS = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Way:
    """An address of a person, and when they last used it."""

    channel: str
    address: str
    used_at: datetime


def offer(connection: Connection, code: str, contact: str, now: datetime) -> None:
    """Let this code stand for a person until it is used or too old; their earlier codes fall."""
    connection.execute(
        update(link_codes)
        .where(link_codes.c.contact == contact, link_codes.c.used_at.is_(None))
        .values(used_at=now)
    )
    row = {"digest": _digest(code), "contact": contact, "expires_at": now + CODE_HOLDS}
    connection.execute(insert(link_codes), row)


def owner(connection: Connection, code: str, now: datetime) -> str | None:
    """Whom a code stands for; None when it does not hold."""
    found = select(link_codes.c.contact).where(
        link_codes.c.digest == _digest(code),
        link_codes.c.used_at.is_(None),
        link_codes.c.expires_at > now,
    )
    return connection.execute(found).scalar()


def take(connection: Connection, code: str, contact: str, now: datetime) -> str | None:
    """Use a code up and make its owner and this person one; the owner, or None when it does not hold."""
    found = owner(connection, code, now)
    if found is None or found == contact:
        return None
    connection.execute(update(link_codes).where(link_codes.c.digest == _digest(code)).values(used_at=now))
    _join(connection, contact, found)
    return found


def ways(connection: Connection, contact: str) -> tuple[Way, ...]:
    """Where a person can be written to, the way used last first; blocked ones left out."""
    found = (
        select(addresses.c.channel, addresses.c.address, conversations.c.changed_at)
        .join(
            conversations,
            (conversations.c.channel == addresses.c.channel)
            & (conversations.c.address == addresses.c.address),
        )
        .where(addresses.c.contact == contact, addresses.c.blocked_at.is_(None))
        .order_by(conversations.c.changed_at.desc())
    )
    return tuple(Way(*row) for row in connection.execute(found))


def choose(connection: Connection, contact: str, channel: str) -> None:
    """Send news to a person on this channel from here on; "" is the one used last."""
    connection.execute(update(contacts).where(contacts.c.id == contact).values(news_on=channel))


def choice(connection: Connection, contact: str) -> str:
    """The channel a person chose for news; "" is the one used last."""
    return connection.execute(select(contacts.c.news_on).where(contacts.c.id == contact)).scalar() or ""


def _digest(code: str) -> str:
    """A code as it is kept: nobody reads one off the database. Blanks, dashes and case do not count."""
    plain = "".join(letter for letter in code.upper() if letter.isalnum())
    return hashlib.sha256(plain.encode()).hexdigest()


def _join(connection: Connection, gone: str, stays: str) -> None:
    """Make one person of two: everything of the one goes over to the other, talks in hand included."""
    give_belongings(connection, gone, stays)
    connection.execute(update(addresses).where(addresses.c.contact == gone).values(contact=stays))
    for row in connection.execute(select(conversations).where(conversations.c.contact == gone)).all():
        # A step of the version: whoever is in the middle of a turn takes it again, as the new person.
        connection.execute(
            update(conversations)
            .where(conversations.c.id == row.id)
            .values(contact=stays, state={**row.state, "contact": stays}, version=conversations.c.version + 1)
        )
    consent = connection.execute(select(contacts).where(contacts.c.id == gone)).one()
    connection.execute(
        update(contacts)
        .where(contacts.c.id == stays, contacts.c.consent_version == "")
        .values(consent_version=consent.consent_version, consent_at=consent.consent_at)
    )
