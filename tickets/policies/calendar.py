"""When the offices work: hours, and local changes to the holidays."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time

from tickets.policies.agencies import Agencies
from tickets.policies.reader import Node

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True, slots=True)
class Hours:
    """Office hours of a day, in local time."""

    opens: time
    closes: time


@dataclass(frozen=True, slots=True)
class CalendarPolicy:
    """Hours by weekday (Monday is 0; a missing day is free), and corrections to the national holidays.

    `by_agency` are the weeks of agencies that work other hours.
    """

    hours: dict[int, Hours]
    joint_leave: bool
    holidays: dict[date, str]
    workdays: frozenset[date]
    by_agency: Mapping[str, dict[int, Hours]] = field(default_factory=dict)


def read_calendar(node: Node, agencies: Agencies) -> CalendarPolicy:
    """The calendar of `calendar.yml`."""
    node.known("hours", "joint_leave", "holidays", "workdays", "by_agency")
    return CalendarPolicy(
        hours=_hours(node, "hours"),
        joint_leave=node.flag("joint_leave", default=True),
        holidays=_holidays(node.at("holidays")),
        workdays=frozenset(day for item in node.items("workdays") if (day := item.day())),
        by_agency=_weeks(node.at("by_agency"), agencies),
    )


def _weeks(node: Node, agencies: Agencies) -> dict[str, dict[int, Hours]]:
    node.known(*agencies.by_id)
    return {name: _hours(node, name) for name in node.keys() if name in agencies}  # noqa: SIM118 (a Node)


def _hours(node: Node, key: str) -> dict[int, Hours]:
    table = node.at(key)
    table.known(*WEEKDAYS)
    found = {day: _span(table, name) for day, name in enumerate(WEEKDAYS) if table.has(name)}
    if not found:
        node.fault("No day has office hours.", 'Write for example monday: "07:30-16:00".', key)
    return {day: hours for day, hours in found.items() if hours}


def _span(table: Node, name: str) -> Hours | None:
    text = table.text(name)
    if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d", text):
        table.fault(f"'{text}' are not office hours.", 'Write them as "07:30-16:00".', name)
        return None
    opens, closes = (time.fromisoformat(part) for part in text.split("-"))
    if opens >= closes:
        table.fault(f"'{text}' ends before it begins.", "Put the opening time first.", name)
    return Hours(opens, closes)


def _holidays(node: Node) -> dict[date, str]:
    return {day: str(entry.value) for key, entry in node.entries() if (day := _day(key, entry))}


def _day(key: object, entry: Node) -> date | None:
    if isinstance(key, date) and isinstance(entry.value, str):
        return key
    entry.fault(f"'{key}' is not a holiday.", "Write it as 2027-05-15: its name.")
    return None
