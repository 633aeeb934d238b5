"""Groups that are an agency's desk: bound, moved, lost."""

from datetime import datetime

from sqlalchemy import Connection, delete, update

from storage.doors.upsert import insert as upsert
from storage.rows import cards, groups


def bind_group(connection: Connection, chat: str, agency: str, *, forum: bool, now: datetime) -> None:
    """Let a group be an agency's desk; a second binding replaces the first."""
    row = {"chat": chat, "agency": agency, "forum": forum, "since": now}
    again = upsert(groups).on_conflict_do_update(
        index_elements=["chat"], set_={"agency": agency, "forum": forum, "since": now}
    )
    connection.execute(again, row)


def move_group(connection: Connection, old: str, new: str, *, forum: bool) -> bool:
    """Follow a group to its new id, where its cards do not stand any more; false when it was no desk."""
    moved = connection.execute(update(groups).where(groups.c.chat == old).values(chat=new, forum=forum))
    connection.execute(delete(cards).where(cards.c.chat == old))
    return moved.rowcount == 1


def lose_group(connection: Connection, chat: str) -> str | None:
    """End a group's being a desk, with the cards in it; the agency whose it was, None where it was none."""
    gone = delete(groups).where(groups.c.chat == chat).returning(groups.c.agency)
    agency: str | None = connection.execute(gone).scalar_one_or_none()
    connection.execute(delete(cards).where(cards.c.chat == chat))
    return agency
