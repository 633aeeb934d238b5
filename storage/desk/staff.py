"""Operators: how they join, what they may see, where their agency's cards go."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from storage.doors.inquiries import Inquiry, together
from storage.doors.prepared import Prepared
from storage.doors.upsert import insert as upsert
from storage.rows import cards, groups, invitations, memberships, operators
from tickets.units import family_of

GROUPS = Prepared(
    select(groups.c.chat, groups.c.forum, groups.c.language).where(groups.c.agency == bindparam("of"))
)
PRIVATE_CHATS = Prepared(
    select(operators.c.id, operators.c.language, memberships.c.role)
    .join(memberships, memberships.c.operator == operators.c.id)
    .where(memberships.c.agency == bindparam("of"), operators.c.active)
    .order_by(operators.c.id)
)
LOOKING_ON = frozenset({"pimpinan", "pengawas"})
"""Roles that work on no reports: digests, figures and escalations tell them."""
CARDS = Prepared(select(cards).where(cards.c.number == bindparam("of")).order_by(cards.c.chat))


@dataclass(frozen=True, slots=True)
class Membership:
    """An agency an operator works for, and as what."""

    agency: str
    role: str


@dataclass(frozen=True, slots=True)
class Operator:
    """A person of the staff, by the messenger's user id."""

    id: str
    name: str
    memberships: tuple[Membership, ...]


@dataclass(frozen=True, slots=True)
class Invitation:
    """A one-time way in."""

    agency: str
    role: str
    expires_at: datetime


def token_hash(token: str) -> str:
    """What is kept of an invitation's token: enough to know it again, not to use it."""
    return hashlib.sha256(token.encode()).hexdigest()


def invite(connection: Connection, token: str, invitation: Invitation, now: datetime) -> None:
    """Keep an invitation."""
    row = {
        "token_hash": token_hash(token),
        "agency": invitation.agency,
        "role": invitation.role,
        "created_at": now,
        "expires_at": invitation.expires_at,
    }
    connection.execute(insert(invitations), row)


def redeem(connection: Connection, token: str, operator: str, now: datetime) -> Membership | None:
    """Use an invitation up; None when it is unknown, used or expired."""
    used = connection.execute(
        update(invitations)
        .where(
            invitations.c.token_hash == token_hash(token),
            invitations.c.used_at.is_(None),
            invitations.c.expires_at > now,
        )
        .values(used_at=now, used_by=operator)
        .returning(invitations.c.agency, invitations.c.role)
    ).first()
    return None if used is None else Membership(used.agency, used.role)


def enrol(connection: Connection, operator: str, name: str, membership: Membership, now: datetime) -> None:
    """Make somebody an operator, or give one a further agency or role."""
    connection.execute(
        upsert(operators).on_conflict_do_update(index_elements=["id"], set_={"name": name, "active": True}),
        {"id": operator, "name": name, "joined_at": now, "active": True},
    )
    connection.execute(
        upsert(memberships).on_conflict_do_nothing(),
        {"operator": operator, "agency": membership.agency, "role": membership.role, "since": now},
    )


def revoke(connection: Connection, operator: str) -> bool:
    """End an operator's access and every role of theirs at once; false when there was none."""
    connection.execute(delete(memberships).where(memberships.c.operator == operator))
    done = connection.execute(
        update(operators).where(operators.c.id == operator, operators.c.active).values(active=False)
    )
    return done.rowcount == 1


def leave(connection: Connection, operator: str, taken: Iterable[Membership]) -> None:
    """Take some roles from an operator."""
    for one in taken:
        connection.execute(
            delete(memberships).where(
                memberships.c.operator == operator,
                memberships.c.agency == one.agency,
                memberships.c.role == one.role,
            )
        )


def operator(connection: Connection, operator_id: str) -> Operator | None:
    """An active operator by the messenger's user id."""
    row = connection.execute(
        select(operators.c.id, operators.c.name).where(operators.c.id == operator_id, operators.c.active)
    ).first()
    if row is None:
        return None
    held = connection.execute(
        select(memberships.c.agency, memberships.c.role)
        .where(memberships.c.operator == operator_id)
        .order_by(memberships.c.since)
    )
    return Operator(row.id, row.name, tuple(Membership(*one) for one in held))


def members(connection: Connection, agency: str) -> tuple[Operator, ...]:
    """The active operators of an agency, by name."""
    found = connection.execute(
        select(operators.c.id)
        .join(memberships, memberships.c.operator == operators.c.id)
        .where(memberships.c.agency.in_([agency, family_of(agency)]), operators.c.active)
        .distinct()
    )
    return _by_name(connection, found.scalars().all())


def everybody(connection: Connection) -> tuple[Operator, ...]:
    """Every active operator, by name."""
    query = select(operators.c.id).where(operators.c.active)
    return _by_name(connection, connection.execute(query).scalars().all())


def _by_name(connection: Connection, ids: Iterable[str]) -> tuple[Operator, ...]:
    """These operators in the order of their names, which the database cannot read."""
    people = (operator(connection, one) for one in ids)
    return tuple(sorted((one for one in people if one is not None), key=lambda one: (one.name, one.id)))


def having_roles(connection: Connection, roles: Iterable[str]) -> tuple[str, ...]:
    """The ids of active operators who hold one of these roles anywhere."""
    found = connection.execute(
        select(operators.c.id)
        .join(memberships, memberships.c.operator == operators.c.id)
        .where(memberships.c.role.in_(tuple(roles)), operators.c.active)
        .distinct()
        .order_by(operators.c.id)
    )
    return tuple(row.id for row in found)


@dataclass(frozen=True, slots=True)
class Desk:
    """A chat where an agency's cards go: its group, or an operator's private chat."""

    chat: str
    forum: bool = False
    language: str = "id"


def desks(connection: Connection, agency: str) -> tuple[Desk, ...]:
    """Where an agency's cards go: its groups, else each operator's own chat, else its family's desks.

    A leader's own chat is one only where nobody else works.
    """
    of, family = {"of": agency}, family_of(agency)
    in_groups = Inquiry(GROUPS, of, lambda rows: tuple(Desk(*row) for row in rows))
    own = next(filter(None, together(connection, in_groups, Inquiry(PRIVATE_CHATS, of, _at_work))), ())
    return own or (desks(connection, family) if family != agency else ())


def leaders(connection: Connection, agency: str) -> tuple[Desk, ...]:
    """The own chats of an agency's leaders, or of its family's."""
    found = connection.execute(
        select(operators.c.id, operators.c.language)
        .join(memberships, memberships.c.operator == operators.c.id)
        .where(
            memberships.c.agency.in_([agency, family_of(agency)]),
            memberships.c.role == "pimpinan",
            operators.c.active,
        )
        .distinct()
        .order_by(operators.c.id)
    )
    return tuple(Desk(row.id, language=row.language) for row in found)


def _at_work(found: list[tuple[str, str, str]]) -> tuple[Desk, ...]:
    told = [row for row in found if row[2] not in LOOKING_ON] or found
    return tuple(dict.fromkeys(Desk(chat, language=language) for chat, language, _ in told))


def language_of(connection: Connection, chat: str) -> str:
    """The language chosen for an operator's own chat or a group; Indonesian for all others."""
    for table, key in ((operators, operators.c.id), (groups, groups.c.chat)):
        row = connection.execute(select(table.c.language).where(key == chat)).first()
        if row is not None:
            return str(row.language)
    return "id"


def set_language(connection: Connection, chat: str, language: str) -> None:
    """Choose the language of an operator's own chat or of a group."""
    for table, key in ((operators, operators.c.id), (groups, groups.c.chat)):
        connection.execute(update(table).where(key == chat).values(language=language))


def group(connection: Connection, chat: str) -> tuple[str, bool] | None:
    """(agency, is a forum) of a bound group."""
    row = connection.execute(select(groups.c.agency, groups.c.forum).where(groups.c.chat == chat)).first()
    return None if row is None else (row.agency, row.forum)


@dataclass(frozen=True, slots=True)
class Card:
    """A ticket's one live card in a chat; `thread` is its topic, None outside forums."""

    number: str
    chat: str
    thread: int | None
    message: str
    version: int
    closed: bool = False


def card(connection: Connection, number: str, chat: str) -> Card | None:
    """The card of a ticket in a chat."""
    query = select(cards).where(cards.c.number == number, cards.c.chat == chat)
    row = connection.execute(query).first()
    return None if row is None else Card(*row)


def cards_of(connection: Connection, number: str) -> tuple[Card, ...]:
    """Every card of a ticket, wherever it was shown."""
    return tuple(Card(*row) for row in CARDS.rows(connection, {"of": number}))


def outdate_cards(connection: Connection, chat: str) -> tuple[Card, ...]:
    """Every card that stands in a chat, each to be drawn anew whatever it shows."""
    connection.execute(update(cards).where(cards.c.chat == chat).values(version=-1))
    rows = connection.execute(select(cards).where(cards.c.chat == chat).order_by(cards.c.number))
    return tuple(Card(*row) for row in rows)


def card_in_thread(connection: Connection, chat: str, thread: int) -> Card | None:
    """The card that stands in a forum's topic."""
    row = connection.execute(select(cards).where(cards.c.chat == chat, cards.c.thread == thread)).first()
    return None if row is None else Card(*row)


def keep_card(connection: Connection, shown: Card) -> None:
    """Remember where a card stands and which version of the ticket it shows."""
    row = {
        "number": shown.number,
        "chat": shown.chat,
        "thread": shown.thread,
        "message": shown.message,
        "version": shown.version,
        "closed": shown.closed,
    }
    again = upsert(cards).on_conflict_do_update(
        index_elements=["number", "chat"],
        set_={name: row[name] for name in ("thread", "message", "version", "closed")},
    )
    connection.execute(again, row)
