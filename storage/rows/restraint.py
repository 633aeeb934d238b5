from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table

from storage.rows.base import Moment, metadata, row_id
from storage.rows.sealed import SealedKey, SealedText

pauses = Table(
    "pauses",
    metadata,
    Column("channel", String, primary_key=True),
    Column("address", SealedKey("address"), primary_key=True),
    Column("until", Moment, nullable=False),
    Column("times", Integer, nullable=False),
)

bans = Table(
    "bans",
    metadata,
    Column("id", row_id(), primary_key=True, autoincrement=True),
    Column("contact", ForeignKey("contacts.id"), nullable=False),
    Column("number", ForeignKey("tickets.number"), nullable=False),
    Column("by", String, nullable=False),
    Column("reason", SealedText("bans.reason"), nullable=False),
    Column("since", Moment, nullable=False),
    Column("until", Moment, nullable=False),
    Column("appealed_at", Moment),
    Column("decided_by", String, nullable=False, server_default=""),
    Index("ix_bans_contact", "contact", "until"),
)

texts_filed = Table(
    "texts_filed",
    metadata,
    Column("number", ForeignKey("tickets.number"), primary_key=True),
    Column("print", SealedKey("text"), nullable=False),
    Column("contact", String, nullable=False),
    Column("kode", String, nullable=False),
    Column("at", Moment, nullable=False),
    Index("ix_texts_filed_print", "print", "at"),
)
