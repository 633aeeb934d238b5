from sqlalchemy import Column, String, Table

from storage.rows.base import Document, Moment, metadata, row_id
from storage.rows.sealed import SealedText

practice_classes = Table(
    "practice_classes",
    metadata,
    Column("code", String, primary_key=True),
    Column("facilitator", String, nullable=False, index=True),
    Column("begun_at", Moment, nullable=False),
    Column("ended_at", Moment),
)

practice_sessions = Table(
    "practice_sessions",
    metadata,
    Column("id", String, primary_key=True),  # names its room
    Column("operator", String, nullable=False, index=True),
    Column("name", SealedText("practice_sessions.name"), nullable=False),
    Column("class_code", String, nullable=False, index=True),  # empty: on one's own
    Column("scripts", Document, nullable=False),
    Column("state", String, nullable=False),  # running | paused | ended
    Column("begun_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False),  # last known to be going on
    Column("ended_at", Moment),
    Column("pauses", Document, nullable=False),  # [[from, to | null], …]
    Column("result", Document),
)

practice_runs = Table(
    "practice_runs",
    metadata,
    Column("number", String, primary_key=True),
    Column("script", String, nullable=False),
    Column("state", Document, nullable=False),  # how far the script was played
)

practice_tries = Table(
    "practice_tries",
    metadata,
    Column("id", row_id(), primary_key=True, autoincrement=True),
    Column("number", String, nullable=False, index=True),
    Column("action", String, nullable=False),
    Column("code", String, nullable=False),  # of the desk's refusal
    Column("at", Moment, nullable=False),
)
