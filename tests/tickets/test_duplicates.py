from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickets.duplicates import (
    Candidate,
    asked_about,
    candidate,
    cell,
    cells_around,
    distance_m,
    near,
    offerable,
    sought,
)
from tickets.ticket import ReportPlace, ScreeningResult

METRE = 1 / 111_195  # degrees of latitude


@pytest.fixture
def ticket(story):
    return story().ticket


@pytest.fixture
def matches(friday, policies):
    """The matches of a report among tickets, as if each were looked at."""

    def look(report, tickets, now=friday):
        offered = [candidate(one) for one in tickets if offerable(one)]
        return near(asked_about(report, now), offered, now, policies.duplicates)

    return look


def moved(report, metres, **changed):
    return replace(report, place=replace(report.place, lat=report.place.lat + metres * METRE), **changed)


def test_the_same_thing_nearby_is_found(report, ticket, matches):
    (match,) = matches(moved(report, 40), [ticket])
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
def test_nearer_is_enough_farther_must_be_alike(ticket, matches, metres, words, found):
    assert bool(matches(moved(ticket.report, metres, narrative=words), [ticket])) is found


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
def test_closed_and_confidential_tickets_are_not_offered(report, ticket, matches, changed):
    assert matches(report, [ticket])
    assert not matches(report, [replace(ticket, **changed)])


def test_a_whistleblowers_report_is_offered_to_nobody_even_before_it_is_marked(report, ticket):
    assert offerable(ticket)
    assert not offerable(replace(ticket, report=replace(report, classification="wbs")))


@pytest.mark.parametrize(
    "private",
    [
        {"confidential": True},
        {"classification": "wbs"},
        {"screening": ScreeningResult("hold", (), "")},
        {"category": "adminduk"},
    ],
)
def test_for_what_is_private_or_held_nothing_alike_is_sought(report, policies, private):
    assert sought(report, policies.duplicates)
    assert not sought(replace(report, **private), policies.duplicates)


def test_old_ones_are_not_offered(report, ticket, friday, matches):
    assert matches(report, [ticket], friday + timedelta(days=59))
    assert not matches(report, [ticket], friday + timedelta(days=61))


def test_the_same_photo_counts_whatever_the_words(report, friday, policies):
    def told(number, words, metres=0):
        place = replace(report.place, lat=report.place.lat + metres * METRE)
        return Candidate(number, place, "", words, friday)

    new = told("", "motor saya rusak")
    others = [told("n1", "rambu hilang di tikungan", 400), told("n2", "gelap", 400), told("n3", "gelap", 900)]
    found = near(new, others, friday, policies.duplicates, frozenset({"n1", "n3"}))
    assert [(match.number, match.same_photo) for match in found] == [("n1", True)]


def test_a_named_stretch_of_road_is_no_spot(report, ticket, matches):
    stretch = ReportPlace("Jalan Kaliurang km 7", "34.04.07.2003", lat=-7.7452, lon=110.389)
    screened = replace(report.screening, masked="lubang besar dekat indomaret km 7")
    old = replace(ticket, report=replace(report, place=stretch, screening=screened))
    assert not matches(replace(report, place=stretch, narrative="pju mati depan gereja"), [old])


def test_without_points_like_words_in_the_same_area_count(report, ticket, matches):
    def at(kode):
        return ReportPlace(kode=kode)

    old = replace(ticket, report=replace(report, place=at("34.04.01.2001")))
    assert matches(replace(report, place=at("34.04.01.2001")), [old])
    assert matches(replace(report, place=at("34.04.01")), [old])
    assert not matches(replace(report, place=at("34.04.02.2001")), [old])


def test_the_nearest_come_first_and_not_too_many(report, ticket, matches):
    spread = [
        replace(ticket, number=f"n{metres}", report=moved(report, metres)) for metres in (90, 10, 50, 70, 30)
    ]
    assert [match.number for match in matches(report, spread)] == ["n10", "n30", "n50"]


points = st.builds(lambda lat, lon: ReportPlace(lat=lat, lon=lon), st.floats(-11, 6), st.floats(95, 141))


@given(points, points, points)
def test_distance_is_one(a, b, c):
    assert distance_m(a, a) == 0
    assert distance_m(a, b) == pytest.approx(distance_m(b, a))
    assert distance_m(a, c) <= distance_m(a, b) + distance_m(b, c) + 1e-3
    assert distance_m(a, ReportPlace()) is None


@given(st.floats(-11, 6), st.floats(95, 141), st.floats(0, 2000), st.floats(-1, 1), st.floats(-1, 1))
def test_whatever_is_within_the_distance_lies_in_the_squares_around(lat, lon, metres, north, east):
    other = (lat + north * metres * METRE, lon + east * metres * METRE)
    apart = distance_m(ReportPlace(lat=lat, lon=lon), ReportPlace(lat=other[0], lon=other[1]))
    if apart <= metres:
        assert cell(*other) in cells_around(lat, lon, metres)
