"""Turns by what was said and what happened in them: from what came in and the traces kept with it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy import Connection, and_, select

from dialogs.abandoned import Exchange
from storage.rows import conversations, inbox

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


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody wrote, and the flows that began with it; `person` only tells people apart."""

    person: str
    text: str
    flows: frozenset[str]


def said(connection: Connection, since: datetime, until: datetime) -> Iterator[Said]:
    """What citizens wrote in a time and was answered; on several channels somebody linked, they are one."""
    theirs = and_(conversations.c.channel == inbox.c.channel, conversations.c.address == inbox.c.address)
    query = (
        select(conversations.c.contact, inbox.c.payload, inbox.c.trace)
        .join(conversations, theirs)
        .where(inbox.c.received_at >= since, inbox.c.received_at < until, inbox.c.trace.is_not(None))
        .execution_options(yield_per=AT_ONCE)
    )
    for contact, payload, trace in connection.execute(query):
        if text := str((payload or {}).get("text") or ""):
            happened = (trace or {}).get("happened") or ()
            flows = frozenset(entry[1] for entry in happened if entry[0] == "FlowStarted")
            yield Said(contact, text, flows)
