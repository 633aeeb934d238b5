"""What is looked up together comes to the same as one after the other, and is one message to a server."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

from storage.doors.database import Connection, Database
from storage.doors.inquiries import Inquiry, nothing_to_ask, together
from storage.doors.straight import Line
from storage.reports import candidates, cases
from storage.reports.cases import Home
from storage.talks import conversations, restraint
from storage.talks.conversations import NewContact
from tickets.desk import Desk
from tickets.policies import load_policies
from tickets.ticket import Report, ReportPlace, ScreeningResult

NOW = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
DESK = Desk(load_policies())
PLACE = ReportPlace("pasar Godean", "34.04.02.2004", lat=-7.767, lon=110.293)
STORY = 'lampu mati — «gelap», \\ "benar" {} (a,b)'
REPORT = Report(STORY, "pengaduan", "lampu_jalan", "", PLACE, ScreeningResult("pass", (), STORY))
NUMBER = "SLM-26-7XW2T"


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    async with Database(database_url) as opened:
        yield opened


@pytest.fixture
async def on_server(postgres_url: str) -> AsyncIterator[Database]:
    async with Database(postgres_url) as opened:
        yield opened


def opened(connection: Connection) -> None:
    conversations.introduce(connection, NewContact("ani", "telegram", "1", "jv"), NOW)
    cases.open_ticket(connection, DESK.open(REPORT, NUMBER, "ani", NOW), Home("ani", "telegram", "1"))


def everything(number: str = NUMBER) -> tuple[Inquiry, Inquiry, Inquiry]:
    return cases.about(number), conversations.tongue("ani"), cases.past(number)


def further() -> tuple[Inquiry, Inquiry, Inquiry]:
    near = candidates.like(REPORT, NOW - timedelta(days=1), 500.0)
    return near, nothing_to_ask("known"), restraint.filed_since("ani", NOW - timedelta(days=1))


@pytest.mark.parametrize("asked", [everything(), everything("SLM-26-XXXXX"), further()])
async def test_it_comes_to_the_same_as_one_after_the_other(database: Database, asked):
    await database.write(opened)
    alone = await database.glance(lambda c: tuple(one.at(c) for one in asked))
    assert any(alone)

    for door in (database.write, database.read, database.glance):
        assert await door(lambda c: together(c, *asked)) == alone


async def test_each_of_many_gets_its_own_answers(database: Database):
    await database.write(opened)
    numbers = [NUMBER, "SLM-26-XXXXX"] * 5

    def look(connection: Connection, number: str) -> tuple[bool, int]:
        case, _, past = together(connection, *everything(number))
        return case is not None, len(past)

    found = await asyncio.gather(*(database.glance(lambda c, n=number: look(c, n)) for number in numbers))
    assert found == [(True, len(DESK.open(REPORT, NUMBER, "ani", NOW).events)), (False, 0)] * 5


async def test_what_the_same_transaction_wrote_is_there(database: Database):
    def work(connection: Connection):
        opened(connection)
        return together(connection, *everything())

    case, language, past = await database.write(work)
    assert case is not None
    assert (case.ticket.report.narrative, language) == (STORY, "jv")
    assert past == DESK.open(REPORT, NUMBER, "ani", NOW).events


async def test_to_a_server_it_is_one_message(on_server: Database, monkeypatch: pytest.MonkeyPatch):
    await on_server.write(opened)
    await on_server.glance(lambda c: together(c, *everything()))  # a new connection has more to say
    messages: list[str] = []
    ask, execute = Line.ask, asyncpg.Connection.execute

    async def asked(self: Line, sql: str, rows: list[list[object]]) -> list[asyncpg.Record]:
        messages.append(sql)
        return await ask(self, sql, rows)

    async def told(self: asyncpg.Connection, sql: str) -> str:
        messages.append(sql)
        return await execute(self, sql)

    monkeypatch.setattr(Line, "ask", asked)
    monkeypatch.setattr(asyncpg.Connection, "execute", told)

    await on_server.glance(lambda c: together(c, *everything()))
    assert len(messages) == 1
    await on_server.write(lambda c: (together(c, *everything()), together(c, *further())))
    assert [one.split()[0] for one in messages[1:]] == ["BEGIN", "SELECT", "SELECT", "COMMIT"]
