from sqlalchemy import Column, ForeignKey, Index, String, Table

from storage.rows.base import Moment, metadata, row_id

corrections = Table(
    "corrections",
    metadata,
    Column("id", row_id(), primary_key=True, autoincrement=True),
    Column("number", ForeignKey("tickets.number"), nullable=False, index=True),
    Column("kind", String, nullable=False),  # category | agency
    Column("was", String, nullable=False),
    Column("now", String, nullable=False),
    Column("actor", String, nullable=False),
    Column("at", Moment, nullable=False),
    Index("ix_corrections_kind", "kind", "id"),
)
