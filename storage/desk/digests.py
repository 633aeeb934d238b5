"""Timers, those of digests among them, and which chats of the staff want which digest."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, select, update

from storage.desk.staff import Membership
from storage.doors.upsert import insert, replacing
from storage.rows import digest_choices, groups, memberships, operators, timers

CONTESTED = "contested:"
"""How the timers begin that run while somebody else asks for a bot's updates; then comes the channel."""


@dataclass(frozen=True, slots=True)
class StaffChat:
    """A chat digests can go to: an operator's own with their memberships, or a group with its agency."""

    chat: str
    language: str
    memberships: tuple[Membership, ...] = ()
    group_agency: str = ""


def due_at(connection: Connection, name: str) -> datetime | None:
    """When a timer is due; None when it was never set."""
    return connection.execute(select(timers.c.due_at).where(timers.c.name == name)).scalar_one_or_none()


def begin(connection: Connection, name: str, moment: datetime) -> None:
    """Set a timer that was never set; one that stands stays as it is."""
    connection.execute(insert(timers).on_conflict_do_nothing(), {"name": name, "due_at": moment})


def put(connection: Connection, name: str, moment: datetime) -> None:
    """Set a timer, whatever it stood at."""
    connection.execute(replacing(timers), {"name": name, "due_at": moment})


def running(connection: Connection, prefix: str) -> dict[str, datetime]:
    """The timers whose names begin so, by the rest of their names."""
    found = select(timers.c.name, timers.c.due_at).where(timers.c.name.startswith(prefix, autoescape=True))
    return {name.removeprefix(prefix): due for name, due in connection.execute(found)}


def move_on(connection: Connection, name: str, was: datetime, moment: datetime) -> bool:
    """Set a timer to its next moment; false when somebody else did before."""
    moved = update(timers).where(timers.c.name == name, timers.c.due_at == was).values(due_at=moment)
    return connection.execute(moved).rowcount == 1


def stop(connection: Connection, name: str) -> bool:
    """Take a timer away; false when somebody else did before."""
    return connection.execute(delete(timers).where(timers.c.name == name)).rowcount == 1


def choose(connection: Connection, chat: str, kind: str, *, wanted: bool) -> None:
    """Let a chat get a digest, or not, whatever its roles say."""
    row = {"chat": chat, "kind": kind, "wanted": wanted}
    again = insert(digest_choices).on_conflict_do_update(
        index_elements=["chat", "kind"], set_={"wanted": wanted}
    )
    connection.execute(again, row)


def choices(connection: Connection, kind: str) -> dict[str, bool]:
    """What chats chose about a digest; those that chose nothing are not in it."""
    found = select(digest_choices.c.chat, digest_choices.c.wanted).where(digest_choices.c.kind == kind)
    return {row.chat: row.wanted for row in connection.execute(found)}


def staff_chats(connection: Connection) -> tuple[StaffChat, ...]:
    """Every chat of the staff: the operators' own, and the groups that are desks."""
    held: dict[tuple[str, str], list[Membership]] = {}
    rows = connection.execute(
        select(operators.c.id, operators.c.language, memberships.c.agency, memberships.c.role)
        .join(memberships, memberships.c.operator == operators.c.id)
        .where(operators.c.active)
        .order_by(operators.c.id, memberships.c.since)
    )
    for row in rows:
        held.setdefault((row.id, row.language), []).append(Membership(row.agency, row.role))
    own = [StaffChat(chat, language, tuple(roles)) for (chat, language), roles in held.items()]
    bound = connection.execute(select(groups.c.chat, groups.c.language, groups.c.agency))
    return (*own, *(StaffChat(row.chat, row.language, group_agency=row.agency) for row in bound))
