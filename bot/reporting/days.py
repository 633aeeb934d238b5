"""Which days a period is of, and which come before it."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from tickets.figures import Period

DAY = timedelta(days=1)


def days_of(period: Period, zone: ZoneInfo) -> tuple[date, date]:
    """A period's first and last day in a zone."""
    last = (period.end - timedelta(seconds=1)).astimezone(zone).date()
    return period.start.astimezone(zone).date(), last


def whole_months(first: date, last: date) -> int:
    """How many calendar months these days are; 0 when they are not whole ones."""
    if first.day != 1 or (last + DAY).day != 1:
        return 0
    return (last.year - first.year) * 12 + last.month - first.month + 1


def before(first: date, last: date) -> tuple[date, date]:
    """As many days before these; for whole months as many months."""
    until = first - DAY
    months = whole_months(first, last)
    if not months:
        return first - (last - first) - DAY, until
    count = until.year * 12 + until.month - months
    return date(count // 12, count % 12 + 1, 1), until


def last_month(today: date) -> tuple[date, date]:
    """The first and last day of the month before this one."""
    until = today.replace(day=1) - DAY
    return until.replace(day=1), until
