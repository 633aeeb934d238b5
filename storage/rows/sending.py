from sqlalchemy import Column, Index, Integer, String, Table

from storage.rows.base import Moment, metadata, row_id
from storage.rows.sealed import SealedKey

spending = Table(
    "spending",
    metadata,
    Column("id", row_id(), primary_key=True, autoincrement=True),
    Column("channel", String, nullable=False),
    Column("address", SealedKey("address"), nullable=False),
    Column("at", Moment, nullable=False),
    Column("segments", Integer, nullable=False),
    Column("cost", Integer, nullable=False),
    Index("ix_spending_channel", "channel", "at"),
    Index("ix_spending_address", "channel", "address", "at"),
)
