"""The index of tickets a new report may repeat: few columns, only open ones with nothing private about them.

What is asked of it costs the same however many tickets there are: it goes through the squares around a
point, or through one area, of one category, within the days that count.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import (
    BindParameter,
    Connection,
    Float,
    Select,
    bindparam,
    delete,
    func,
    or_,
    select,
    union,
)

from storage.doors.inquiries import Inquiry, nothing_to_ask
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


def like(report: Report, since: datetime, metres: float) -> Inquiry[tuple[Candidate, ...]]:
    """Tickets since then that may be about what a report is about, within that distance or in its area."""
    place = report.place
    known = place.lat is not None and place.lon is not None
    cells = cells_around(place.lat or 0.0, place.lon or 0.0, metres) if known else ()
    parts = place.kode.split(".") if place.kode else []
    wider = [".".join(parts[:size]) for size in range(2, len(parts) + 1)]
    shape = _Shape(len(cells), len(wider), inside=0 < len(parts) < WHOLE, pointless=place.lat is not None)
    if not cells and not parts:
        return nothing_to_ask(())
    values = {"of": report.category, "since": since, "north": place.lat, "east": place.lon}
    inside = {"inside": f"{place.kode}.", "inside_end": f"{place.kode}.~"}
    named = _numbered("cell", cells) | _numbered("area", wider)
    return Inquiry(_found(shape), values | inside | named, _read)


def found(connection: Connection, report: Report, since: datetime, metres: float) -> tuple[Candidate, ...]:
    """What `like` asks for."""
    return like(report, since, metres).at(connection)


def among(connection: Connection, category: str, numbers: Iterable[str]) -> tuple[Candidate, ...]:
    """Those of the named tickets that are in the index under a category."""
    wanted = list(dict.fromkeys(numbers))
    if not wanted:
        return ()
    places = 1 << (len(wanted) - 1).bit_length()
    filled = [*wanted, *wanted[-1:] * (places - len(wanted))]
    rows = _named(places).rows(connection, _numbered("one", filled))
    return _read(row for row in rows if row[COLUMNS.index("category")] == category)


class _Shape(NamedTuple):
    """What a look goes through: so many squares, so many areas, what lies `inside` the smallest of these.

    Where it is `pointless` to look at those with a point of their own, they were found by it.
    """

    squares: int
    areas: int
    inside: bool
    pointless: bool


@cache
def _found(shape: _Shape) -> Prepared:
    """The nearest within the squares, and the newest in the areas."""
    parts = [_near(shape.squares)] if shape.squares else []
    parts += [_within(shape)] if shape.areas or shape.inside else []
    each = [select(part.subquery()) for part in parts]
    wanted = union(*each).subquery("wanted")
    columns = (candidates.c[name] for name in COLUMNS)
    return Prepared(select(*columns).join_from(wanted, candidates, wanted.c.number == candidates.c.number))


def _near(squares: int) -> Select[Any]:
    """The nearest within so many squares."""
    at = candidates.c
    north, east = at.lat - bindparam("north", type_=Float), at.lon - bindparam("east", type_=Float)
    within = at.cell.in_(_places("cell", squares))
    query = select(at.number).where(
        at.category == bindparam("of"), within, at.opened_at >= bindparam("since")
    )
    return query.order_by(north * north + east * east).limit(MOST_NEAR)


def _within(shape: _Shape) -> Select[Any]:
    """The newest of the same area or one it lies in, or inside it; said as ranges an index can serve.

    By area: those without a point of their own, and all of them when the report has none.
    """
    at = candidates.c
    area = [at.kode.in_(_places("area", shape.areas))] if shape.areas else []
    area += [at.kode.between(bindparam("inside"), bindparam("inside_end"))] if shape.inside else []
    query = select(at.number).where(at.category == bindparam("of"), at.opened_at >= bindparam("since"))
    query = query.where(or_(*area))
    if shape.pointless:
        query = query.where(at.cell.is_(None))
    return query.order_by(at.opened_at.desc()).limit(MOST_IN_AREA)


def _places(name: str, count: int) -> list[BindParameter[Any]]:
    return [bindparam(f"{name}{place}") for place in range(count)]


def _numbered(name: str, values: Sequence[Any]) -> dict[str, Any]:
    return {f"{name}{place}": value for place, value in enumerate(values)}


@cache
def _named(places: int) -> Prepared:
    """Those of so many numbers: a power of two, as each statement stays, 32 KB here and 18 in the driver."""
    columns = (candidates.c[name] for name in COLUMNS)
    return Prepared(select(*columns).where(candidates.c.number.in_(_places("one", places))))


def _read(rows: Iterable[tuple[Any, ...]]) -> tuple[Candidate, ...]:
    return tuple(_candidate(dict(zip(COLUMNS, one, strict=True))) for one in rows)


def _candidate(one: dict[str, Any]) -> Candidate:
    place = ReportPlace(text=one["place"], kode=one["kode"], lat=one["lat"], lon=one["lon"])
    return Candidate(one["number"], place, one["subcategory"], one["words"], one["opened_at"])


def count(connection: Connection) -> int:
    """How many tickets can be offered at the moment."""
    return int(connection.execute(select(func.count()).select_from(candidates)).scalar_one())
