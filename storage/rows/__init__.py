"""The tables. Private to this room: everyone else goes through a store."""

from storage.rows.base import metadata
from storage.rows.cases import candidates, deadlines, followers, media, ticket_events, tickets
from storage.rows.digests import digest_choices, timers
from storage.rows.evidence import evidence_links, prints
from storage.rows.forwards import forwards
from storage.rows.learning import corrections
from storage.rows.open311 import api_keys, api_posts
from storage.rows.people import (
    addresses,
    breaches,
    consents,
    contacts,
    data_requests,
    hearings,
    identities,
    link_codes,
)
from storage.rows.practice import practice_classes, practice_runs, practice_sessions, practice_tries
from storage.rows.publishing import draft_changes, drafts, publications
from storage.rows.restraint import bans, pauses, texts_filed
from storage.rows.seals import seals
from storage.rows.sending import spending
from storage.rows.staff import (
    announcements,
    approvals,
    cards,
    groups,
    invitations,
    looks,
    memberships,
    operators,
    unsent,
    walk_ins,
)
from storage.rows.talk import bundles, conversations, inbox, links, outbox, receipts, uploads

__all__ = [
    "addresses",
    "announcements",
    "api_keys",
    "api_posts",
    "approvals",
    "bans",
    "breaches",
    "bundles",
    "candidates",
    "cards",
    "consents",
    "contacts",
    "conversations",
    "corrections",
    "data_requests",
    "deadlines",
    "digest_choices",
    "draft_changes",
    "drafts",
    "evidence_links",
    "followers",
    "forwards",
    "groups",
    "hearings",
    "identities",
    "inbox",
    "invitations",
    "link_codes",
    "links",
    "looks",
    "media",
    "memberships",
    "metadata",
    "operators",
    "outbox",
    "pauses",
    "practice_classes",
    "practice_runs",
    "practice_sessions",
    "practice_tries",
    "prints",
    "publications",
    "receipts",
    "seals",
    "spending",
    "texts_filed",
    "ticket_events",
    "tickets",
    "timers",
    "unsent",
    "uploads",
    "walk_ins",
]
