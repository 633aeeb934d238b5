"""Figures against numbers reckoned by hand on a calendar: 2026 in Sleman, five working days to the week."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tickets.figures import Period, figures, on_time
from tickets.lives import Life, Step
from tickets.policies import load_policies
from tickets.sla import SlaClock

POLICIES = load_policies()
CLOCK = SlaClock(POLICIES)
ZONE = POLICIES.city.timezone
NEVER = datetime(2027, 6, 1, tzinfo=ZONE)


def at(day: str, hour: int = 9) -> datetime:
    """A moment of September to November 2026, when no holiday falls on a weekday."""
    return datetime.fromisoformat(f"2026-{day}T{hour:02}:00").replace(tzinfo=ZONE)


def life(*steps: tuple[str, str, str, str], **changed) -> Life:
    """A complaint opened on Monday 7 September: 14 working days end on Friday 25 September at 14:30."""
    told = tuple(Step(at(day), action, before, after) for day, action, before, after in steps)
    bare = Life(
        "SLM-26-7XW2T", "pu", "jalan", "pengaduan", "34.04.07.2003", at("09-07"), secret=False, steps=()
    )
    return replace(bare, **{"steps": told} | changed)


SENT = ("09-07", "verify", "VERIFIKASI", "DISPOSISI")


def closed(day: str, before: str = "PROSES") -> tuple[str, str, str, str]:
    return (day, "close", before, "MENUNGGU_KONFIRMASI")


ASKED = (SENT, ("09-10", "ask_data", "DISPOSISI", "PERLU_DATA"))
ANSWERED = (*ASKED, ("09-14", "give_data", "PERLU_DATA", "PROSES"))
DENIED = ("09-29", "deny", "MENUNGGU_KONFIRMASI", "PROSES")
DONE = (SENT, closed("09-10"), ("09-11", "confirm", "MENUNGGU_KONFIRMASI", "SELESAI"))
REOPENED = (*DONE, ("10-12", "reopen", "SELESAI", "DIBUKA_KEMBALI"))
MERGED = (SENT, ("09-08", "merge", "DISPOSISI", "DUPLIKAT"), ("09-22", "split", "DUPLIKAT", "DISPOSISI"))


@pytest.mark.parametrize(
    ("steps", "timely"),
    [
        ((SENT, closed("09-25")), True),
        ((SENT, closed("09-28")), False),
        # two working days with the citizen: until Tuesday 29
        ((*ANSWERED, closed("09-29")), True),
        ((*ANSWERED, closed("09-30")), False),
        # closed in time, denied after the 14 days: five more from that day, until Tuesday 6
        ((SENT, closed("09-24"), DENIED, closed("10-06")), True),
        ((SENT, closed("09-24"), DENIED, closed("10-07")), False),
        # whoever was late first does not become punctual by closing again
        ((SENT, closed("09-28"), DENIED, closed("09-30")), False),
        # opened again a month after it was done in time
        ((*REOPENED, closed("10-19", "DIBUKA_KEMBALI")), True),
        ((*REOPENED, closed("10-20", "DIBUKA_KEMBALI")), False),
        # merged by mistake for ten working days: until Friday 9 October
        ((*MERGED, closed("10-09", "DISPOSISI")), True),
        ((*MERGED, closed("10-12", "DISPOSISI")), False),
    ],
)
def test_on_time_is_each_round_of_work_by_its_own_deadline(steps, timely):
    assert on_time(life(*steps), CLOCK, NEVER) is timely


def test_what_is_still_worked_on_is_late_only_past_its_deadline():
    again = life(SENT, closed("09-10"), ("10-12", "deny", "MENUNGGU_KONFIRMASI", "PROSES"))
    assert on_time(again, CLOCK, at("10-19")) is None
    assert on_time(again, CLOCK, at("10-20")) is False
    assert on_time(life(*ASKED), CLOCK, at("11-30")) is None


def unit(agency: str, hours: int) -> list[Life]:
    """Five complaints of an agency that took it so many hours each."""
    done = Step(at("09-07") + timedelta(hours=hours), "close", "PROSES", "MENUNGGU_KONFIRMASI")
    return [life(agency=agency, number=f"{agency}{n}", steps=(done,)) for n in range(5)]


@pytest.mark.parametrize(
    ("count", "fastest", "slowest"), [(1, 1, 0), (2, 1, 1), (5, 3, 2), (9, 5, 4), (20, 10, 10), (24, 10, 10)]
)
def test_no_unit_is_among_the_fastest_and_the_slowest(count, fastest, slowest):
    own = [one for one in POLICIES.agencies.by_id if not POLICIES.agencies[one].external][:count]
    lives = [one for place, agency in enumerate(own) for one in unit(agency, 10 + place)]
    period = Period(at("09-01"), at("10-01"), NEVER)
    found = figures(lives, period, POLICIES, CLOCK)
    quick, slow = ([row.key for row in rows] for rows in (found.fastest, found.slowest))
    assert (len(quick), len(slow)) == (fastest, slowest)
    assert quick == own[:fastest]
    assert slow == own[::-1][:slowest]
