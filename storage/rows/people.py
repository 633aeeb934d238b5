from sqlalchemy import Column, ForeignKey, String, Table

from storage.rows.base import Moment, metadata

contacts = Table(
    "contacts",
    metadata,
    Column("id", String, primary_key=True),
    Column("created_at", Moment, nullable=False),
    Column("language", String, nullable=False),
    Column("consent_version", String, nullable=False, server_default=""),
    Column("consent_at", Moment),
)

addresses = Table(
    "addresses",
    metadata,
    Column("channel", String, primary_key=True),
    Column("address", String, primary_key=True),
    Column("contact", ForeignKey("contacts.id"), nullable=False, index=True),
    Column("created_at", Moment, nullable=False),
    Column("blocked_at", Moment),
)
