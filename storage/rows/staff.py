from sqlalchemy import Boolean, Column, ForeignKey, Integer, String, Table

from storage.rows.base import Moment, metadata, row_id
from storage.rows.sealed import SealedDocument, SealedText

operators = Table(
    "operators",
    metadata,
    Column("id", String, primary_key=True),  # the messenger's user id
    Column("name", SealedText("operators.name"), nullable=False),
    Column("joined_at", Moment, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("language", String, nullable=False, server_default="id"),
)

memberships = Table(
    "memberships",
    metadata,
    Column("operator", ForeignKey("operators.id"), primary_key=True),
    Column("agency", String, primary_key=True),
    Column("role", String, primary_key=True),
    Column("since", Moment, nullable=False),
)

invitations = Table(
    "invitations",
    metadata,
    Column("token_hash", String, primary_key=True),
    Column("agency", String, nullable=False),
    Column("role", String, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("used_at", Moment),
    Column("used_by", String),
)

groups = Table(
    "groups",
    metadata,
    Column("chat", String, primary_key=True),
    Column("agency", String, nullable=False, index=True),
    Column("forum", Boolean, nullable=False),
    Column("language", String, nullable=False, server_default="id"),
    Column("since", Moment, nullable=False),
)

cards = Table(
    "cards",
    metadata,
    Column("number", ForeignKey("tickets.number"), primary_key=True),
    Column("chat", String, primary_key=True),
    Column("thread", Integer),
    Column("message", String, nullable=False),
    Column("version", Integer, nullable=False),
    Column("closed", Boolean, nullable=False, server_default="0"),  # the topic, not the ticket
)

announcements = Table(
    "announcements",
    metadata,
    Column("id", String, primary_key=True),
    Column("number", ForeignKey("tickets.number"), nullable=False),
    Column("operator", String, nullable=False),
    Column("origin", String, nullable=False),  # where the outcome is told: chat/message
    Column("message", SealedDocument("announcements.message"), nullable=False),
    Column("state", String, nullable=False),  # draft | going | done
    Column("total", Integer, nullable=False, server_default="0"),
    Column("delivered", Integer, nullable=False, server_default="0"),
    Column("failed", Integer, nullable=False, server_default="0"),
    Column("created_at", Moment, nullable=False),
)

unsent = Table(
    "unsent",
    metadata,
    Column("id", String, primary_key=True),
    Column("number", ForeignKey("tickets.number"), nullable=False),
    Column("operator", String, nullable=False),
    Column("words", SealedDocument("unsent.words"), nullable=False),
    Column("created_at", Moment, nullable=False, index=True),
)

looks = Table(
    "looks",
    metadata,
    Column("id", row_id(), primary_key=True, autoincrement=True),
    Column("at", Moment, nullable=False, index=True),
    Column("number", String, nullable=False),
    Column("operator", String, nullable=False),
    Column("name", SealedText("looks.name"), nullable=False),
    Column("role", String, nullable=False),
    Column("what", String, nullable=False),  # card | reporter
    Column("why", SealedText("looks.why"), nullable=False),
)

approvals = Table(
    "approvals",
    metadata,
    Column("id", String, primary_key=True),
    Column("agency", String, nullable=False),
    Column("role", String, nullable=False),
    Column("asked_by", String, nullable=False),
    Column("asked_at", Moment, nullable=False),
    Column("decided_by", String),
    Column("decided_at", Moment),
    Column("granted", Boolean),
)

walk_ins = Table(
    "walk_ins",
    metadata,
    Column("id", String, primary_key=True),  # the address of the talk
    Column("operator", String, nullable=False, index=True),
    Column("channel", String, nullable=False),
    Column("phone", SealedText("walk_ins.phone"), nullable=False, server_default=""),
    Column("begun_at", Moment, nullable=False),
    Column("ended_at", Moment),
)
