"""The index of tickets a new report may repeat: few columns, only open ones with nothing private about them.

What is asked of it costs the same however many tickets there are: it goes through the squares around a
point, or through one area, of one category, within the days that count.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Float,
    bindparam,
    delete,
    func,
    or_,
    select,
)

from storage.doors.joint import Joint
from storage.doors.prepared import Prepared
from storage.doors.upsert import replacing
from storage.rows import candidates
from tickets.duplicates import Candidate, candidate, cell, cells_around, offerable
from tickets.ticket import Report, ReportPlace, Ticket

MOST_NEAR = 40
"""Candidates compared in words; the nearest come first."""
MOST_IN_AREA = 80
"""Likewise where only an area is known; the newest come first."""
WHOLE = 4
"""Parts of a code that names a kalurahan, the smallest area."""
COLUMNS = ("number", "category", "subcategory", "cell", "lat", "lon", "kode", "place", "opened_at", "words")
KEEP = Joint(replacing(candidates), COLUMNS, {"number": candidates.c.number})
DROP = Prepared(delete(candidates).where(candidates.c.number == bindparam("of")))


def keep(connection: Connection, ticket: Ticket) -> None:
    """Have a ticket in the index as it stands now, or no longer."""
    if offerable(ticket):
        KEEP.soon(connection, row(ticket))
    else:
        DROP.run(connection, {"of": ticket.number})


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
    return tuple(_candidate(one) for one in _rows(connection, numbers) if one["category"] == category)


def _around(connection: Connection, report: Report, since: datetime, metres: float) -> list[str]:
    place = report.place
    if place.lat is None or place.lon is None:
        return []
    cells = cells_around(place.lat, place.lon, metres)
    values = {"of": report.category, "since": since, "north": place.lat, "east": place.lon}
    found = _near(len(cells)).rows(connection, values | _numbered(cells))
    return [number for (number,) in found]


@cache
def _near(cells: int) -> Prepared:
    """The nearest within so many squares."""
    at = candidates.c
    north, east = at.lat - bindparam("north", type_=Float), at.lon - bindparam("east", type_=Float)
    return Prepared(
        select(at.number)
        .where(
            at.category == bindparam("of"), at.cell.in_(_places(cells)), at.opened_at >= bindparam("since")
        )
        .order_by(north * north + east * east)
        .limit(MOST_NEAR)
    )


def _places(count: int) -> list[BindParameter[Any]]:
    return [bindparam(f"one{place}") for place in range(count)]


def _numbered(values: Sequence[Any]) -> dict[str, Any]:
    return {f"one{place}": value for place, value in enumerate(values)}


def _in_area(connection: Connection, report: Report, since: datetime) -> list[str]:
    """By area: those without a point of their own, and all of them when the report has none."""
    place = report.place
    if not place.kode:
        return []
    parts = place.kode.split(".")
    wider = [".".join(parts[:size]) for size in range(2, len(parts) + 1)]
    look = _within(len(wider), inside=len(parts) < WHOLE, pointless=place.lat is not None)
    inside = {"inside": f"{place.kode}.", "inside_end": f"{place.kode}.~"}
    values = {"of": report.category, "since": since, **inside, **_numbered(wider)}
    return [number for (number,) in look.rows(connection, values)]


@cache
def _within(wider: int, *, inside: bool, pointless: bool) -> Prepared:
    """The newest of the same area or one it lies in, or `inside` it; said as ranges an index can serve."""
    at = candidates.c
    area: ColumnElement[bool] = at.kode.in_(_places(wider))
    if inside:
        area = or_(area, at.kode.between(bindparam("inside"), bindparam("inside_end")))
    query = select(at.number).where(at.category == bindparam("of"), area, at.opened_at >= bindparam("since"))
    if pointless:
        query = query.where(at.cell.is_(None))
    return Prepared(query.order_by(at.opened_at.desc()).limit(MOST_IN_AREA))


def _read(connection: Connection, numbers: Iterable[str]) -> tuple[Candidate, ...]:
    return tuple(_candidate(one) for one in _rows(connection, numbers))


def _rows(connection: Connection, numbers: Iterable[str]) -> list[dict[str, Any]]:
    wanted = list(dict.fromkeys(numbers))
    if not wanted:
        return []
    places = 1 << (len(wanted) - 1).bit_length()
    filled = [*wanted, *wanted[-1:] * (places - len(wanted))]
    rows = _named(places).rows(connection, _numbered(filled))
    return [dict(zip(COLUMNS, one, strict=True)) for one in rows]


@cache
def _named(places: int) -> Prepared:
    """Those of so many numbers: a power of two, as each statement stays, 32 KB here and 18 in the driver."""
    columns = (candidates.c[name] for name in COLUMNS)
    return Prepared(select(*columns).where(candidates.c.number.in_(_places(places))))


def _candidate(one: dict[str, Any]) -> Candidate:
    place = ReportPlace(text=one["place"], kode=one["kode"], lat=one["lat"], lon=one["lon"])
    return Candidate(one["number"], place, one["subcategory"], one["words"], one["opened_at"])


def count(connection: Connection) -> int:
    """How many tickets can be offered at the moment."""
    return int(connection.execute(select(func.count()).select_from(candidates)).scalar_one())
