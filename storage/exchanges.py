"""Turns by what happened in them: from the traces kept with what came in."""

from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256

from sqlalchemy import Connection, select

from dialogs.abandoned import Exchange
from storage.rows import inbox

AT_ONCE = 500
"""Rows held at a time."""


def between(connection: Connection, since: datetime, until: datetime) -> Iterator[Exchange]:
    """The turns of a time, each talk's in their order; messages answered together are one turn."""
    query = (
        select(inbox.c.channel, inbox.c.address, inbox.c.received_at, inbox.c.done_at, inbox.c.trace)
        .where(inbox.c.received_at >= since, inbox.c.received_at < until, inbox.c.trace.is_not(None))
        .order_by(inbox.c.channel, inbox.c.address, inbox.c.id)
        .execution_options(yield_per=AT_ONCE)
    )
    before = None
    for channel, address, received_at, done_at, trace in connection.execute(query):
        talk = sha256(f"{channel}/{address}".encode()).hexdigest()
        turn = (talk, done_at, trace)
        if turn != before and trace:
            yield Exchange(talk, received_at, tuple(trace.get("happened") or ()))
        before = turn
