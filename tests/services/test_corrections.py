from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.services.reports.corrections import corrections
from tickets.ticket import Actor, Change, Command, Report, ReportPlace, ScreeningResult, Ticket

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
STAFF = Actor("operator", "7", "koordinator", "koordinator")


@pytest.fixture
def ticket():
    passed = ScreeningResult("pass", (), "lampu di jembatan mati, hubungi ••••")
    report = Report("lampu di jembatan mati", "pengaduan", "jalan", "jembatan", ReportPlace(), passed)
    return Ticket("SLM-26-7K3QX", report, "c1", "Lampu", "VERIFIKASI", "dpupkp", frozenset(), NOW, NOW)


def found(before, after, command):
    return list(corrections(before, Change(after, (), ()), command, NOW))


def test_another_category_is_a_correction(ticket):
    after = replace(ticket, report=replace(ticket.report, category="lampu_jalan", subcategory="mati"))
    (one,) = found(ticket, after, Command("redispose", STAFF, target="lampu_jalan/mati"))
    assert (one.kind, one.was, one.now, one.actor) == ("category", "jalan/jembatan", "lampu_jalan/mati", "7")


def test_another_agency_is_a_correction_of_its_own_kind(ticket):
    (one,) = found(ticket, replace(ticket, agency="dishub"), Command("forward", STAFF, target="dishub"))
    assert (one.kind, one.was, one.now) == ("agency", "dpupkp", "dishub")


@pytest.mark.parametrize("action", ["claim", "reply", "close"])
def test_other_actions_and_the_system_teach_nothing(ticket, action):
    assert found(ticket, replace(ticket, agency="dishub"), Command(action, STAFF)) == []
    assert found(ticket, replace(ticket, agency="dishub"), Command("forward", Actor("system"))) == []
