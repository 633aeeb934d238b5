"""Figures for staff, digests and reports: read beside the turns, counted off the event loop."""

import asyncio
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.services.core import Clock
from storage.doors.database import Database
from storage.reports import figures as store
from tickets.figures import Figures, Period, figures
from tickets.policies import Policies
from tickets.sla import SlaClock


@dataclass(frozen=True, slots=True)
class FigureDesk:
    """Counts what the database holds by a city's rules."""

    database: Database
    policies: Policies
    clock: Clock

    async def of(self, period: Period, agency: str | None = None) -> Figures:
        """The figures of a period, of one agency or of all."""
        found = await self.database.read(
            lambda c: store.lives(c, period.start, period.end, period.as_of, agency)
        )
        return await asyncio.to_thread(figures, found, period, self.policies, SlaClock(self.policies))

    def days(self, first: date, last: date) -> Period:
        """The period of these days, looked at as of their end, or as of now while they last."""
        return period_of(first, last, self.clock(), self.policies.city.timezone)

    def last_days(self, count: int) -> Period:
        """The last days up to today."""
        today = self.today()
        return self.days(today - timedelta(days=count - 1), today)

    def today(self) -> date:
        """Which day it is in the city."""
        return self.clock().astimezone(self.policies.city.timezone).date()


def period_of(first: date, last: date, now: datetime, zone: ZoneInfo) -> Period:
    """The days from `first` to `last`, both whole, in a zone."""
    start = datetime.combine(first, time(), zone)
    end = datetime.combine(last + timedelta(days=1), time(), zone)
    return Period(start, end, min(end, now))
