from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, UniqueConstraint, text

from storage.rows.base import Document, Moment, metadata, row_id

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
    Column("external_id", String, nullable=False),
    Column("address", String, nullable=False),
    Column("received_at", Moment, nullable=False),
    Column("payload", Document, nullable=False),
    Column("state", String, nullable=False),  # waiting | done | set_aside
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("done_at", Moment),
    Column("error", String),
    Column("trace", Document),
    UniqueConstraint("channel", "external_id"),
    Index("ix_inbox_waiting", "channel", "address", "id", sqlite_where=text("state = 'waiting'")),
    Index("ix_inbox_address", "channel", "address", "id"),
)

conversations = Table(
    "conversations",
    metadata,
    Column("id", String, primary_key=True),
    Column("channel", String, nullable=False),
    Column("address", String, nullable=False),
    Column("contact", ForeignKey("contacts.id"), nullable=False),
    Column("bundle", String, nullable=False),
    Column("state", Document, nullable=False),
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
    Column("address", String, nullable=False),
    Column("message", Document, nullable=False),
    Column("ticket", String, nullable=False, server_default=""),
    Column("origin", String, nullable=False, server_default=""),  # where ✓ or ✗ is to be shown
    Column("state", String, nullable=False),  # waiting | held | sent | failed
    Column("created_at", Moment, nullable=False),
    Column("not_before", Moment, nullable=False),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("sent_at", Moment),
    Column("delivered_at", Moment),
    Column("read_at", Moment),
    Column("refs", Document),
    Column("error_code", String),
    Column("error_text", String),
    Column("turn", String, nullable=False, server_default=""),  # which brought it about
    Index("ix_outbox_waiting", "channel", "address", "id", sqlite_where=text("state = 'waiting'")),
    Index("ix_outbox_held", "channel", "address", sqlite_where=text("state = 'held'")),
    Index("ix_outbox_address", "channel", "address", "id"),
    Index("ix_outbox_ticket", "ticket"),
)

links = Table(
    "links",
    metadata,
    Column("channel", String, primary_key=True),
    Column("address", String, primary_key=True),
    Column("ref", String, primary_key=True),
    Column("ticket", String, nullable=False),
    Column("purpose", String, nullable=False),
)

receipts = Table(
    "receipts",
    metadata,
    Column("channel", String, primary_key=True),
    Column("ref", String, primary_key=True),
    Column("outbox", row_id()),  # unknown while the platform tells before we have written down what we sent
    Column("state", String, nullable=False),  # sent | delivered | read | failed
    Column("at", Moment, nullable=False),
    Column("error", Document),
    Index("ix_receipts_outbox", "outbox"),
)

uploads = Table(
    "uploads",
    metadata,
    Column("channel", String, primary_key=True),
    Column("sha256", String, primary_key=True),
    Column("ref", String, nullable=False),
    Column("expires_at", Moment, nullable=False),
)
