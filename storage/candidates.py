"""The index of tickets a new report may repeat: few columns, only open ones with nothing private about them.

What is asked of it costs the same however many tickets there are: it goes through the squares around a
point, or through one area, of one category, within the days that count.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, or_, select

from storage.prepared import Prepared
from storage.rows import candidates
from tickets.duplicates import Candidate, candidate, cell, cells_around, offerable
from tickets.ticket import Report, ReportPlace, Ticket

MOST_NEAR = 40
"""Candidates compared in words; the nearest come first."""
MOST_IN_AREA = 80
"""Likewise where only an area is known; the newest come first."""
COLUMNS = ("number", "category", "subcategory", "cell", "lat", "lon", "kode", "place", "opened_at", "words")
KEEP = Prepared(insert(candidates).prefix_with("OR REPLACE"), COLUMNS)
DROP = delete(candidates)


def keep(connection: Connection, ticket: Ticket) -> None:
    """Have a ticket in the index as it stands now, or no longer."""
    if offerable(ticket):
        KEEP.run(connection, row(ticket))
    else:
        connection.execute(DROP.where(candidates.c.number == ticket.number))


def row(ticket: Ticket) -> dict[str, Any]:
    """What the index holds of a ticket."""
    place, one = ticket.report.place, candidate(ticket)
    known = place.lat is not None and place.lon is not None
    return {
        "number": ticket.number,
        "category": ticket.report.category,
        "subcategory": one.subcategory,
        "cell": cell(place.lat or 0.0, place.lon or 0.0) if known else None,
        "lat": place.lat,
        "lon": place.lon,
        "kode": place.kode,
        "place": place.text,
        "opened_at": ticket.opened_at,
        "words": one.words,
    }


def found(connection: Connection, report: Report, since: datetime, metres: float) -> tuple[Candidate, ...]:
    """Tickets since then that may be about what a report is about, within that distance or in its area."""
    numbers = [*_around(connection, report, since, metres), *_in_area(connection, report, since)]
    return _read(connection, numbers)


def among(connection: Connection, category: str, numbers: Iterable[str]) -> tuple[Candidate, ...]:
    """Those of the named tickets that are in the index under a category."""
    query = select(candidates.c.number).where(
        candidates.c.number.in_(list(numbers)), candidates.c.category == category
    )
    return _read(connection, connection.execute(query).scalars())


def _around(connection: Connection, report: Report, since: datetime, metres: float) -> list[str]:
    place, at = report.place, candidates.c
    if place.lat is None or place.lon is None:
        return []
    north, east = at.lat - place.lat, at.lon - place.lon
    query = (
        select(at.number)
        .where(
            at.category == report.category,
            at.cell.in_(cells_around(place.lat, place.lon, metres)),
            at.opened_at >= since,
        )
        .order_by(north * north + east * east)
        .limit(MOST_NEAR)
    )
    return list(connection.execute(query).scalars())


def _in_area(connection: Connection, report: Report, since: datetime) -> list[str]:
    """By area: those without a point of their own, and all of them when the report has none."""
    place, at = report.place, candidates.c
    if not place.kode:
        return []
    query = select(at.number).where(
        at.category == report.category, _same_area(place.kode), at.opened_at >= since
    )
    if place.lat is not None:
        query = query.where(at.cell.is_(None))
    return list(connection.execute(query.order_by(at.opened_at.desc()).limit(MOST_IN_AREA)).scalars())


def _same_area(kode: str) -> Any:
    """The same area, one inside it, or one it lies in; said as ranges an index can serve."""
    parts = kode.split(".")
    wider = [".".join(parts[:size]) for size in range(2, len(parts) + 1)]
    inside = candidates.c.kode.between(f"{kode}.", f"{kode}.~")
    exact = candidates.c.kode.in_(wider)
    return exact if len(parts) >= 4 else or_(exact, inside)


def _read(connection: Connection, numbers: Iterable[str]) -> tuple[Candidate, ...]:
    query = select(candidates).where(candidates.c.number.in_(list(dict.fromkeys(numbers))))
    return tuple(_candidate(one) for one in connection.execute(query))


def _candidate(one: Row[Any]) -> Candidate:
    place = ReportPlace(text=one.place, kode=one.kode, lat=one.lat, lon=one.lon)
    return Candidate(one.number, place, one.subcategory, one.words, one.opened_at)


def count(connection: Connection) -> int:
    """How many tickets can be offered at the moment."""
    return int(connection.execute(select(func.count()).select_from(candidates)).scalar_one())
