"""Word between processes: what one has in hand another has not, and what dies lets go."""

import asyncio
from contextlib import AsyncExitStack

import asyncpg
import pytest

from storage.doors.bell import Bell
from storage.doors.database import Database, DatabaseAwayError


@pytest.fixture
async def pair(postgres_url):
    async with Database(postgres_url) as one, Database(postgres_url) as other:
        yield one, other


async def test_what_one_has_in_hand_another_has_not(pair):
    one, other = pair
    assert await one.take("turns:telegram:1")
    assert not await other.take("turns:telegram:1")
    assert await other.take("turns:telegram:2")
    one.free("turns:telegram:1")
    assert await _soon(lambda: other.take("turns:telegram:1"))


async def test_many_ask_at_once_and_each_gets_its_own_answer(pair):
    one, other = pair
    names = [f"lane {number}" for number in range(200)]
    mine = await asyncio.gather(*(one.take(name) for name in names[::2]))
    theirs = await asyncio.gather(*(other.take(name) for name in names))
    assert all(mine)
    assert theirs == [number % 2 == 1 for number in range(200)]


async def test_who_dies_lets_go_and_who_lost_the_connection_knows(pair, cluster):
    one, other = pair
    assert await one.take("poll")
    await other.read(lambda c: c.exec_driver_sql(
        "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'"
    ).all())  # fmt: skip
    assert await _soon(lambda: other.take("poll"))
    assert await _soon(lambda: asyncio.sleep(0, not one.holds("poll")))
    assert not await one.take("poll")


async def test_everybody_hears_a_word(pair):
    heard: list[str] = []
    for one in pair:
        one.listen(heard.append)
    assert await _soon(lambda: _rung(pair[0], heard))
    assert set(heard) == {"outbox web budi"}


async def _rung(database, heard) -> bool:
    database.ring("outbox web budi")
    await asyncio.sleep(0.05)
    return len(heard) >= 2


async def test_while_nobody_can_tell_the_asker_is_told_so(tmp_path):
    bell = Bell(f"postgresql://nobody@/nothing?host={tmp_path}")
    bell.start()
    with pytest.raises(DatabaseAwayError):
        await bell.take("poll")
    await bell.stop()


async def test_who_asks_when_it_is_over_is_told_so(postgres_url):
    bell = Bell(postgres_url)
    bell.start()
    assert await bell.take("poll")
    await bell.stop()
    with pytest.raises(DatabaseAwayError):
        await asyncio.wait_for(bell.take("poll"), 5)


async def test_who_waits_for_an_answer_when_it_ends_is_told_so(tmp_path, monkeypatch):
    bell, reached = Bell(f"postgresql://nobody@/nothing?host={tmp_path}"), asyncio.Event()

    async def never(_bell):
        reached.set()
        bell._stopping = True
        raise ConnectionResetError

    monkeypatch.setattr(Bell, "_connected", never)
    bell.start()
    await reached.wait()
    asked = asyncio.create_task(bell.take("poll"))
    await bell.stop()
    with pytest.raises(DatabaseAwayError):
        await asyncio.wait_for(asked, 5)


async def test_no_fault_of_the_driver_silences_it(postgres_url, monkeypatch):
    monkeypatch.setattr("storage.doors.bell.AGAIN_SECONDS", 0.01)
    fetch, faults = asyncpg.Connection.fetch, [asyncpg.InternalClientError("unexpected"), RuntimeError("odd")]

    async def faulty(connection, *asked, **more):
        if faults:
            raise faults.pop()
        return await fetch(connection, *asked, **more)

    monkeypatch.setattr(asyncpg.Connection, "fetch", faulty)
    bell = Bell(postgres_url)
    bell.start()
    with pytest.raises(RuntimeError, match="odd"):
        await asyncio.wait_for(bell.take("poll"), 5)
    with pytest.raises(DatabaseAwayError):
        await asyncio.wait_for(bell.take("poll"), 5)
    assert await asyncio.wait_for(bell.take("poll"), 5)
    await bell.stop()


async def test_the_doors_of_a_dead_server_say_that_it_is_away(cluster, postgres_url):
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(Database(postgres_url))
        assert await database.glance(lambda c: c.exec_driver_sql("SELECT 1").scalar()) == 1
        cluster.stop()
        try:
            for door in (database.write, database.read, database.glance):
                with pytest.raises(DatabaseAwayError):
                    await door(lambda c: c.exec_driver_sql("SELECT 1").scalar())
        finally:
            cluster.start()
        assert await _soon(lambda: database.write(lambda c: c.exec_driver_sql("SELECT 1").scalar() == 1))
        assert await _soon(lambda: database.take("again"))


async def test_who_writes_again_is_still_in_hand_without_a_message(pair, monkeypatch):
    one, _ = pair
    assert await one.hands.take("turns:telegram:1")
    one.hands.free("turns:telegram:1")
    monkeypatch.setattr(asyncpg.Connection, "fetch", None)
    for _ in range(3):
        assert await one.hands.take("turns:telegram:1")
        one.hands.free("turns:telegram:1")


async def test_what_rests_with_one_is_given_to_another_that_wants_it_and_what_is_worked_on_is_not(pair):
    one, other = pair
    assert await one.hands.take("at work")
    assert await one.hands.take("at rest")
    one.hands.free("at rest")

    assert await asyncio.gather(other.hands.take("at rest"), other.hands.take("at work")) == [True, False]
    assert not await one.hands.take("at rest")

    one.hands.free("at work")  # it was asked for: it does not rest
    assert await _soon(lambda: other.take("at work"))


async def test_where_others_want_what_rests_nothing_rests_for_a_while(pair):
    one, other = pair
    assert await one.hands.take("a")
    one.hands.free("a")
    assert await other.hands.take("a")
    assert await one.hands.take("b")
    one.hands.free("b")
    assert await _soon(lambda: other.take("b"))


async def test_what_nobody_wants_is_let_go_of_after_a_moment_or_for_more(pair, monkeypatch):
    monkeypatch.setattr("storage.doors.resting.REST_SECONDS", 0.1)
    monkeypatch.setattr("storage.doors.resting.MOST", 2)
    one, other = pair
    for name in "abc":
        assert await one.hands.take(name)
        one.hands.free(name)
    assert await _soon(lambda: other.take("a"))
    assert await _soon(lambda: other.take("c"))


async def test_what_rested_when_the_connection_broke_is_asked_for_anew(pair):
    one, other = pair
    assert await one.hands.take("a")
    one.hands.free("a")
    await other.read(lambda c: c.exec_driver_sql(
        "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'"
    ).all())  # fmt: skip
    assert await _soon(lambda: other.take("a"))
    assert await _soon(lambda: asyncio.sleep(0, not one.holds("a")))
    assert not await one.hands.take("a")


async def _soon(so) -> bool:
    for _ in range(100):
        try:
            if await so():
                return True
        except DatabaseAwayError:
            pass
        await asyncio.sleep(0.05)
    return False
