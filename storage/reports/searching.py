"""Tickets found by their words, which lie sealed: read through, newest first, a part at a time."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, select, tuple_

from storage.codec import TICKET
from storage.reports.cases import of_agency
from storage.rows import tickets
from tickets.ticket import Ticket

AT_A_TIME = 500
"""Tickets read in one go, a few milliseconds: what is to be answered meanwhile waits no longer."""

Place = tuple[datetime, str]
"""Where a search stopped: when the last ticket it read was opened, and its number."""


def look_through(
    connection: Connection, words: str, agency: str | None, after: Place | None = None
) -> tuple[list[Ticket], Place | None]:
    """Tickets among the next few whose number, words or place hold all these; where to go on, if anywhere."""
    rows = connection.execute(_next(agency, after)).all()
    found = [TICKET.load(row.state) for row in rows if _holds(row, words)]
    return found, (rows[-1].opened_at, rows[-1].number) if len(rows) == AT_A_TIME else None


def _next(agency: str | None, after: Place | None) -> Select[Any]:
    query = select(tickets.c.number, tickets.c.opened_at, tickets.c.state)
    if agency is not None:
        query = query.where(of_agency(agency))
    if after is not None:
        query = query.where(tuple_(tickets.c.opened_at, tickets.c.number) < tuple_(*after))
    return query.order_by(tickets.c.opened_at.desc(), tickets.c.number.desc()).limit(AT_A_TIME)


def _holds(row: Any, words: str) -> bool:
    report = row.state["report"]
    where = [(report["place"] or {}).get(name) for name in ("text", "kalurahan", "kapanewon")]
    told = (row.number, row.state["title"], report["narrative"], *where)
    held = " ".join(part for part in told if part).casefold()
    return all(word in held for word in words.casefold().split())
