from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table

from storage.rows.base import Document, Moment, metadata, row_id
from storage.rows.sealed import SealedDocument

publications = Table(
    "publications",
    metadata,
    Column("id", row_id(), primary_key=True, autoincrement=True),
    Column("hash", ForeignKey("bundles.hash"), nullable=False),
    Column(
        "kind", String, nullable=False
    ),  # delivered | publish | rollback | offered (which was not made live)
    Column("author", String, nullable=False),
    Column("at", Moment, nullable=False),
    Column("note", String, nullable=False, server_default=""),
    Column("impact", Document),
)

drafts = Table(
    "drafts",
    metadata,
    Column("id", String, primary_key=True),
    Column("author", String, nullable=False),
    Column("base", ForeignKey("bundles.hash"), nullable=False),
    Column("sources", Document, nullable=False),
    Column("trial", SealedDocument("drafts.trial")),  # the talk with which the draft is being tried
    Column("state", String, nullable=False),  # open | published | discarded
    Column("version", Integer, nullable=False),
    Column("changed_by", String, nullable=False),
    Column("changed_at", Moment, nullable=False),
    Index("ix_drafts_author", "author", "state"),
)

draft_changes = Table(
    "draft_changes",
    metadata,
    Column("id", row_id(), primary_key=True, autoincrement=True),
    Column("draft", ForeignKey("drafts.id"), nullable=False, index=True),
    Column("author", String, nullable=False),
    Column("at", Moment, nullable=False),
    Column("what", String, nullable=False),
    Column("hash", String, nullable=False),
)
