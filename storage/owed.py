"""What waits for a citizen's own word."""

from sqlalchemy import Connection, select

from storage.rows import tickets

WAITING = ("PERLU_DATA", "MENUNGGU_KONFIRMASI")


def waiting_for(connection: Connection, contact: str) -> tuple[tuple[str, str], ...]:
    """(number, state) of a person's tickets that wait for their word, the newest question first."""
    query = (
        select(tickets.c.number, tickets.c.status)
        .where(tickets.c.reporter == contact, tickets.c.status.in_(WAITING))
        .order_by(tickets.c.changed_at.desc())
    )
    return tuple((number, status) for number, status in connection.execute(query))
