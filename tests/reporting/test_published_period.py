"""The period Purwakarta published: 1 Jan - 25 May 2024, 484 in, 424 done, 55 in process, 3 deferred."""

import shutil
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import text

from bot.reporting.drawing import drawing
from bot.reporting.labels import Labels
from bot.reporting.tables import paper
from bot.reporting.written import markdown
from bot.services.desk.figures import period_of
from bot.services.reports.naming import area_names, category_names
from storage.reports import figures as store
from tests.conftest import ON_POSTGRES
from tests.reporting.conftest import REPORTER, Archive, archive_in
from tickets.figures import figures
from tickets.sla import SlaClock
from tickets.ticket import Actor, Command

FIRST, LAST = date(2024, 1, 1), date(2024, 5, 25)
PUBLISHED = {"done": 424, "in_process": 50, "waiting": 5, "deferred": 3}


@pytest.fixture(scope="module")
def zone(policies):
    return policies.city.timezone


@pytest.fixture(scope="module")
def blank(request, tmp_path_factory):
    """An empty database of this file's own."""
    if ON_POSTGRES:
        cluster = request.getfixturevalue("cluster")
        yield cluster.create("published", "migrated")
        cluster.drop("published")
        return
    path = tmp_path_factory.mktemp("published") / "kentongan.db"
    shutil.copyfile(request.getfixturevalue("migrated"), path)
    yield f"sqlite:///{path}"


@pytest.fixture(scope="module")
def published(blank, policies, zone):
    """484 reports: those of the published table, and two that are none of its three."""
    with archive_in(blank, policies) as archive:
        yield filled(archive, zone)


def filled(archive: Archive, zone) -> Archive:
    ends = [end for end, count in PUBLISHED.items() for _ in range(count)] + ["withdrawn", "refused"]
    archive.rng.shuffle(ends)
    morning = datetime(2024, 1, 1, 8, tzinfo=zone)
    for end in ends:
        archive.file(end, morning + timedelta(days=archive.rng.randint(0, 100)))
    return archive


def counted(archive, policies, zone, look=store.lives):
    now = datetime(2026, 1, 1, tzinfo=zone)
    period = period_of(FIRST, LAST, now, zone)
    found = archive.run(lambda c: look(c, period.start, period.end, period.as_of))
    return figures(found, period, policies, SlaClock(policies))


def without_history(connection, *period):
    """The lives, had the histories of two reports been lost."""
    lost = "SELECT number FROM tickets WHERE status IN ('ARSIP', 'DIBATALKAN')"
    with connection.begin_nested() as undone:
        connection.execute(text(f"DELETE FROM ticket_events WHERE number IN ({lost})"))  # noqa: S608
        found = store.lives(connection, *period)
        undone.rollback()
    return found


def test_the_published_table_is_reproduced_and_its_difference_shown(published, policies, zone):
    found = counted(published, policies, zone)
    count = found.total.count
    assert (count.received, count.done, count.in_process, count.deferred) == (484, 424, 55, 3)
    assert (count.difference, count.outside, count.unexplained) == (2, {"ARSIP": 1, "DIBATALKAN": 1}, 0)
    told = markdown(paper(found, Labels(policies, category_names("id"), area_names())))
    assert "| Selisih: 484 masuk - 424 selesai - 55 dalam proses - 3 ditunda | 2 |" in told
    assert "|   Dibatalkan | 1 |" in told
    assert "|   Tidak terjelaskan | 0 |" in told


def test_what_no_history_explains_is_called_unexplained(published, policies, zone):
    found = counted(published, policies, zone, without_history)
    assert (found.total.count.difference, found.total.count.unexplained) == (2, 2)
    labels = Labels(policies, category_names("id"), area_names())
    assert "|   Tidak terjelaskan | 2 |" in markdown(paper(found, labels))
    assert any("tidak terjelaskan 2" in line for line in drawing(found, labels).lines)


def test_a_period_looks_the_same_whenever_it_is_asked_for(archive, policies, zone):
    opened = datetime(2024, 5, 20, 9, tzinfo=zone)
    archive.file("done", opened)  # it was done only after the period
    count = counted(archive, policies, zone).total.count
    assert (count.received, count.done, count.in_process) == (1, 0, 1)


def test_days_are_the_citys_days(archive, policies, zone):
    for moment in (datetime(2023, 12, 31, 23, 59, tzinfo=zone), datetime(2024, 5, 26, 0, 0, tzinfo=zone)):
        archive.file("in_process", moment)
    inside = (datetime(2024, 1, 1, 0, 0, tzinfo=zone), datetime(2024, 5, 25, 23, 59, 59, tzinfo=zone))
    for moment in inside:
        archive.file("in_process", moment)
    assert counted(archive, policies, zone).total.count.received == len(inside)


def test_questionnaires_filled_in_chat_make_the_index(archive, policies, zone):
    opened = datetime(2024, 2, 1, 9, tzinfo=zone)
    for n in range(policies.figures.least_surveys):
        ticket = archive.file("done", opened + timedelta(hours=n))
        survey = Command("survey", Actor("citizen", REPORTER), text="444433333")
        archive.act(ticket, survey, ticket.changed_at + timedelta(hours=1))
    found = counted(archive, policies, zone).ikm
    assert (found.n, found.value, found.grade) == (30, 86.11, "B")
