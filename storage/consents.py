"""What people agreed to: the very text they had before them, in what language, where and when."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from storage import conversations
from storage.rows import consents, outbox
from storage.rows.sealed import in_clear


@dataclass(frozen=True, slots=True)
class Consent:
    """One consent; `text` is empty where a program asked in words of its own."""

    version: str
    language: str
    channel: str
    response: str = ""
    text: str = ""


def keep(connection: Connection, contact: str, consent: Consent, now: datetime) -> None:
    """Record, provably, what a person agreed to and when."""
    conversations.give_consent(connection, contact, consent.version, now)
    digest = hashlib.sha256(consent.text.encode()).hexdigest() if consent.text else ""
    row = {
        "contact": contact,
        "version": consent.version,
        "language": consent.language,
        "channel": consent.channel,
        "at": now,
        "shown": {"response": consent.response, "text": consent.text, "sha256": digest},
    }
    connection.execute(insert(consents), row)


def last_asked(
    connection: Connection, channel: str, address: str, questions: Collection[str]
) -> tuple[str, str]:
    """The latest of these questions put to an address: its name and its text; empty when none was."""
    response = in_clear(outbox.c.message)["response"].as_string()
    here = (outbox.c.channel == channel, outbox.c.address == address, response.in_(questions))
    query = select(outbox.c.message).where(*here).order_by(outbox.c.id.desc()).limit(1)
    found = connection.execute(query).scalar()
    return ("", "") if found is None else (found["response"], found["text"])


def of(connection: Connection, contact: str) -> list[dict[str, Any]]:
    """Every consent of a person, the first one first."""
    query = select(consents).where(consents.c.contact == contact).order_by(consents.c.id)
    plain = ("version", "language", "channel", "at")
    return [
        {name: row[name] for name in plain} | row["shown"] for row in connection.execute(query).mappings()
    ]
