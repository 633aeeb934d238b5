"""Which changes of a ticket are corrections to learn from."""

from collections.abc import Iterator
from datetime import datetime

from storage.learning import Correction
from tickets.ticket import Change, Command, Report, Ticket

RECATEGORISED = "redispose"
MOVED = frozenset({"forward", "refer"})


def corrections(before: Ticket, change: Change, command: Command, now: datetime) -> Iterator[Correction]:
    """What a member of the staff put right by a command: the category, or the agency a report lay with."""
    if command.actor.kind != "operator":
        return
    after, actor = change.ticket, command.actor.id
    if command.action == RECATEGORISED:
        was, new = _filed(before.report), _filed(after.report)
        yield from [Correction(before.number, "category", was, new, actor, now)] if was != new else []
    if command.action in MOVED and before.agency != after.agency:
        yield Correction(before.number, "agency", before.agency, after.agency, actor, now)


def _filed(report: Report) -> str:
    return "/".join(filter(None, (report.category, report.subcategory)))
