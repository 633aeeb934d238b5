"""What people agreed to: the very text they had before them, in what language, where and when."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select

from storage.codec import OUTBOUND
from storage.doors.joint import Joint
from storage.doors.prepared import Prepared
from storage.rows import consents, outbox
from storage.rows.sealed import in_clear
from storage.talks import conversations

KEEP = Joint(insert(consents), ("contact", "version", "language", "channel", "at", "shown"))


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
    KEEP.soon(connection, row)


def last_asked(
    connection: Connection, channel: str, address: str, questions: Collection[str]
) -> tuple[str, str]:
    """The latest of these questions put to an address: its name and its text; empty when none was."""
    asked = {f"question_{place}": name for place, name in enumerate(questions)}
    found = _asked(len(asked)).first(connection, {"at_channel": channel, "at_address": address, **asked})
    if found is None:
        return "", ""
    message = OUTBOUND.load(found[0])
    return message.response, message.text


@cache
def _asked(so_many: int) -> Prepared:
    response = in_clear(outbox.c.message)["response"].as_string()
    return Prepared(
        select(outbox.c.message)
        .where(outbox.c.channel == bindparam("at_channel"), outbox.c.address == bindparam("at_address"))
        .where(response.in_([bindparam(f"question_{place}") for place in range(so_many)]))
        .order_by(outbox.c.id.desc())
        .limit(1)
    )


def of(connection: Connection, contact: str) -> list[dict[str, Any]]:
    """Every consent of a person, the first one first."""
    query = select(consents).where(consents.c.contact == contact).order_by(consents.c.id)
    plain = ("version", "language", "channel", "at")
    return [
        {name: row[name] for name in plain} | row["shown"] for row in connection.execute(query).mappings()
    ]
