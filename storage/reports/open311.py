"""Keys of other programs, what they posted, and the reports that anybody may read."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, Text, cast, insert, or_, select, update

from storage.codec import TICKET
from storage.rows import api_keys, api_posts, tickets
from storage.rows.sealed import in_clear
from tickets.ticket import Ticket

HIDDEN_FLAGS = ("RAHASIA", "WBS")
HIDDEN_STATES = ("DITAHAN",)
SHOWN_VERDICTS = ("pass", "ask", "hold")
"""What was held and then let pass is shown; what was refused, or passed privately, is not."""


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key as it is kept: its hash alone tells whether the right one is shown."""

    id: str
    name: str
    created_at: datetime
    revoked_at: datetime | None


def hashed(secret: str) -> str:
    """A key as it is kept; a key is 256 random bits, so one round is enough."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def add_key(connection: Connection, key: ApiKey, secret: str) -> None:
    """Keep a new key."""
    row = {"id": key.id, "name": key.name, "hash": hashed(secret), "created_at": key.created_at}
    connection.execute(insert(api_keys), row)


def key_of(connection: Connection, secret: str) -> ApiKey | None:
    """The key with that secret; None for a wrong or a revoked one."""
    row = connection.execute(
        select(api_keys.c.id, api_keys.c.name, api_keys.c.created_at, api_keys.c.revoked_at).where(
            api_keys.c.hash == hashed(secret), api_keys.c.revoked_at.is_(None)
        )
    ).first()
    return None if row is None else ApiKey(*row)


def keys(connection: Connection) -> tuple[ApiKey, ...]:
    """Every key there was, oldest first."""
    query = select(api_keys.c.id, api_keys.c.name, api_keys.c.created_at, api_keys.c.revoked_at)
    return tuple(ApiKey(*row) for row in connection.execute(query.order_by(api_keys.c.created_at)))


def revoke_key(connection: Connection, key: str, now: datetime) -> bool:
    """End a key at once; false when there is no such key in force."""
    done = connection.execute(
        update(api_keys).where(api_keys.c.id == key, api_keys.c.revoked_at.is_(None)).values(revoked_at=now)
    )
    return done.rowcount == 1


@dataclass(frozen=True, slots=True)
class Posted:
    """A post that was taken: what it said (as a digest), what it became, and the token for it."""

    key: str
    digest: str
    number: str
    token: str
    repeat_key: str = ""


def keep_post(connection: Connection, post: Posted, at: datetime) -> None:
    """Remember a post, so that its repeat is known."""
    row = {
        "key": post.key,
        "repeat_key": post.repeat_key or None,
        "digest": post.digest,
        "number": post.number,
        "token": post.token,
        "at": at,
    }
    connection.execute(insert(api_posts), row)


_POSTED = select(
    api_posts.c.key, api_posts.c.digest, api_posts.c.number, api_posts.c.token, api_posts.c.repeat_key
)


def named_post(connection: Connection, key: str, repeat_key: str) -> Posted | None:
    """The post a program gave that name."""
    return _one(connection, _POSTED.where(api_posts.c.key == key, api_posts.c.repeat_key == repeat_key))


def same_post(connection: Connection, key: str, digest: str, since: datetime) -> Posted | None:
    """The newest post of the same words since a moment."""
    query = _POSTED.where(api_posts.c.key == key, api_posts.c.digest == digest, api_posts.c.at >= since)
    return _one(connection, query.order_by(api_posts.c.id.desc()).limit(1))


def post_of_token(connection: Connection, token: str) -> Posted | None:
    """The post a token was given for."""
    return _one(connection, _POSTED.where(api_posts.c.token == token))


def _one(connection: Connection, query: Select[Any]) -> Posted | None:
    row = connection.execute(query).first()
    return None if row is None else Posted(row.key, row.digest, row.number, row.token, row.repeat_key or "")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which reports are asked for: opened between two moments, of these kinds and states.

    A kind is a category and a sub-category; None means any. `most` rows after leaving out `skip`.
    """

    since: datetime
    until: datetime
    kinds: tuple[tuple[str, str], ...] | None = None
    states: tuple[str, ...] | None = None
    most: int = 1000
    skip: int = 0


def public_tickets(connection: Connection, wanted: Wanted) -> tuple[Ticket, ...]:
    """The reports anybody may read, newest first."""
    query = _public().where(tickets.c.opened_at.between(wanted.since, wanted.until))
    if wanted.states is not None:
        query = query.where(tickets.c.status.in_(wanted.states))
    if wanted.kinds is not None:
        kind = tickets.c.category + "-" + tickets.c.subcategory
        query = query.where(kind.in_([f"{category}-{sub}" for category, sub in wanted.kinds]))
    query = query.order_by(tickets.c.opened_at.desc(), tickets.c.number)
    return _read(connection, query.limit(wanted.most).offset(wanted.skip))


def public_of(connection: Connection, numbers: Sequence[str]) -> tuple[Ticket, ...]:
    """Those of these reports that anybody may read, newest first."""
    query = _public().where(tickets.c.number.in_(numbers)).order_by(tickets.c.opened_at.desc())
    return _read(connection, query)


def _public() -> Select[Any]:
    """Neither confidential, nor held, nor refused by a moderator."""
    flags = cast(in_clear(tickets.c.state)["flags"], Text)
    shown = select(tickets.c.state).where(
        tickets.c.status.not_in(HIDDEN_STATES),
        tickets.c.verdict.in_(SHOWN_VERDICTS),
        tickets.c.classification != "wbs",
        or_(tickets.c.status != "ARSIP", tickets.c.verdict == "pass"),
    )
    return shown.where(*(flags.not_like(f"%{flag}%") for flag in HIDDEN_FLAGS))


def _read(connection: Connection, query: Select[Any]) -> tuple[Ticket, ...]:
    return tuple(TICKET.load(state) for state in connection.execute(query).scalars())
