"""The index of likely duplicates: what is in it, what never is, and that a look goes through its indexes."""

import random
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from storage.doors.database import Database
from storage.doors.prepared import Prepared
from storage.reports import candidates, cases, following
from storage.reports.cases import Home
from storage.talks import conversations
from storage.talks.conversations import Kept, NewContact
from tickets.desk import Desk
from tickets.numbers import make_number
from tickets.policies import load_policies
from tickets.ticket import Actor, Change, Command, Report, ReportPlace, ScreeningResult

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
POLICIES = load_policies()
DESK = Desk(POLICIES)
STORY = "lampu jalan depan pasar godean mati"
REPORT = Report(
    STORY,
    "pengaduan",
    "lampu_jalan",
    "mati",
    ReportPlace("", "34.04.02.2004", lat=-7.767, lon=110.293),
    ScreeningResult("pass", (), STORY),
)
CHANCE = random.Random(3)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    async with Database(database_url) as opened:
        yield opened


def person(connection, name: str) -> Home:
    home = Home(name, "telegram", name)
    if conversations.load(connection, "telegram", name) is None:
        kept = Kept(f"c-{name}", name, "", {}, 1)
        conversations.begin(connection, NewContact(name, "telegram", name, "id"), kept, NOW)
    return home


async def opened(database: Database, reporter: str = "ani", at: datetime = NOW, **changed) -> Change:
    change = DESK.open(replace(REPORT, **changed), make_number("SLM", 2026, CHANCE), reporter, at)
    await database.write(lambda c: cases.open_ticket(c, change, person(c, reporter)))
    return change


async def found(database: Database, report: Report = REPORT, since=NOW - timedelta(days=60)) -> list[str]:
    seen = await database.read(lambda c: candidates.found(c, report, since, 500.0))
    return [one.number for one in seen]


async def test_open_tickets_near_by_are_found_by_point_and_by_area(database: Database):
    near = await opened(database)
    far = replace(REPORT.place, lat=-7.75)
    await opened(database, place=far)
    unplaced = await opened(database, place=ReportPlace(kode="34.04.02.2004"))
    assert set(await found(database)) == {near.ticket.number, unplaced.ticket.number}
    by_area = replace(REPORT, place=ReportPlace(kode="34.04.02"))
    assert len(await found(database, by_area)) == 3
    assert len(await found(database, replace(REPORT, place=ReportPlace(kode="34")))) == 3
    assert await found(database, replace(REPORT, place=ReportPlace())) == []
    assert await found(database, replace(REPORT, category="jalan")) == []
    assert await found(database, since=NOW + timedelta(days=1)) == []


@pytest.mark.parametrize(
    "changed",
    [
        {"confidential": True},
        {"classification": "wbs"},
        {"screening": ScreeningResult("hold", (), STORY)},
        {"screening": ScreeningResult("refuse", (), STORY)},
        {"screening": ScreeningResult("pass_private", (), STORY)},
    ],
)
async def test_what_is_private_held_or_refused_is_never_in_it(database: Database, changed):
    await opened(database, **changed)
    assert await database.read(candidates.count) == 0


async def test_it_leaves_when_it_is_closed_or_made_confidential_and_comes_back_when_reopened(
    database: Database,
):
    change = await opened(database)
    ani = Actor("citizen", "ani")

    async def does(ticket, *commands):
        for command in commands:
            done = DESK.act(ticket, command, NOW)
            await database.write(lambda c, d=done, t=ticket: cases.save(c, d, t.version))
            ticket = done.ticket
        return ticket

    officer = Actor("operator", "op", "dishub", "penghubung")
    closed = await does(
        change.ticket,
        Command("close", officer, text="beres", proof=("f",)),
        Command("confirm", ani),
    )
    assert await found(database) == []
    again = await does(closed, Command("reopen", ani, reason="mati lagi"))
    assert len(await found(database)) == 1
    await does(again, Command("make_confidential", ani))
    assert await found(database) == []


async def test_the_words_kept_are_those_with_other_peoples_data_hidden(database: Database):
    await opened(database, screening=ScreeningResult("pass", (), "NIK •••••• lampu mati"))
    (one,) = await database.read(lambda c: candidates.found(c, REPORT, NOW - timedelta(days=1), 500.0))
    assert one.words == "NIK •••••• lampu mati"


async def test_however_many_are_near_a_handful_of_statements_reads_them(
    database: Database, monkeypatch: pytest.MonkeyPatch
):
    number = (await opened(database)).ticket.number
    asked, rows = set[str](), Prepared.rows

    def noting(prepared: Prepared, *asking):
        asked.add(prepared.sql)
        return rows(prepared, *asking)

    monkeypatch.setattr(Prepared, "rows", noting)
    for others in range(candidates.MOST_NEAR + candidates.MOST_IN_AREA):
        numbers = [*(f"SLM-26-{other:05d}" for other in range(others)), number]
        (one,) = await database.read(lambda c, n=numbers: candidates.among(c, REPORT.category, n))
        assert one.number == number
    assert len(asked) <= 8


@pytest.mark.sqlite("it reads SQLite's query plans; the statements are the same on a server")
async def test_a_look_goes_through_the_covering_indexes(database: Database):
    statements: list[str] = []

    def look(connection):
        driver = connection.connection.driver_connection
        driver.set_trace_callback(statements.append)
        candidates.found(connection, REPORT, NOW, 500.0)
        candidates.found(connection, replace(REPORT, place=ReportPlace(kode="34.04.02.2004")), NOW, 500.0)
        driver.set_trace_callback(None)
        return [driver.execute(f"EXPLAIN QUERY PLAN {one}").fetchall() for one in statements]

    plans = [row[-1] for plan in await database.glance(look) for row in plan if "candidates" in row[-1]]
    assert plans
    assert not any(plan.startswith("SCAN") for plan in plans), plans
    assert any("COVERING INDEX ix_candidates_cell" in plan for plan in plans), plans
    assert any("COVERING INDEX ix_candidates_area" in plan for plan in plans), plans


async def test_everybody_hears_of_a_merged_family_once_and_a_split_takes_back_just_that(database: Database):
    top, middle, leaf = [await opened(database, name) for name in ("ani", "budi", "cici")]
    officer = Actor("operator", "op", "dishub", "penghubung")

    async def joined(low, high):
        command = Command("merge", officer, reason="tempat_sama", target=high.ticket.number)
        change = DESK.act(low.ticket, command, NOW, high.ticket)
        await database.write(lambda c: cases.save(c, change, low.ticket.version))
        return change

    leaf = await joined(leaf, middle)
    merged = await joined(middle, top)
    number = top.ticket.number

    def follow(connection):
        for name, what in (("dedi", number), ("dedi", middle.ticket.number), ("ani", leaf.ticket.number)):
            following.follow(connection, what, person(connection, name), NOW)

    await database.write(follow)
    heard = await database.read(lambda c: following.listeners_of(c, number))
    assert {one.home.contact: one.own for one in heard} == {
        "budi": middle.ticket.number,
        "cici": leaf.ticket.number,
        "dedi": "",
    }
    assert await database.read(lambda c: following.count_followers(c, number)) == 3

    change = DESK.act(merged.ticket, Command("split", officer, reason="hal_lain"), NOW)
    await database.write(lambda c: cases.save(c, change, merged.ticket.version))
    left = await database.read(lambda c: following.listeners_of(c, number))
    assert [one.home.contact for one in left] == ["dedi"]
