"""What the tables hold of a person, in one place: by the address they write from, and by who they are."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Select, Table, delete, tuple_

from storage.rows import (
    addresses,
    bans,
    consents,
    conversations,
    data_requests,
    followers,
    hearings,
    identities,
    inbox,
    link_codes,
    links,
    media,
    outbox,
    pauses,
    spending,
    texts_filed,
    tickets,
)

Address = tuple[str, str]

KNOWN_OF_ADDRESS = (hearings, pauses, identities, links)
"""What is known of an address for as long as it is somebody's."""
PASSED_ADDRESS = (inbox, outbox, spending)
"""What went through an address: each has a term of its own."""
OF_TALKS = (link_codes, conversations, consents, addresses)
"""How somebody talks with us, for as long as they are known."""
OF_DEEDS = (followers, bans, texts_filed)
"""What somebody did or had done to them: each ends by itself."""
KEPT = (tickets, media, data_requests)
"""What outlasts the person: reports and files go on without them, and what they asked for stays provable."""


def drop_at(
    connection: Connection, tables: Iterable[Table], at: Sequence[Address] | Select[tuple[Any, Any]]
) -> None:
    """Let everything go that these tables hold of some (channel, address)."""
    for table in tables:
        connection.execute(delete(table).where(tuple_(table.c.channel, table.c.address).in_(at)))


def drop_of(connection: Connection, tables: Iterable[Table], people: Sequence[str]) -> None:
    """Let everything go that these tables hold of some people."""
    for table in tables:
        connection.execute(delete(table).where(table.c.contact.in_(people)))
