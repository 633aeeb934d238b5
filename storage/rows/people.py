from sqlalchemy import Column, ForeignKey, Index, String, Table, text

from storage.rows.base import Moment, metadata, row_id
from storage.rows.sealed import SealedDocument, SealedKey, SealedText

contacts = Table(
    "contacts",
    metadata,
    Column("id", String, primary_key=True),
    Column("created_at", Moment, nullable=False),
    Column("language", String, nullable=False),
    Column("consent_version", String, nullable=False, server_default=""),
    Column("consent_at", Moment),
    Column("news_on", String, nullable=False, server_default=""),  # the channel chosen; "" is the last used
)

addresses = Table(
    "addresses",
    metadata,
    Column("channel", String, primary_key=True),
    Column("address", SealedKey("address"), primary_key=True),
    Column("contact", ForeignKey("contacts.id"), nullable=False, index=True),
    Column("created_at", Moment, nullable=False),
    Column("blocked_at", Moment),
    Index(  # looked at every few seconds for talks another process ended
        "ix_addresses_blocked",
        "channel",
        "blocked_at",
        sqlite_where=text("blocked_at IS NOT NULL"),
        postgresql_where=text("blocked_at IS NOT NULL"),
    ),
)

hearings = Table(
    "hearings",
    metadata,
    Column("channel", String, primary_key=True),
    Column("address", SealedKey("address"), primary_key=True),
    Column("heard_at", Moment, nullable=False),
)

identities = Table(
    "identities",
    metadata,
    Column("channel", String, primary_key=True),
    Column(
        "name", SealedKey("address"), primary_key=True
    ),  # what the platform calls a person: a number, a scoped id
    Column("kind", String, nullable=False),
    Column("address", SealedKey("address"), nullable=False),
    Column("seen_at", Moment, nullable=False),
    Index("ix_identities_address", "channel", "address"),
)

link_codes = Table(
    "link_codes",
    metadata,
    Column("digest", String, primary_key=True),
    Column("contact", ForeignKey("contacts.id"), nullable=False, index=True),
    Column("expires_at", Moment, nullable=False),
    Column("used_at", Moment),
)

data_requests = Table(
    "data_requests",
    metadata,
    Column("id", row_id(), primary_key=True, autoincrement=True),
    Column("contact", String, nullable=False, index=True),  # who may be gone once it is dealt with
    Column("right", String, nullable=False),  # export | delete | correct
    Column("words", SealedText("data_requests.words"), nullable=False, server_default=""),  # to be corrected
    Column("asked_at", Moment, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("reminded_at", Moment),
    Column("done_at", Moment),
)

consents = Table(
    "consents",
    metadata,
    Column("id", row_id(), primary_key=True, autoincrement=True),
    Column("contact", ForeignKey("contacts.id"), nullable=False, index=True),
    Column("version", String, nullable=False),
    Column("language", String, nullable=False),
    Column("channel", String, nullable=False),
    Column("at", Moment, nullable=False),
    Column("shown", SealedDocument("consents.shown"), nullable=False),  # the very text, its name and its hash
)

breaches = Table(
    "breaches",
    metadata,
    Column("id", row_id(), primary_key=True, autoincrement=True),
    Column("account", SealedDocument("breaches.account"), nullable=False),  # which data, how, what was done
    Column("noted_by", String, nullable=False),  # the machine's user
    Column("known_at", Moment, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("reminded_at", Moment),
    Column("late_at", Moment),
    Column("authority_at", Moment),
    Column("people_at", Moment),
)
