"""The tables. Private to this room: everyone else goes through a store."""

from storage.rows.base import metadata
from storage.rows.cases import deadlines, followers, media, ticket_events, tickets
from storage.rows.learning import corrections
from storage.rows.people import addresses, contacts
from storage.rows.publishing import draft_changes, drafts, publications
from storage.rows.staff import cards, groups, invitations, memberships, operators
from storage.rows.talk import bundles, conversations, inbox, links, outbox

__all__ = [
    "addresses",
    "bundles",
    "cards",
    "contacts",
    "conversations",
    "corrections",
    "deadlines",
    "draft_changes",
    "drafts",
    "followers",
    "groups",
    "inbox",
    "invitations",
    "links",
    "media",
    "memberships",
    "metadata",
    "operators",
    "outbox",
    "publications",
    "ticket_events",
    "tickets",
]
