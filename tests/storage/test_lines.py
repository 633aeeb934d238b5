"""What goes together on PostgreSQL's lines, and on SQLite at once, comes to the same."""

import asyncio
from datetime import UTC, datetime
from itertools import chain, combinations

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from dialogs.messages import OutboundMessage
from storage.doors import straight
from storage.doors.database import Connection, Database
from storage.doors.lines import Lines
from storage.doors.postgresql import engine_for
from storage.doors.straight import Line, UndoneError
from storage.reports import cases
from storage.reports.cases import Home, NumberTakenError
from storage.talks import conversations, inbox, outbox
from storage.talks.conversations import NewContact
from storage.talks.inbox import AlreadyDoneError, Arrival
from tickets.desk import Desk
from tickets.policies import load_policies
from tickets.ticket import Report, ReportPlace, ScreeningResult

NOW = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
DESK = Desk(load_policies())
REPORT = Report("lampu mati", "pengaduan", "lampu_jalan", "", ReportPlace(), ScreeningResult("pass", (), ""))


@pytest.fixture
async def database(database_url: str):
    async with Database(database_url) as database:
        yield database


@pytest.fixture
async def on_server(postgres_url: str):
    async with Database(postgres_url) as database:
        yield database


def arrival(number: int, address: str = "1") -> Arrival:
    return Arrival("telegram", str(number), address, NOW, {"text": f"pesan {number}"})


async def keep(database: Database, number: int) -> bool:
    told: list[bool] = []
    await database.write(lambda c: inbox.keep_soon(c, arrival(number), told.append))
    return told[-1]


async def test_of_repeats_that_are_kept_together_one_is_new(database: Database):
    numbers = [1, 2, 1, 3, 2, 1]

    new = await asyncio.gather(*(keep(database, number) for number in numbers))

    assert new == [True, True, False, True, False, False]
    assert await asyncio.gather(*(keep(database, number) for number in (3, 4))) == [False, True]
    rows = await database.glance(lambda c: inbox.waiting(c, "telegram", "1", 9))
    assert [row.payload["text"] for row in rows] == ["pesan 1", "pesan 2", "pesan 3", "pesan 4"]


async def test_an_answer_that_comes_too_late_is_undone_alone(database: Database):
    await asyncio.gather(*(keep(database, number) for number in range(6)))
    rows = await database.glance(lambda c: inbox.waiting(c, "telegram", "1", 9))
    await database.write(lambda c: inbox.finish(c, [rows[2].id], NOW))

    def answer(connection: Connection, row: inbox.Waiting) -> None:
        inbox.finish(connection, [row.id], NOW)
        outbox.add(connection, [outbox.Outgoing("telegram", "1", OutboundMessage(row.payload["text"]))], NOW)

    came = await asyncio.gather(
        *(database.write(lambda c, row=row: answer(c, row)) for row in rows), return_exceptions=True
    )

    assert [type(one) for one in came if one is not None] == [AlreadyDoneError]
    assert isinstance(came[2], AlreadyDoneError)
    said = await database.glance(lambda c: outbox.waiting(c, "telegram", "1", 9))
    assert [one.message.text for one in said] == [f"pesan {n}" for n in (0, 1, 3, 4, 5)]


async def test_what_waits_is_there_for_whoever_looks_in_the_same_transaction(database: Database):
    def work(connection: Connection) -> tuple[int, int]:
        inbox.keep_soon(connection, arrival(1), lambda _: None)
        through_driver = len(inbox.waiting(connection, "telegram", "1", 9))
        inbox.keep_soon(connection, arrival(2), lambda _: None)
        return through_driver, connection.execute(text("SELECT count(*) FROM inbox")).scalar_one()

    assert await database.write(work) == (1, 2)


async def test_a_number_that_two_draw_at_once_is_the_ticket_of_one(database: Database):
    def open_it(connection: Connection, contact: str) -> None:
        conversations.introduce(connection, NewContact(contact, "telegram", contact, "id"), NOW)
        inbox.keep_soon(connection, arrival(int(contact)), lambda _: None)
        opened = DESK.open(REPORT, "SLM-26-7XW2T", contact, NOW)
        cases.open_ticket(connection, opened, Home(contact, "telegram", contact))

    came = await asyncio.gather(
        *(database.write(lambda c, who=who: open_it(c, who)) for who in ("1", "2", "3")),
        return_exceptions=True,
    )

    assert [type(one) for one in came] == [type(None), NumberTakenError, NumberTakenError]
    mine = await database.read(cases.all_cases)
    assert [(one.home.contact, one.ticket.reporter) for one in mine] == [("1", "1")]
    history = await database.read(lambda c: cases.history(c, "SLM-26-7XW2T"))
    assert history == DESK.open(REPORT, "SLM-26-7XW2T", "1", NOW).events
    assert len(await database.glance(lambda c: inbox.waiting(c, "telegram", "1", 9))) == 1


async def test_what_many_turns_write_at_once_is_one_message(
    on_server: Database, monkeypatch: pytest.MonkeyPatch
):
    await asyncio.gather(*(keep(on_server, number) for number in range(6)))
    rows = await on_server.glance(lambda c: inbox.waiting(c, "telegram", "1", 9))
    messages: list[str] = []
    ask, execute = Line.ask, asyncpg.Connection.execute

    async def noted(self: Line, sql: str, rows: list[list[object]]) -> list[asyncpg.Record]:
        messages.append(sql)
        return await ask(self, sql, rows)

    async def told(self: asyncpg.Connection, sql: str) -> str:
        messages.append(sql)
        return await execute(self, sql)

    monkeypatch.setattr(Line, "ask", noted)
    monkeypatch.setattr(asyncpg.Connection, "execute", told)

    def answer(connection: Connection, row: inbox.Waiting) -> None:
        inbox.finish(connection, [row.id], NOW)
        outbox.add(connection, [outbox.Outgoing("telegram", "1", OutboundMessage(row.payload["text"]))], NOW)

    await asyncio.gather(*(on_server.write(lambda c, row=row: answer(c, row)) for row in rows))

    assert len(messages) == 1
    said = await on_server.glance(lambda c: outbox.waiting(c, "telegram", "1", 9))
    assert [one.message.text for one in said] == [row.payload["text"] for row in rows]


async def test_combinations_of_writes_that_are_long_unused_are_let_go(
    on_server: Database, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(straight, "MOST_SHAPES", 3)
    said = outbox.Outgoing("telegram", "1", OutboundMessage("halo"))
    writes = (
        lambda c, n: inbox.keep_soon(c, arrival(n), lambda _: None),
        lambda c, n: outbox.add(c, [said] * n, NOW),
        lambda c, n: outbox.link(c, "telegram", "1", [str(n)], outbox.Link("SLM-26-7XW2T")),
        lambda c, n: outbox.sent(c, n, ["1"], NOW),
    )
    for number, several in enumerate(chain.from_iterable(combinations(writes, r) for r in (1, 2, 3)), 1):
        await on_server.write(lambda c, n=number, parts=several: [part(c, n) for part in parts])

    ready = text("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE 'WITH kind0%'")
    assert 3 <= await on_server.write(lambda c: c.execute(ready).scalar_one()) <= 4
    waiting = await on_server.glance(lambda c: inbox.waiting(c, "telegram", "1", 99))
    assert len(waiting) == 1 + 3 + 3


async def test_a_failure_that_is_swallowed_is_no_success(on_server: Database):
    def work(connection: Connection) -> None:
        inbox.keep(connection, arrival(1))
        try:
            connection.execute(text("SELECT 1 / 0"))
        except SQLAlchemyError:
            return

    with pytest.raises(UndoneError):
        await on_server.write(work)
    assert await keep(on_server, 1)


async def test_who_looked_at_nothing_holds_up_nobodys_view(on_server: Database):
    count = text("SELECT count(*) FROM inbox")

    def stumble(_: Connection) -> None:
        raise LookupError

    await on_server.read(lambda _: None)
    with pytest.raises(LookupError):
        await on_server.read(stumble)
    assert await on_server.glance(lambda c: c.execute(count).scalar_one()) == 0
    await keep(on_server, 1)
    assert await on_server.glance(lambda c: c.execute(count).scalar_one()) == 1


async def test_after_the_server_threw_everybody_out_looks_and_writes_go_on(
    on_server: Database, postgres_url: str
):
    await asyncio.gather(
        *(on_server.glance(lambda c: inbox.waiting(c, "telegram", "1", 9)) for _ in range(8))
    )
    await keep(on_server, 1)
    others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
    strict = await asyncpg.connect(postgres_url)
    await strict.execute(f"{others} AND pid <> pg_backend_pid()")
    await strict.close()
    await asyncio.sleep(0.1)  # until it is known here

    assert await keep(on_server, 2)
    (row, _) = await on_server.glance(lambda c: inbox.waiting(c, "telegram", "1", 9))
    assert row.payload["text"] == "pesan 1"
    seen = await on_server.read(inbox.addresses_waiting)
    assert seen == (("telegram", "1"),)


async def test_a_line_in_use_while_the_rest_are_let_go_is_let_go_when_its_work_is_done(postgres_url: str):
    async with Database(postgres_url):
        pass
    engine = engine_for(postgres_url, size=2)
    lines = Lines(engine, 2)
    busy = asyncio.create_task(
        lines.together("BEGIN", lambda c: c.execute(text("SELECT pg_sleep(0.3)")).scalar())
    )
    await asyncio.sleep(0.1)
    leaving = engine.pool

    await lines.close()
    await busy

    assert leaving.checkedout() <= 0  # one less for what was let go without being given back first
