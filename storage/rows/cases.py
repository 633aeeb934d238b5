from collections.abc import Mapping
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
    text,
)

from storage.rows.base import Moment, metadata, row_id
from storage.rows.sealed import SealedDocument, SealedKey, SealedText, member


def _of_ticket(ticket: Any) -> dict[str, Any]:
    """What figures and the open interface ask of every ticket."""
    plain = {name: member(ticket, name) for name in ("rating", "due_kind")}
    return {"flags": sorted(member(ticket, "flags") or ()), **plain}


def _of_event(event: Any) -> dict[str, Any]:
    """The step, and the marks a citizen gave."""
    data = member(event, "data") or {}
    marks = {**_whole(data), "survey": _whole(data.get("survey") or {})}
    return {"before": member(event, "before"), "after": member(event, "after"), "data": marks}


def _whole(data: Mapping[str, Any]) -> dict[str, int]:
    return {name: value for name, value in data.items() if isinstance(value, int)}


tickets = Table(
    "tickets",
    metadata,
    Column("number", String, primary_key=True),
    Column("reporter", ForeignKey("contacts.id"), nullable=False, index=True),
    Column("channel", String, nullable=False),
    Column("address", SealedKey("address"), nullable=False),
    Column("status", String, nullable=False),
    Column("agency", String, nullable=False),
    Column("classification", String, nullable=False),
    Column("category", String, nullable=False),
    Column("subcategory", String, nullable=False),
    Column("verdict", String, nullable=False),
    Column("kode", String, nullable=False),
    Column("lat", Float),
    Column("lon", Float),
    Column("opened_at", Moment, nullable=False),
    Column("changed_at", Moment, nullable=False),
    Column("due_at", Moment),
    Column("open", Boolean, nullable=False),
    Column("parent", String, nullable=False, server_default=""),  # the ticket it was merged into
    Column("version", Integer, nullable=False),
    Column("state", SealedDocument("tickets.state", _of_ticket), nullable=False),
    Column("head", String, nullable=False, server_default=""),  # the hash of the last line of its history
    Index("ix_tickets_opened_at", "opened_at"),
    Index("ix_tickets_queue", "agency", "open", "due_at"),
    Index(
        "ix_tickets_parent",
        "parent",
        sqlite_where=text("parent != ''"),
        postgresql_where=text("parent != ''"),
    ),
)

candidates = Table(  # tickets others may be offered to follow, kept small: open ones with nothing private
    "candidates",
    metadata,
    Column("number", ForeignKey("tickets.number"), primary_key=True),
    Column("category", String, nullable=False),
    Column("subcategory", String, nullable=False),
    Column("cell", Integer),
    Column("lat", Float),
    Column("lon", Float),
    Column("kode", String, nullable=False),
    Column("place", SealedText("candidates.place"), nullable=False),
    Column("opened_at", Moment, nullable=False),
    Column("words", SealedText("candidates.words"), nullable=False),
    Index("ix_candidates_cell", "category", "cell", "opened_at", "lat", "lon", "number"),
    Index("ix_candidates_area", "category", "kode", "opened_at", "cell", "number"),
)

ticket_events = Table(
    "ticket_events",
    metadata,
    Column("id", row_id(), primary_key=True, autoincrement=True),
    Column("number", ForeignKey("tickets.number"), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("at", Moment, nullable=False),
    Column("action", String, nullable=False),
    Column("event", SealedDocument("ticket_events.event", _of_event), nullable=False),
    Column("hash", String, nullable=False),
    UniqueConstraint("number", "seq"),
)

followers = Table(
    "followers",
    metadata,
    Column("number", ForeignKey("tickets.number"), primary_key=True),
    Column("contact", ForeignKey("contacts.id"), primary_key=True),
    Column("channel", String, nullable=False),
    Column("address", SealedKey("address"), nullable=False),
    Column("since", Moment, nullable=False),
)

deadlines = Table(
    "deadlines",
    metadata,
    Column("id", row_id(), primary_key=True, autoincrement=True),
    Column("number", ForeignKey("tickets.number"), nullable=False),
    Column("kind", String, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("done_at", Moment),
    UniqueConstraint("number", "kind", "due_at"),
    Index("ix_deadlines_open", "done_at", "due_at"),
)

media = Table(
    "media",
    metadata,
    Column("id", String, primary_key=True),
    Column("number", ForeignKey("tickets.number"), index=True),  # none until a ticket claims it
    Column("channel", String, nullable=False),
    Column("address", SealedKey("address"), nullable=False, server_default=""),
    Column("attachment", SealedDocument("media.attachment"), nullable=False),
    Column("role", String, nullable=False),  # evidence | proof | message
    Column("state", String, nullable=False),  # waiting | kept | refused | lost
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("not_before", Moment, nullable=False),
    Column("sha256", SealedKey("file"), index=True),
    Column("size", Integer),
    Column("copy_sha256", SealedKey("file")),  # what is passed on: no marks of time and place in it
    Column("copy_mime", String),
    Column("facts", SealedDocument("media.facts")),
    Column("coarse", String),  # the two prints, in hex
    Column("fine", String),
    Column("seen", SealedDocument("media.seen")),  # where the same picture was before
    Column("settled_at", Moment),  # when it joined its ticket's chain
    Column("created_at", Moment, nullable=False),
    Column("error", String),
    Index("ix_media_waiting", "state", "not_before"),
    Index(
        "ix_media_unsettled",
        "number",
        "state",
        sqlite_where=text("settled_at IS NULL"),
        postgresql_where=text("settled_at IS NULL"),
    ),
)
