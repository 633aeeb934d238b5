"""What staff put right: the category or agency of a report, kept to learn from."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, func, insert, select

from storage.reports import cases
from storage.rows import corrections

Kind = Literal["category", "agency"]


@dataclass(frozen=True, slots=True)
class Correction:
    """One thing put right on a ticket; a category's sub-category follows a slash."""

    number: str
    kind: Kind
    was: str
    now: str
    actor: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Lesson:
    """A narrative, other people's data masked, and the category staff gave it last."""

    text: str
    category: str
    subcategory: str


def note(connection: Connection, found: Iterable[Correction]) -> None:
    """Keep corrections."""
    rows = [{name: getattr(one, name) for name in Correction.__slots__} for one in found]
    if rows:
        connection.execute(insert(corrections), rows)


def lessons(connection: Connection) -> tuple[Lesson, ...]:
    """Each report whose category staff corrected, as it stands now; WBS reports stay out of it."""
    numbers = (
        select(corrections.c.number).where(corrections.c.kind == "category").group_by(corrections.c.number)
    ).order_by(func.min(corrections.c.id))
    found = (cases.case(connection, number) for number in connection.execute(numbers).scalars())
    reports = [case.ticket.report for case in found if case and "WBS" not in case.ticket.flags]
    return tuple(
        Lesson(report.screening.masked or report.narrative, report.category, report.subcategory)
        for report in reports
    )


def moved(connection: Connection) -> tuple[tuple[str, str, int], ...]:
    """How often staff moved reports from one agency to another, the most frequent first."""
    count = func.count()
    found = (
        select(corrections.c.was, corrections.c.now, count)
        .where(corrections.c.kind == "agency")
        .group_by(corrections.c.was, corrections.c.now)
        .order_by(count.desc(), corrections.c.was, corrections.c.now)
    )
    return tuple((row[0], row[1], row[2]) for row in connection.execute(found))
