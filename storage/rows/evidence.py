from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table

from storage.rows.base import Moment, metadata, row_id
from storage.rows.sealed import SealedDocument

prints = Table(
    "prints",
    metadata,
    Column("id", row_id(), primary_key=True, autoincrement=True),
    Column("media", ForeignKey("media.id"), nullable=False, unique=True),
    Column("band0", Integer, nullable=False),
    Column("band1", Integer, nullable=False),
    Column("band2", Integer, nullable=False),
    Column("band3", Integer, nullable=False),
    Column("fine", String, nullable=False),  # 256 bits in hex
    # Each holds the whole coarse print: how far away a candidate is can be told without its row.
    Index("ix_prints_band0", "band0", "band1", "band2", "band3"),
    Index("ix_prints_band1", "band1", "band2", "band3", "band0"),
    Index("ix_prints_band2", "band2", "band3", "band0", "band1"),
    Index("ix_prints_band3", "band3", "band0", "band1", "band2"),
)

evidence_links = Table(
    "evidence_links",
    metadata,
    Column("number", ForeignKey("tickets.number"), primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("media", ForeignKey("media.id"), nullable=False),
    Column("at", Moment, nullable=False),
    Column("entry", SealedDocument("evidence_links.entry"), nullable=False),
    Column("hash", String, nullable=False),
)
