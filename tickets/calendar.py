"""Working days and office hours of the city, in its own zone."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from tickets.national import national_holidays
from tickets.policies import Policies

JOINT_LEAVE = "cuti bersama"
LONGEST_SEARCH = 366  # days without a working day before the calendar is declared broken
REMEMBERED = 2_000  # days whose holidays are at hand


class WorkCalendar:
    """Knows which days the offices work: office hours less national holidays, joint leave and local days."""

    def __init__(self, policies: Policies, agency: str = "") -> None:
        """`agency` names whose week it is; empty for the city's own."""
        week = policies.calendar.by_agency.get(agency, policies.calendar.hours)
        self._policy = replace(policies.calendar, hours=week)
        self._zone = policies.city.timezone
        categories = ("public", "government") if self._policy.joint_leave else ("public",)
        self._national = national_holidays(categories)
        self._known = lru_cache(REMEMBERED)(self._look_up)

    def holiday(self, day: date) -> str:
        """The name of the holiday on that day; empty when there is none."""
        return self._known(day)

    def _look_up(self, day: date) -> str:
        if day in self._policy.workdays:
            return ""
        return self._policy.holidays.get(day) or str(self._national.get(day) or "")

    def joint_leave_known(self, year: int) -> bool:
        """Whether a year's joint leave (cuti bersama) is known, or does not count in this city.

        It is decreed each autumn for the year to come; the library or `calendar.yml` may have it.
        """
        if not self._policy.joint_leave:
            return True
        decreed = national_holidays(("government",), year)
        ours = (name for day, name in self._policy.holidays.items() if day.year == year)
        return bool(decreed) or any(JOINT_LEAVE in name.casefold() for name in ours)

    def is_workday(self, day: date) -> bool:
        """Whether the offices work on that day."""
        return day.weekday() in self._policy.hours and not self.holiday(day)

    def is_open(self, moment: datetime) -> bool:
        """Whether the offices are open at that moment (timezone-aware)."""
        local = moment.astimezone(self._zone)
        if not self.is_workday(local.date()):
            return False
        hours = self._policy.hours[local.weekday()]
        return hours.opens <= local.time() < hours.closes

    def next_opening(
        self, moment: datetime, weekday: int | None = None, monthday: int | None = None
    ) -> datetime:
        """When the offices open next after that moment.

        With a weekday (Monday is 0) or a day of the month: on the first working day of a week, of a month,
        from there on.
        """
        local = moment.astimezone(self._zone)
        for day in self._workdays(local.date() - timedelta(days=1)):
            opens = datetime.combine(day, self._policy.hours[day.weekday()].opens, self._zone)
            week = weekday is None or self._leads(day, day.weekday() - weekday)
            month = monthday is None or self._leads(day, day.day - monthday)
            if opens > local and week and month:
                return opens
        raise AssertionError("working days do not end")

    def closing(self, moment: datetime) -> datetime:
        """When the offices close on that moment's day."""
        return self._closing(moment.astimezone(self._zone).date())

    def add_workdays(self, moment: datetime, days: int) -> datetime:
        """The end of office hours of the n-th working day after that moment's day, in the city's zone.

        The day itself never counts; with 0 it is the next closing time of the offices.
        """
        local = moment.astimezone(self._zone)
        return self._closing(self._nth_workday(local.date(), days) if days else self._next_closing(local))

    def subtract_workdays(self, moment: datetime, days: int) -> datetime:
        """The end of office hours `days` working days before that moment's day."""
        day = moment.astimezone(self._zone).date()
        return self._closing(self._nth_workday(day, days, step=-1) if days else day)

    def shift(self, moment: datetime, days: int) -> datetime:
        """The same time of day, that many working days later; counting on from there adds up."""
        if not days:
            return moment
        local = moment.astimezone(self._zone)
        return datetime.combine(self._nth_workday(local.date(), days), local.time(), self._zone)

    def workdays_between(self, start: datetime, end: datetime) -> int:
        """How many working days begin after `start`'s day, up to and with `end`'s day; 0 if it is earlier."""
        first, last = (moment.astimezone(self._zone).date() for moment in (start, end))
        return sum(self.is_workday(first + timedelta(days=n)) for n in range(1, (last - first).days + 1))

    def _leads(self, day: date, after: int) -> bool:
        """Whether it is the first day worked from one on that is so many days before it."""
        return after >= 0 and not any(self.is_workday(day - timedelta(days=n)) for n in range(1, after + 1))

    def _next_closing(self, local: datetime) -> date:
        today = local.date()
        if self.is_workday(today) and local <= self._closing(today):
            return today
        return self._nth_workday(today, 1)

    def _nth_workday(self, day: date, count: int, step: int = 1) -> date:
        workdays = self._workdays(day, step)
        return [next(workdays) for _ in range(count)][-1]

    def _workdays(self, day: date, step: int = 1) -> Iterator[date]:
        idle = 0
        while idle < LONGEST_SEARCH:
            day += timedelta(days=step)
            idle += 1
            if self.is_workday(day):
                idle = 0
                yield day
        raise ValueError("No working day within a year: check hours and holidays in calendar.yml.")

    def _closing(self, day: date) -> datetime:
        hours = self._policy.hours.get(day.weekday())
        return datetime.combine(day, hours.closes if hours else time.max, self._zone)
