"""Facts about files are told plainly, each once, and only where they tell something."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tickets.evidence.findings import Facts
from tickets.evidence.sightings import Sighting
from tickets.remarks import ORDER, Piece, remarks

OTHER = "SLM-26-7K3QX"
PHOTO = Facts("jpeg", "image/jpeg", 640, 480)
HERE, THERE = (-7.7167, 110.3550), (-7.7350, 110.3550)  # two kilometres apart


@pytest.fixture
def ticket(story):
    ticket = story().ticket
    place = replace(ticket.report.place, lat=HERE[0], lon=HERE[1])
    return replace(ticket, report=replace(ticket.report, place=place))


@pytest.fixture
def told(ticket, policies):
    def tell(*pieces):
        return [(one.name, one.places, one.value) for one in remarks(ticket, pieces, policies)]

    return tell


@pytest.fixture
def piece(ticket):
    def make(role="evidence", *, hours=None, seen=(), refused="", **facts):
        if hours is not None:
            facts["taken_at"] = (ticket.opened_at + timedelta(hours=hours)).isoformat()
        return Piece(role, replace(PHOTO, **facts), ticket.opened_at, tuple(seen), refused)

    return make


def test_a_photo_that_tells_nothing_is_not_spoken_of(told, piece):
    assert told(piece(), piece(hours=-2), piece("proof", hours=10), piece(software="Android 15")) == []


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"hours": -72}, ("taken_before", timedelta(days=3))),
        ({"hours": 48}, ("clock_ahead", timedelta(days=2))),
        ({"role": "proof", "hours": -3}, ("proof_before", timedelta(hours=3))),
        ({"lat": THERE[0], "lon": THERE[1]}, ("far", 2000.0)),
        ({"lat": HERE[0], "lon": HERE[1]}, ("near", 0.0)),
        ({"software": "Adobe Photoshop 25.1"}, ("edited", "Adobe Photoshop 25.1")),
        ({"generated": True}, ("generated", "")),
        ({"animated": True}, ("animated", "")),
        ({"refused": "broken"}, ("refused", "broken")),
        (
            {"seen": [Sighting(OTHER, "x", "citizen", "evidence")]},
            ("elsewhere_same", OTHER),
        ),
    ],
)
def test_what_is_told(told, piece, given, expected):
    (found,) = told(piece(**given))
    assert (found[0], found[2]) == expected
    assert found[0] in ORDER


def test_the_same_ticket_is_called_here(told, piece, ticket):
    seen = [Sighting(ticket.number, "x", "citizen", "evidence", "similar")]
    assert told(piece("proof", seen=seen)) == [("here_similar", (1,), "")]


def test_the_photos_of_one_walk_make_one_line_and_the_gravest_comes_first(told, piece):
    walk = [piece(hours=-72.1), piece(hours=-72.2, software="GIMP 3"), piece(hours=-71.9)]
    assert told(*walk) == [
        ("edited", (2,), "GIMP 3"),
        ("taken_before", (1, 2, 3), timedelta(days=3)),
    ]


def test_a_camera_without_a_zone_shows_the_citys_time(told, piece, ticket, policies):
    local = ticket.opened_at.astimezone(policies.city.timezone) - timedelta(hours=48)
    (found,) = told(piece(taken_at=local.replace(tzinfo=None).isoformat()))
    assert found[2] == timedelta(days=2)
