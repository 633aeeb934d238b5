"""Time as a trainee spends it: pauses do not count."""

from collections.abc import Sequence
from datetime import datetime, timedelta

Pauses = Sequence[tuple[datetime, datetime | None]]
"""From when to when practice stood still; None while it still does."""


def elapsed(start: datetime, end: datetime, pauses: Pauses) -> timedelta:
    """The time between two moments without the pauses in it."""
    spent = max(end - start, timedelta(0))
    for begun, over in pauses:
        inside = min(over or end, end) - max(begun, start)
        spent -= max(inside, timedelta(0))
    return spent
