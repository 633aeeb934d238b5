"""What was lately written to the staff about a report: what they were asked, and what the citizen said."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from storage.rows import outbox
from storage.rows.sealed import in_clear


@dataclass(frozen=True, slots=True)
class Written:
    """One message to a chat of the staff: what it was made from, and since when it stands there as `refs`."""

    chat: str
    response: str
    created_at: datetime
    sent_at: datetime | None
    refs: tuple[str, ...]


def lately(connection: Connection, channel: str, number: str, since: datetime) -> Sequence[Written]:
    """What was written about a report since a moment, the newest first."""
    found = connection.execute(
        select(
            outbox.c.address,
            in_clear(outbox.c.message)["response"].as_string(),
            outbox.c.created_at,
            outbox.c.sent_at,
            outbox.c.refs,
        )
        .where(outbox.c.ticket == number, outbox.c.channel == channel, outbox.c.created_at >= since)
        .order_by(outbox.c.id.desc())
    )
    return [
        Written(chat, made_from, made, sent, tuple(refs or ())) for chat, made_from, made, sent, refs in found
    ]
