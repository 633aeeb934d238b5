from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickets.policies import load_policies
from tickets.policies.calendar import Hours
from tickets.sla import SlaClock
from tickets.ticket import Report, ReportPlace, ScreeningResult, Ticket

POLICIES = load_policies()
CLOCK = SlaClock(POLICIES)
ZONE = POLICIES.city.timezone
MONDAY = datetime(2026, 9, 7, 9, 0, tzinfo=ZONE)
REPORT = Report("…", "pengaduan", "jalan", "", ReportPlace(), ScreeningResult("pass", (), ""))
TICKET = Ticket("SLM-26-7XW2T", REPORT, "w", "Jalan", "BARU", "pu", frozenset(), MONDAY, MONDAY)


@pytest.mark.parametrize(
    ("kind", "changed", "days"),
    [
        ("verify", {}, 3),
        ("first_response", {}, 5),
        ("resolve", {}, 14),
        ("resolve", {"classification": "informasi"}, 5),
        ("resolve", {"classification": "aspirasi"}, 5),
        ("resolve", {"category": "aparatur"}, 60),
        ("resolve", {"classification": "wbs"}, 60),
        ("auto_close", {"classification": "wbs"}, 10),
    ],
)
def test_each_class_has_its_days(kind, changed, days):
    found = CLOCK.deadline(kind, replace(REPORT, **changed), MONDAY)
    assert found.days == days
    assert CLOCK.calendar.workdays_between(MONDAY, found.due_at) == days


def test_an_agency_may_have_its_own_days():
    rule = replace(POLICIES.sla.deadlines["resolve"], by_agency={"bpbd": 2})
    sla = replace(POLICIES.sla, deadlines={**POLICIES.sla.deadlines, "resolve": rule})
    clock = SlaClock(replace(POLICIES, sla=sla))
    assert clock.deadline("resolve", REPORT, MONDAY, "bpbd").days == 2
    assert clock.deadline("resolve", REPORT, MONDAY, "pu").days == 14


def test_an_agency_may_have_its_own_week():
    """An agency that works on Saturdays answers by its own week; the citizen's days count the city's."""
    hours = POLICIES.calendar.hours
    week = {"bpbd": {**hours, 5: Hours(time(7), time(12))}, "kapanewon": {0: hours[0]}}
    clock = SlaClock(replace(POLICIES, calendar=replace(POLICIES.calendar, by_agency=week)))
    assert clock.deadline("first_response", REPORT, MONDAY, "bpbd").due_at.strftime("%a %H") == "Sat 12"
    assert clock.deadline("first_response", REPORT, MONDAY, "pu").due_at.strftime("%a %H") == "Mon 16"
    assert clock.deadline("auto_close", REPORT, MONDAY, "bpbd").due_at.weekday() == 0
    assert clock.deadline("resolve", REPORT, MONDAY, "kapanewon.godean").due_at > MONDAY + timedelta(weeks=13)
    late = clock.start(replace(TICKET, agency="bpbd", answered_at=None), "first_response", MONDAY)
    assert clock.remind_at(late).weekday() == 4
    assert clock.escalate_at(late).weekday() == 0
    paused = clock.resume(clock.pause(late, MONDAY), MONDAY + timedelta(days=5))
    assert paused.paused_days == 5


moments = st.datetimes(datetime(2026, 9, 7), datetime(2026, 12, 1), timezones=st.just(ZONE))  # noqa: DTZ001


@given(moments, st.lists(st.timedeltas(timedelta(0), timedelta(days=9)), max_size=4))
def test_pauses_give_back_exactly_the_working_days_they_took(start, pauses):
    ticket = CLOCK.start(replace(TICKET, opened_at=start), "resolve", start)
    now, stood = start, 0
    for pause in pauses:
        stood += CLOCK.calendar.workdays_between(now, now + pause)
        ticket = CLOCK.resume(CLOCK.pause(ticket, now), now + pause)
        now += pause
    assert ticket.due_at == CLOCK.calendar.add_workdays(start, 14 + stood)
    assert ticket.paused_days == stood
    assert ticket.due_at == CLOCK.start(ticket, "resolve", now).due_at


def test_while_it_stands_nothing_is_due_and_pausing_twice_changes_nothing():
    paused = CLOCK.pause(CLOCK.start(TICKET, "resolve", MONDAY), MONDAY)
    assert paused.due_at is None
    assert CLOCK.pause(paused, MONDAY + timedelta(days=3)) == paused
    assert CLOCK.recount(paused) == paused
    assert CLOCK.resume(TICKET, MONDAY) == TICKET


def test_a_new_policy_recounts_what_is_running():
    ticket = CLOCK.start(TICKET, "resolve", MONDAY)
    rule = replace(POLICIES.sla.deadlines["resolve"], days=3)
    sla = replace(POLICIES.sla, deadlines={**POLICIES.sla.deadlines, "resolve": rule})
    due = SlaClock(replace(POLICIES, sla=sla)).recount(ticket).due_at
    assert due == CLOCK.calendar.add_workdays(MONDAY, 3)
    assert CLOCK.recount(ticket) == ticket


def test_reminder_and_rungs_lie_around_the_deadline():
    ticket = CLOCK.start(TICKET, "resolve", MONDAY)
    between = CLOCK.calendar.workdays_between
    assert between(CLOCK.remind_at(ticket), ticket.due_at) == 1
    assert between(ticket.due_at, CLOCK.escalate_at(ticket)) == 1
    assert between(ticket.due_at, CLOCK.escalate_at(replace(ticket, escalation=3))) == 7
    assert CLOCK.escalate_at(replace(ticket, escalation=4)) is None
    assert CLOCK.remind_at(TICKET) is None
    assert CLOCK.escalate_at(TICKET) is None
