"""Secrets that pass through what is kept: taken out again once they have done their work."""

from collections.abc import Sequence
from dataclasses import replace

import orjson
from sqlalchemy import Connection, select, update

from storage.codec import OUTBOUND
from storage.doors.prepared import dumps
from storage.rows import inbox, outbox

GONE = "…"


def blank(connection: Connection, row: int) -> None:
    """Take the words out of a message that has met its fate: they held a link nobody needs here any more."""
    found = connection.execute(select(outbox.c.message).where(outbox.c.id == row)).scalar_one()
    emptied = replace(OUTBOUND.load(found), text=GONE, values=())
    connection.execute(update(outbox).where(outbox.c.id == row).values(message=emptied))


def forget(connection: Connection, channel: str, arrivals: Sequence[str], token: str) -> None:
    """Take a token out of the messages that brought it, by their ids on the platform."""
    here = (inbox.c.channel == channel, inbox.c.external_id.in_(arrivals))
    for row, payload in connection.execute(select(inbox.c.id, inbox.c.payload).where(*here)).all():
        without = orjson.loads(dumps(payload).replace(token, GONE))
        connection.execute(update(inbox).where(inbox.c.id == row).values(payload=without))
