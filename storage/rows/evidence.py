from sqlalchemy import Column, ForeignKey, Integer, String, Table

from storage.rows.base import Document, Moment, metadata

prints = Table(
    "prints",
    metadata,
    Column("media", ForeignKey("media.id"), primary_key=True),
    Column("band0", Integer, nullable=False, index=True),
    Column("band1", Integer, nullable=False, index=True),
    Column("band2", Integer, nullable=False, index=True),
    Column("band3", Integer, nullable=False, index=True),
    Column("fine", String, nullable=False),  # 256 bits in hex
)

evidence_links = Table(
    "evidence_links",
    metadata,
    Column("number", ForeignKey("tickets.number"), primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("media", ForeignKey("media.id"), nullable=False),
    Column("at", Moment, nullable=False),
    Column("entry", Document, nullable=False),
    Column("hash", String, nullable=False),
)
