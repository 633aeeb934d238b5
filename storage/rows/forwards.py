from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, UniqueConstraint

from storage.rows.base import Moment, metadata, row_id
from storage.rows.sealed import SealedText

forwards = Table(
    "forwards",
    metadata,
    Column("id", row_id(), primary_key=True, autoincrement=True),
    Column("number", ForeignKey("tickets.number"), nullable=False),
    Column("since", Moment, nullable=False),  # when it was passed on: each passing on is sent once
    Column("agency", String, nullable=False),
    Column("target", String, nullable=False, server_default=""),
    Column("state", String, nullable=False),  # waiting | sent | closed | failed | by_hand
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("next_at", Moment, nullable=False),
    Column("token", String, nullable=False, server_default=""),
    Column("their_id", String, nullable=False, server_default=""),
    Column("told", SealedText("forwards.told"), nullable=False, server_default=""),  # what they said last
    Column("reason", String, nullable=False, server_default=""),
    UniqueConstraint("number", "since"),
    Index("ix_forwards_next", "state", "next_at"),
)
