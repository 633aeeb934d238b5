"""Repeat places: told where many people say the same, never where they could point at one of them."""

from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from tickets.lives import Life, Step
from tickets.policies import load_policies
from tickets.repeats import repeats

POLICY = load_policies().figures
OPENED = datetime(2026, 9, 7, tzinfo=UTC)
SIDOAGUNG, GODEAN = "34.04.02.2004", "34.04.02"


def life(person: int, status: str = "PROSES", **changed) -> Life:
    steps = (Step(OPENED, "verify", None, status),)
    bare = Life("SLM-26-7XW2T", "pu", "jalan", "pengaduan", SIDOAGUNG, OPENED, secret=False, steps=steps)
    return replace(bare, people=frozenset({person}), **changed)


def told(*lives: Life) -> list[tuple[str, str, int, int]]:
    return [(one.kode, one.category, one.reports, one.people) for one in repeats(lives, POLICY)]


def test_the_same_of_one_kalurahan_from_several_people_is_a_repeat_place():
    lives = (life(1), life(2, "SELESAI"), life(3, "DUPLIKAT"), life(1))
    assert told(*lives) == [(SIDOAGUNG, "jalan", 4, 3)]


def test_who_follows_a_report_speaks_in_it():
    assert told(life(1), life(1), replace(life(1), people=frozenset({1, 2, 3}))) == [
        (SIDOAGUNG, "jalan", 3, 3)
    ]


def test_one_person_is_not_pointed_at_however_often_they_write():
    assert told(*[life(1)] * 40, *[life(2)] * 40) == []


def test_what_was_refused_withdrawn_secret_or_nowhere_does_not_count():
    two = (life(1), life(2))
    for other in (
        life(3, "DIBATALKAN"),
        life(3, "ARSIP"),
        life(3, secret=True),
        life(3, kode=GODEAN),
        life(3, kode="34.04.02.2005"),
        life(3, category="sampah"),
    ):
        assert told(*two, other) == []


@given(st.lists(st.tuples(st.integers(0, 6), st.sampled_from(["jalan", "sampah"]), st.integers(1, 4))))
def test_no_place_of_fewer_people_than_the_rule_is_ever_told(drawn):
    lives = [life(person, category=what, kode=f"34.04.02.200{n}") for person, what, n in drawn]
    found = repeats(lives, POLICY)
    assert len(found) <= POLICY.repeats.most
    for one in found:
        own = [each for each in lives if (each.kode, each.category) == (one.kode, one.category)]
        assert (
            one.people
            == len({person for each in own for person in each.people})
            >= POLICY.repeats.least_people
        )
        assert one.reports == len(own) >= POLICY.repeats.least_reports
