from sqlalchemy import Boolean, Column, String, Table

from storage.rows.base import Moment, metadata

timers = Table(
    "timers",
    metadata,
    Column("name", String, primary_key=True),
    Column("due_at", Moment, nullable=False),
)

digest_choices = Table(
    "digest_choices",
    metadata,
    Column("chat", String, primary_key=True),
    Column("kind", String, primary_key=True),
    Column("wanted", Boolean, nullable=False),
)
