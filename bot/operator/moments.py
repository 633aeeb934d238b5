"""Times as the staff reads them: dates, ages, and the light a deadline shows."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_datetime

from tickets.ticket import Ticket

LOCALES: Mapping[str, Locale] = {language: Locale(language) for language in ("id", "jv", "en")}
LIGHTS: Mapping[str, str] = {"late": "🔴", "soon": "🟡", "fine": "🟢", "paused": "⏸", "none": "⚪"}
SOON = timedelta(hours=24)
SOON_SHARE = 0.25
"""A deadline is near when less than a day or a quarter of its time is left."""


def day(moment: datetime, zone: ZoneInfo, language: str = "id") -> str:
    """A date: "Rabu, 25 Nov"."""
    return format_datetime(moment.astimezone(zone), "EEEE, d MMM", locale=LOCALES[language])


def stamp(moment: datetime, zone: ZoneInfo, language: str = "id") -> str:
    """A date and a time of day: "25 Nov 14.05"."""
    return format_datetime(moment.astimezone(zone), "d MMM HH.mm", locale=LOCALES[language])


def length(span: timedelta) -> tuple[int, str]:
    """How long, in the unit people would count it in: (3, "hari"), (5, "jam"), (12, "menit")."""
    minutes = max(1, int(span.total_seconds() // 60))
    if minutes >= 48 * 60:
        return minutes // (24 * 60), "hari"
    return (minutes // 60, "jam") if minutes >= 60 else (minutes, "menit")


def light(ticket: Ticket, now: datetime) -> str:
    """The traffic light of a ticket's deadline."""
    return LIGHTS[_state(ticket, now)]


def _state(ticket: Ticket, now: datetime) -> str:
    if ticket.status == "MENUNGGU_KONFIRMASI":  # nobody at a desk is late with what the citizen is asked
        return "paused"
    if ticket.due_at is None:
        return "paused" if ticket.paused_at else "none"
    left = ticket.due_at - now
    if left < timedelta(0):
        return "late"
    whole = ticket.due_at - (ticket.clock_from or ticket.opened_at)
    return "soon" if left <= max(SOON, whole * SOON_SHARE) else "fine"
