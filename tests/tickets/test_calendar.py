from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickets.calendar import WorkCalendar
from tickets.policies import load_policies

POLICIES = load_policies()
ZONES = [ZoneInfo(name) for name in ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura")]


def calendar_in(zone, **changed):
    return WorkCalendar(
        replace(
            POLICIES,
            city=replace(POLICIES.city, timezone=zone),
            calendar=replace(POLICIES.calendar, **changed),
        )
    )


CALENDARS = [calendar_in(zone) for zone in ZONES]
calendars = st.sampled_from(CALENDARS)
moments = st.datetimes(datetime(2025, 1, 1), datetime(2028, 12, 31), timezones=st.sampled_from([UTC, *ZONES]))  # noqa: DTZ001
counts = st.integers(0, 70)


@given(calendars, moments, counts)
def test_a_deadline_falls_on_a_workday_at_closing_time_and_never_before_its_start(calendar, moment, days):
    due = calendar.add_workdays(moment, days)
    assert calendar.is_workday(due.date())
    assert due.time() == (time(14, 30) if due.weekday() == 4 else time(16, 0))
    assert due >= moment


@pytest.mark.parametrize(("second", "day"), [(0, 9), (1, 10)])
def test_what_comes_the_moment_the_offices_close_is_of_that_day(second, day):
    wednesday = datetime(2026, 9, 9, 16, 0, second, tzinfo=ZONES[0])
    assert CALENDARS[0].add_workdays(wednesday, 0).day == day


@given(calendars, moments, st.timedeltas(timedelta(0), timedelta(days=40)), counts)
def test_later_starts_and_more_days_never_end_earlier(calendar, moment, later, days):
    due = calendar.add_workdays(moment, days)
    assert calendar.add_workdays(moment + later, days) >= due
    more = calendar.add_workdays(moment, days + 1)
    assert more > due if days else more >= due


@given(calendars, moments, st.integers(1, 70))
def test_counting_back_finds_the_days_added(calendar, moment, days):
    assert calendar.workdays_between(moment, calendar.add_workdays(moment, days)) == days


@given(calendars, moments, st.integers(0, 30), st.integers(1, 30))
def test_shifting_the_start_equals_adding_the_days(calendar, moment, shifted, days):
    assert calendar.add_workdays(calendar.shift(moment, shifted), days) == calendar.add_workdays(
        moment, shifted + days
    )


@given(calendars, moments, st.integers(1, 30))
def test_subtracting_takes_back_what_was_added(calendar, moment, days):
    due = calendar.add_workdays(moment, days + 5)
    assert calendar.subtract_workdays(due, 5) == calendar.add_workdays(moment, days)


@given(calendars, moments, moments, moments)
def test_stretches_of_days_add_up(calendar, a, b, c):
    a, b, c = sorted((a, b, c))
    assert calendar.workdays_between(a, b) + calendar.workdays_between(b, c) == calendar.workdays_between(
        a, c
    )
    assert calendar.workdays_between(c, a) == 0


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        ("2026-11-20T09:00", 3, "2026-11-25T16:00"),  # over a weekend
        ("2026-11-20T23:59", 1, "2026-11-23T16:00"),  # after hours
        ("2026-11-21T10:00", 1, "2026-11-23T16:00"),  # filed on a Saturday
        ("2026-11-27T10:00", 1, "2026-11-30T16:00"),  # month's end
        ("2026-11-30T10:00", 1, "2026-12-01T16:00"),
        ("2026-12-23T10:00", 1, "2026-12-28T16:00"),  # joint leave, Christmas, weekend
        ("2026-12-31T10:00", 1, "2027-01-04T16:00"),  # year's end
        ("2026-03-17T10:00", 2, "2026-03-26T16:00"),  # Nyepi and Idul Fitri with their joint leave
        ("2026-11-20T09:00", 0, "2026-11-20T14:30"),
        ("2026-11-20T15:00", 0, "2026-11-23T16:00"),
    ],
)
@pytest.mark.parametrize("zone", ZONES, ids=str)
def test_the_calendar_on_paper(zone, start, days, due):
    moment = datetime.fromisoformat(start).replace(tzinfo=zone)
    assert calendar_in(zone).add_workdays(moment, days) == datetime.fromisoformat(due).replace(tzinfo=zone)


def test_midnight_is_the_city_s_own():
    late_thursday_utc = datetime(2026, 11, 19, 16, 30, tzinfo=UTC)  # 23:30 in WIB, Friday 01:30 in WIT
    jakarta, _, jayapura = CALENDARS
    assert jakarta.add_workdays(late_thursday_utc, 1).date() == date(2026, 11, 20)
    assert jayapura.add_workdays(late_thursday_utc, 1).date() == date(2026, 11, 23)


def test_a_city_adds_and_takes_away_holidays():
    holiday, leave = date(2026, 11, 23), date(2026, 12, 24)
    calendar = calendar_in(ZONES[0], holidays={holiday: "Hari jadi"}, workdays=frozenset({leave}))
    assert (calendar.holiday(holiday), calendar.is_workday(holiday)) == ("Hari jadi", False)
    assert calendar.is_workday(leave)
    assert not CALENDARS[0].is_workday(leave)


def test_without_joint_leave_only_public_holidays_are_free():
    calendar = calendar_in(ZONES[0], joint_leave=False)
    assert calendar.is_workday(date(2026, 12, 24))
    assert not calendar.is_workday(date(2026, 12, 25))


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [("2026-11-20T07:30", True), ("2026-11-20T07:29", False), ("2026-11-20T14:30", False),
     ("2026-11-23T15:59", True), ("2026-11-21T10:00", False), ("2026-12-25T10:00", False)],
)  # fmt: skip
def test_office_hours(moment, is_open):
    assert CALENDARS[0].is_open(datetime.fromisoformat(moment).replace(tzinfo=ZONES[0])) is is_open


@given(calendars, moments, st.none() | st.integers(0, 4))
def test_the_next_opening_is_the_first_ahead_and_of_a_weekday_the_first_of_its_week(calendar, moment, day):
    opens = calendar.next_opening(moment, day)
    assert opens > moment
    assert calendar.is_open(opens)
    assert not calendar.is_open(opens - timedelta(seconds=1))
    assert opens == next(one for one in openings_after(calendar, moment) if leads(calendar, one.date(), day))


@pytest.mark.parametrize(
    ("moment", "monthday", "opens"),
    [("2026-11-30T08:00", 1, "2026-12-01T07:30"), ("2026-12-01T07:30", 1, "2027-01-04T07:30"),
     ("2026-12-31T09:00", 1, "2027-01-04T07:30"), ("2026-11-20T09:00", 21, "2026-11-23T07:30")],
)  # fmt: skip
def test_a_day_of_the_month_is_its_first_working_day_from_there_on(moment, monthday, opens):
    """New Year is a holiday, and the second and third of January 2027 are a weekend."""
    moment, opens = (datetime.fromisoformat(one).replace(tzinfo=ZONES[0]) for one in (moment, opens))
    assert CALENDARS[0].next_opening(moment, monthday=monthday) == opens


def openings_after(calendar, moment):
    """Each opening after a moment, found by trying every day."""
    local = moment.astimezone(calendar._zone)
    for n in range(60):
        day = local.date() + timedelta(days=n)
        at = datetime.combine(day, time(7, 30), calendar._zone)
        if calendar.is_workday(day) and at > moment:
            yield at


def leads(calendar, day, weekday):
    if weekday is None:
        return True
    monday = day - timedelta(days=day.weekday())
    week = [monday + timedelta(days=n) for n in range(weekday, 7)]
    return next((one for one in week if calendar.is_workday(one)), None) == day


def test_a_calendar_without_any_workday_says_so():
    calendar = calendar_in(ZONES[0], hours={})
    with pytest.raises(ValueError, match=r"calendar\.yml"):
        calendar.add_workdays(datetime(2026, 1, 1, tzinfo=UTC), 1)
