from sqlalchemy import Boolean, Column, ForeignKey, Integer, String, Table

from storage.rows.base import Moment, metadata

operators = Table(
    "operators",
    metadata,
    Column("id", String, primary_key=True),  # the messenger's user id
    Column("name", String, nullable=False),
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
)
