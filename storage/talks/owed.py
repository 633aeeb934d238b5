"""What waits for a citizen's own word."""

from sqlalchemy import Connection, bindparam, or_, select

from storage.doors.prepared import Prepared
from storage.rows import tickets

WAITING = ("PERLU_DATA", "MENUNGGU_KONFIRMASI")
FOR_THEIR_WORD = Prepared(
    select(tickets.c.number, tickets.c.status)
    .where(
        tickets.c.reporter == bindparam("person"),
        or_(*(tickets.c.status == state for state in WAITING)),
    )
    .order_by(tickets.c.changed_at.desc())
)


def waiting_for(connection: Connection, contact: str) -> tuple[tuple[str, str], ...]:
    """(number, state) of a person's tickets that wait for their word, the newest question first."""
    rows = FOR_THEIR_WORD.rows(connection, {"person": contact})
    return tuple((number, status) for number, status in rows)
