from typing import Any

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, UniqueConstraint, text

from storage.rows.base import Document, Moment, metadata, row_id
from storage.rows.sealed import SealedDocument, SealedKey, SealedText, member


def _of_talk(talk: Any) -> dict[str, Any]:
    """Which flow a talk is in, by which open talks are found."""
    stack = member(talk, "stack") or ()
    return {"stack": [{"flow": member(frame, "flow")} for frame in stack[:1]]}


def _of_message(message: Any) -> dict[str, Any]:
    """Which text it was made from."""
    return {"response": member(message, "response")}


bundles = Table(
    "bundles",
    metadata,
    Column("hash", String, primary_key=True),
    Column("sources", Document, nullable=False),
    Column("author", String, nullable=False),
    Column("created_at", Moment, nullable=False),
)

inbox = Table(
    "inbox",
    metadata,
    Column("id", row_id(), primary_key=True, autoincrement=True),
    Column("channel", String, nullable=False),
    Column("external_id", SealedKey("message"), nullable=False),
    Column("address", SealedKey("address"), nullable=False),
    Column("received_at", Moment, nullable=False),
    Column("payload", SealedDocument("inbox.payload"), nullable=False),
    Column("state", String, nullable=False),  # waiting | done | set_aside
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("done_at", Moment),
    Column("error", String),
    Column("trace", SealedDocument("inbox.trace")),
    UniqueConstraint("channel", "external_id"),
    Index(
        "ix_inbox_waiting",
        "channel",
        "address",
        "id",
        sqlite_where=text("state = 'waiting'"),
        postgresql_where=text("state = 'waiting'"),
    ),
    Index("ix_inbox_address", "channel", "address", "id"),
)

conversations = Table(
    "conversations",
    metadata,
    Column("id", String, primary_key=True),
    Column("channel", String, nullable=False),
    Column("address", SealedKey("address"), nullable=False),
    Column("contact", ForeignKey("contacts.id"), nullable=False),
    Column("bundle", String, nullable=False),
    Column("state", SealedDocument("conversations.state", _of_talk), nullable=False),
    Column("version", Integer, nullable=False),
    Column("changed_at", Moment, nullable=False),
    Column("quiet_at", Moment),  # when the silence becomes worth a word
    UniqueConstraint("channel", "address"),
    Index("ix_conversations_quiet_at", "quiet_at"),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", row_id(), primary_key=True, autoincrement=True),
    Column("channel", String, nullable=False),
    Column("address", SealedKey("address"), nullable=False),
    Column("message", SealedDocument("outbox.message", _of_message), nullable=False),
    Column("ticket", String, nullable=False, server_default=""),
    Column("origin", String, nullable=False, server_default=""),  # where ✓ or ✗ is to be shown
    Column("state", String, nullable=False),  # waiting | held | sent | failed
    Column("created_at", Moment, nullable=False),
    Column("not_before", Moment, nullable=False),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("sent_at", Moment),
    Column("delivered_at", Moment),
    Column("read_at", Moment),
    Column("refs", SealedDocument("outbox.refs")),
    Column("error_code", String),
    Column("error_text", SealedText("outbox.error_text")),
    Column("turn", String, nullable=False, server_default=""),  # which brought it about
    Index(
        "ix_outbox_waiting",
        "channel",
        "address",
        "id",
        sqlite_where=text("state = 'waiting'"),
        postgresql_where=text("state = 'waiting'"),
    ),
    Index(
        "ix_outbox_held",
        "channel",
        "address",
        sqlite_where=text("state = 'held'"),
        postgresql_where=text("state = 'held'"),
    ),
    Index("ix_outbox_address", "channel", "address", "id"),
    Index("ix_outbox_ticket", "ticket"),
)

links = Table(
    "links",
    metadata,
    Column("channel", String, primary_key=True),
    Column("address", SealedKey("address"), primary_key=True),
    Column("ref", SealedKey("message"), primary_key=True),
    Column("ticket", String, nullable=False),
    Column("purpose", String, nullable=False),
)

receipts = Table(
    "receipts",
    metadata,
    Column("channel", String, primary_key=True),
    Column("ref", SealedKey("message"), primary_key=True),
    Column("outbox", row_id()),  # unknown while the platform tells before we have written down what we sent
    Column("state", String, nullable=False),  # sent | delivered | read | failed
    Column("at", Moment, nullable=False),
    Column("error", SealedDocument("receipts.error")),
    Index("ix_receipts_outbox", "outbox"),
)

uploads = Table(
    "uploads",
    metadata,
    Column("channel", String, primary_key=True),
    Column("sha256", SealedKey("file"), primary_key=True),
    Column("ref", String, nullable=False),
    Column("expires_at", Moment, nullable=False),
)
