from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickets.duplicates import distance_m, near
from tickets.ticket import ReportPlace

METRE = 1 / 111_195  # degrees of latitude


@pytest.fixture
def ticket(story):
    return story().ticket


def moved(report, metres, **changed):
    return replace(report, place=replace(report.place, lat=report.place.lat + metres * METRE), **changed)


def test_the_same_thing_nearby_is_found(report, ticket, friday, policies):
    (match,) = near(moved(report, 40), [ticket], friday, policies)
    assert match.number == ticket.number
    assert match.distance_m == pytest.approx(40, rel=0.01)


@pytest.mark.parametrize(
    ("metres", "words", "found"),
    [
        (140, "gelap", True),
        (160, "gelap", False),
        (160, "lampu jalan di depan pasar godean mati", True),
        (490, "lampu jalan di depan pasar godean mati", True),
        (510, "lampu jalan di depan pasar godean mati", False),
    ],
)
def test_nearer_is_enough_farther_must_be_alike(story, policies, metres, words, found):
    told = story()
    new = moved(told.ticket.report, metres, narrative=words)
    assert bool(near(new, [told.ticket], told.now, policies)) is found


@pytest.mark.parametrize(
    "changed",
    [
        {"status": "SELESAI"},
        {"status": "DUPLIKAT"},
        {"status": "DIBATALKAN"},
        {"status": "DITAHAN"},
        {"flags": frozenset({"RAHASIA"})},
        {"flags": frozenset({"WBS"})},
    ],
)
def test_closed_and_confidential_tickets_are_not_offered(report, ticket, friday, policies, changed):
    assert not near(report, [replace(ticket, **changed)], friday, policies)


def test_old_ones_and_other_categories_are_not_offered(report, ticket, friday, policies):
    assert not near(report, [ticket], friday + timedelta(days=61), policies)
    assert not near(replace(report, category="jalan"), [ticket], friday, policies)


def test_without_points_like_words_in_the_same_area_count(report, ticket, friday, policies):
    def at(kode):
        return ReportPlace(kode=kode)

    old = replace(ticket, report=replace(report, place=at("34.04.01.2001")))
    assert near(replace(report, place=at("34.04.01.2001")), [old], friday, policies)
    assert near(replace(report, place=at("34.04.01")), [old], friday, policies)
    assert not near(replace(report, place=at("34.04.02.2001")), [old], friday, policies)


def test_the_nearest_come_first_and_not_too_many(report, ticket, friday, policies):
    spread = [
        replace(ticket, number=f"n{metres}", report=moved(report, metres)) for metres in (90, 10, 50, 70, 30)
    ]
    assert [match.number for match in near(report, spread, friday, policies)] == ["n10", "n30", "n50"]


points = st.builds(lambda lat, lon: ReportPlace(lat=lat, lon=lon), st.floats(-11, 6), st.floats(95, 141))


@given(points, points, points)
def test_distance_is_one(a, b, c):
    assert distance_m(a, a) == 0
    assert distance_m(a, b) == pytest.approx(distance_m(b, a))
    assert distance_m(a, c) <= distance_m(a, b) + distance_m(b, c) + 1e-3
    assert distance_m(a, ReportPlace()) is None
