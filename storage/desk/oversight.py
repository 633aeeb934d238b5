"""Who looked at what is not for everybody, and who asked for which power."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from storage.rows import approvals, invitations, looks, memberships, operators


@dataclass(frozen=True, slots=True)
class Look:
    """One look at a closed ticket (`card`) or at who reported it (`reporter`), and why."""

    at: datetime
    number: str
    operator: str
    name: str
    role: str
    what: str
    why: str


def note(connection: Connection, look: Look) -> None:
    """Keep a look; nothing ever takes it away again."""
    connection.execute(insert(looks), {name: getattr(look, name) for name in Look.__slots__})


def seen(connection: Connection, most: int, skip: int = 0, number: str = "") -> tuple[Look, ...]:
    """The latest looks, at all tickets or at one."""
    query = select(*(looks.c[name] for name in Look.__slots__)).order_by(looks.c.id.desc())
    if number:
        query = query.where(looks.c.number == number)
    return tuple(Look(*row) for row in connection.execute(query.limit(most).offset(skip)))


def holders(connection: Connection, role: str) -> tuple[str, ...]:
    """The active operators who hold a role anywhere."""
    found = connection.execute(
        select(operators.c.id)
        .join(memberships, memberships.c.operator == operators.c.id)
        .where(memberships.c.role == role, operators.c.active)
        .distinct()
        .order_by(operators.c.id)
    )
    return tuple(row.id for row in found)


@dataclass(frozen=True, slots=True)
class Approval:
    """A power somebody asked for, which needs a second person's word."""

    id: str
    agency: str
    role: str
    asked_by: str


def ask(connection: Connection, approval: Approval, now: datetime) -> None:
    """Keep what was asked for until somebody decides."""
    row = {name: getattr(approval, name) for name in Approval.__slots__}
    connection.execute(insert(approvals), {**row, "asked_at": now})


def decide(
    connection: Connection, approval: str, by: str, now: datetime, *, granted: bool
) -> Approval | None:
    """Grant or deny it; None when it is gone, decided already, or asked for by the same person."""
    row = connection.execute(
        update(approvals)
        .where(approvals.c.id == approval, approvals.c.decided_at.is_(None), approvals.c.asked_by != by)
        .values(decided_by=by, decided_at=now, granted=granted)
        .returning(*(approvals.c[name] for name in Approval.__slots__))
    ).first()
    return None if row is None else Approval(*row)


def lapse(connection: Connection, role: str, keep: int, now: datetime) -> None:
    """Let open invitations to a role end now, but the newest `keep`."""
    still = (invitations.c.role == role, invitations.c.used_at.is_(None), invitations.c.expires_at > now)
    newest = invitations.c.created_at.desc()
    older = select(invitations.c.token_hash).where(*still).order_by(newest).offset(keep)
    connection.execute(update(invitations).where(invitations.c.token_hash.in_(older)).values(expires_at=now))
