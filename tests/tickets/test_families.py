"""One unit for each kapanewon, found by the place, and staff of the family who serve them all."""

from dataclasses import replace

import pytest

from bot.services.reports.actors import actor_of
from bot.services.reports.ticketing import may_see
from storage.desk.staff import Membership, Operator
from tickets.lifecycle import permitted
from tickets.routing import accused_units, route
from tickets.sla import SlaClock
from tickets.ticket import ReportPlace
from tickets.units import family_of, serves

VILLAGE = {"category": "kalurahan", "subcategory": "layanan"}


def test_every_kapanewon_of_the_city_is_a_unit_of_its_own(policies):
    units = [one for one in policies.agencies.by_id.values() if one.kode]
    assert len(units) == 17
    assert all(one.kode.startswith(policies.city.kode + ".") for one in units)
    assert policies.agencies["kapanewon.godean"].short == "Kapanewon Godean"


@pytest.mark.parametrize(
    ("kode", "unit"),
    [
        ("34.04.02.2004", "kapanewon.godean"),
        ("34.04.02", "kapanewon.godean"),
        ("34.04.12.2001", "kapanewon.ngaglik"),
        ("34.04", "kapanewon"),
        ("", "kapanewon"),
        ("34.04.0", "kapanewon"),
    ],
)
def test_the_place_finds_the_unit_and_without_one_the_family_waits(policies, report, kode, unit):
    told = replace(report, **VILLAGE, place=ReportPlace(kode=kode))
    assert route(told, policies).agency == unit


def test_forwarding_by_hand_finds_the_unit_as_well(story):
    ticket = story(place=ReportPlace(kode="34.04.02"))
    ticket.does("penghubung", "forward", target="kapanewon", reason="lampu kampung")
    assert ticket.ticket.agency == "kapanewon.godean"


def test_staff_of_the_family_work_for_every_unit_and_those_of_a_unit_for_no_other(policies, story):
    ticket = story(**VILLAGE, place=ReportPlace(kode="34.04.02")).ticket
    assert ticket.agency == "kapanewon.godean"
    claim = policies.lifecycle.actions["claim"]
    for agency, may in (("kapanewon", True), ("kapanewon.godean", True), ("kapanewon.depok", False)):
        actor = actor_of(Operator("1", "Ani", (Membership(agency, "penghubung"),)), ticket.agency)
        assert (actor is not None and permitted(claim, ticket, actor) and may_see(ticket, actor)) is may


def test_a_complaint_about_the_unit_never_reaches_it(policies, report):
    told = replace(report, **VILLAGE, place=ReportPlace(kode="34.04.02"))
    named = replace(told, answers={"unit_terlapor": "kapanewon.godean"})
    assert route(named, policies).agency == "inspektorat"
    family = replace(told, answers={"unit_terlapor": "kapanewon"})
    assert route(family, policies).agency == "inspektorat"
    other = replace(told, answers={"unit_terlapor": "kapanewon.depok"})
    assert route(other, policies).agency == "kapanewon.godean"
    spoken = replace(told, category="aparatur", narrative="camat Godean minta uang")
    assert "kapanewon.godean" in accused_units(spoken, policies)


def test_deadlines_of_the_family_hold_for_its_units(policies):
    rule = replace(policies.sla.deadlines["resolve"], by_agency={"kapanewon": 3, "kapanewon.depok": 2})
    sla = replace(policies.sla, deadlines={**policies.sla.deadlines, "resolve": rule})
    clock = SlaClock(replace(policies, sla=sla))
    days = [clock.days("resolve", "pengaduan", "jalan", f"kapanewon.{name}") for name in ("godean", "depok")]
    assert days == [3, 2]


@pytest.mark.parametrize(
    ("agency", "unit", "works"),
    [
        ("kapanewon", "kapanewon.turi", True),
        ("kapanewon.turi", "kapanewon", False),
        ("pu", "pu_provinsi", False),
    ],
)
def test_who_serves_whom(agency, unit, works):
    assert serves(agency, unit) is works
    assert family_of(unit) == unit.split(".")[0]
