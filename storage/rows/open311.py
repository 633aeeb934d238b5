from sqlalchemy import Column, ForeignKey, Index, String, Table, UniqueConstraint

from storage.rows.base import Moment, metadata, row_id
from storage.rows.sealed import SealedKey

api_keys = Table(
    "api_keys",
    metadata,
    Column("id", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("hash", String, nullable=False, unique=True),
    Column("created_at", Moment, nullable=False),
    Column("revoked_at", Moment),
)

api_posts = Table(
    "api_posts",
    metadata,
    Column("id", row_id(), primary_key=True, autoincrement=True),
    Column("key", ForeignKey("api_keys.id"), nullable=False),
    Column("repeat_key", String),  # what the caller named the request, to repeat it safely
    Column("digest", SealedKey("post"), nullable=False),
    Column("token", String, nullable=False, unique=True),
    Column("number", ForeignKey("tickets.number"), nullable=False, index=True),
    Column("at", Moment, nullable=False),
    UniqueConstraint("key", "repeat_key"),
    Index("ix_api_posts_digest", "key", "digest", "at"),
)
