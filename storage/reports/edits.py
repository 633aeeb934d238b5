"""Where an edited message had gone: the report it had become part of, and what it said before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from dialogs.messages import InboundMessage
from storage.codec import INBOUND
from storage.reports import cases
from storage.rows import inbox
from tickets.ticket import Ticket, TicketEvent

SURE_LENGTH = 12
"""From so many signs on, words found inside others are those words; shorter ones must stand alone."""


@dataclass(frozen=True, slots=True)
class Version:
    """A message as it was answered once, and when it came."""

    received_at: datetime
    message: InboundMessage


def versions(connection: Connection, edited: InboundMessage) -> tuple[Version, ...]:
    """Every answered version of the message an edit changes, oldest first."""
    found = (
        select(inbox.c.received_at, inbox.c.payload)
        .where(
            inbox.c.channel == edited.channel,
            inbox.c.address == edited.address,
            inbox.c.state == "done",
        )
        .order_by(inbox.c.id)
    )
    return tuple(
        Version(at, INBOUND.load(payload))
        for at, payload in connection.execute(found)
        if payload.get("message_ref") == edited.message_ref
    )


def part_of(connection: Connection, contact: str, known: Sequence[Version]) -> str:
    """The number of the person's own report a message had become part of; empty when of none."""
    for case in cases.cases_of(connection, contact):
        history = cases.history(connection, case.ticket.number)
        if any(_in_report(one, case.ticket) or _in_history(one, history) for one in known):
            return case.ticket.number
    return ""


def _in_report(one: Version, ticket: Ticket) -> bool:
    report = ticket.report
    told = (report.narrative, report.place.text, report.event_time)
    shown = {file.media_id for file in one.message.attachments} & set(report.evidence)
    came_first = ticket.opened_at >= one.received_at
    return came_first and (bool(shown) or any(_holds(text, one.message.text) for text in told))


def _in_history(one: Version, history: Sequence[TicketEvent]) -> bool:
    said = (event for event in history if event.actor.kind == "citizen" and event.at >= one.received_at)
    return any(_holds(text, one.message.text) for event in said for text in (event.text, event.reason))


def _holds(text: str, said: str) -> bool:
    said, text = said.strip(), text.strip()
    alone = said == text or said in text.splitlines()
    return bool(said) and (alone or (len(said) >= SURE_LENGTH and said in text))
