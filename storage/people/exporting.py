"""Everything that is kept about one person, gathered for them to take along."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, select

from storage.people import consents
from storage.people.erasing import Person, own_files
from storage.reports import cases
from storage.rows import bans, data_requests, followers, identities, inbox, outbox, pauses, spending, walk_ins
from storage.talks import conversations
from tickets.ticket import Ticket, TicketEvent

OPEN_WORDS = frozenset({"reply"})
"""Of what the staff writes, what is addressed to the reporter."""


def everything(connection: Connection, who: Person, now: datetime) -> dict[str, Any]:
    """All of it, by what it is."""
    about = conversations.person(connection, who.contact)
    at = [address for _, address in who.addresses]
    phones = select(walk_ins.c.phone).where(walk_ins.c.id.in_(at), walk_ins.c.phone != "")
    return {
        "written_at": now,
        "person": {name: about[name] for name in ("id", "created_at", "language", "news_on")},
        "consent": {"version": about["consent_version"], "at": about["consent_at"]},
        "consents": consents.of(connection, who.contact),
        "names": sorted(who.names),
        "addresses": [{"channel": channel, "address": address} for channel, address in who.addresses],
        "called_by_platforms": _here(connection, identities, who, "channel", "kind", "name", "seen_at"),
        "phones_left_at_the_counter": list(connection.execute(phones).scalars()),
        "reports": [_report(connection, case.ticket) for case in cases.all_of(connection, who.contact)],
        "follows": _of(connection, followers, who.contact, "number", "since"),
        "asked_about_your_data": _of(
            connection, data_requests, who.contact, "right", "words", "asked_at", "done_at"
        ),
        "limits": _of(connection, bans, who.contact, "number", "reason", "since", "until"),
        "pauses": _here(connection, pauses, who, "channel", "until"),
        "costs": _here(connection, spending, who, "channel", "at", "segments"),
        "messages_from_you": _here(connection, inbox, who, "channel", "received_at", "payload"),
        "messages_to_you": _here(connection, outbox, who, "channel", "created_at", "sent_at", "message"),
        "talks": [_talk(connection, channel, address) for channel, address in who.addresses],
    }


def _report(connection: Connection, ticket: Ticket) -> dict[str, Any]:
    """A report with its history and its files; words of others than its reporter and replies stay out."""
    files = [
        {"kind": one.attachment.kind, "name": one.attachment.name, "bytes": one.size, "sha256": one.sha256}
        for one in own_files(connection, ticket.number)
    ]
    return {
        "number": ticket.number,
        "status": ticket.status,
        "opened_at": ticket.opened_at,
        "report": asdict(ticket.report),
        "rating": ticket.rating,
        "history": [_line(one, ticket.reporter) for one in cases.history(connection, ticket.number)],
        "files": files,
    }


def _line(event: TicketEvent, reporter: str) -> dict[str, Any]:
    own = event.actor.kind == "citizen" and event.actor.id == reporter
    shown = own or event.action in OPEN_WORDS
    by = "you" if own else event.actor.kind
    said = {"text": event.text, "data": dict(event.data)} if shown else {}
    return {"at": event.at, "action": event.action, "by": by, "status": event.after} | said


def _talk(connection: Connection, channel: str, address: str) -> dict[str, Any]:
    kept = conversations.load(connection, channel, address)
    return {"channel": channel, "state": kept.state if kept else None}


def _here(connection: Connection, table: Table, who: Person, *names: str) -> list[Mapping[str, Any]]:
    """What a table holds under a person's addresses."""
    query = select(*(table.c[name] for name in names))
    found: list[Mapping[str, Any]] = []
    for channel, address in who.addresses:
        here = query.where(table.c.channel == channel, table.c.address == address)
        found += [dict(row) for row in connection.execute(here).mappings()]
    return found


def _of(connection: Connection, table: Table, contact: str, *names: str) -> list[Mapping[str, Any]]:
    query = select(*(table.c[name] for name in names)).where(table.c.contact == contact)
    return [dict(row) for row in connection.execute(query).mappings()]
