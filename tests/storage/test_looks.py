"""Looks that go to PostgreSQL together come to the same as each by itself."""

import asyncio
from datetime import UTC, datetime

import asyncpg
import pytest
from sqlalchemy import select, text, union_all

from storage.doors.database import Connection, Database
from storage.doors.prepared import Prepared
from storage.doors.straight import Line
from storage.rows import inbox as inbox_rows
from storage.talks import beginning, inbox
from storage.talks.inbox import Arrival

NOW = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
PEOPLE = 30


@pytest.fixture
async def town(postgres_url: str):
    async with Database(postgres_url) as database:
        for person in range(PEOPLE):
            for one in range(person % 3):
                came = Arrival("telegram", f"{person}-{one}", f"{person}", NOW, {"text": f"{person}-{one}"})
                await database.write(lambda c, came=came: inbox.keep(c, came))
        yield database


@pytest.fixture
def ways(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many looks went with each way there and back."""
    taken: list[int] = []
    ask = Line.ask

    async def noted(self: Line, sql: str, rows: list[list[object]]) -> list[asyncpg.Record]:
        taken.append(len(rows))
        return await ask(self, sql, rows)

    monkeypatch.setattr(Line, "ask", noted)
    return taken


def looked(connection: Connection, person: int, most: int = 9) -> list[str]:
    waiting = inbox.waiting(connection, "telegram", f"{person}", most)
    begun = beginning.found(connection, "telegram", f"{person}", most=most, newer=1)
    assert begun.waiting == waiting
    return [one.payload["text"] for one in waiting]


async def test_of_many_who_look_at_once_each_sees_their_own(town: Database, ways: list[int]):
    seen = await asyncio.gather(*(town.glance(lambda c, p=p: looked(c, p)) for p in range(PEOPLE)))

    assert seen == [[f"{p}-{one}" for one in range(p % 3)] for p in range(PEOPLE)]
    assert sum(ways) == 2 * PEOPLE
    assert len(ways) < PEOPLE


async def test_whose_look_fails_harms_nobody_else(town: Database):
    found = await asyncio.gather(
        *(town.glance(lambda c, p=p: looked(c, p, -1 if p == 7 else 9)) for p in range(PEOPLE)),
        return_exceptions=True,
    )

    assert isinstance(found.pop(7), asyncpg.PostgresError)
    assert found[1:5] == [["1-0"], ["2-0", "2-1"], [], ["4-0"]]
    assert not any(isinstance(one, BaseException) for one in found)


async def test_a_look_of_several_parts_goes_a_way_of_its_own(town: Database):
    parts = Prepared(
        union_all(*(select(inbox_rows.c.id).where(inbox_rows.c.address == name) for name in "12"))
    )

    def look(connection: Connection) -> tuple[int, list[str]]:
        return len(parts.rows(connection, {})), looked(connection, 2)

    assert await asyncio.gather(*(town.glance(look) for _ in range(9))) == [(3, ["2-0", "2-1"])] * 9


async def test_a_look_may_ask_in_words_of_its_own_between(town: Database):
    def look(connection: Connection, person: int) -> tuple[list[str], int, list[str]]:
        before = looked(connection, person)
        counted = connection.execute(text("SELECT count(*) FROM inbox")).scalar_one()
        return before, counted, looked(connection, person)

    seen = await asyncio.gather(*(town.glance(lambda c, p=p: look(c, p)) for p in range(PEOPLE)))

    assert {count for _, count, _ in seen} == {PEOPLE}
    assert all(before == after for before, _, after in seen)
