import asyncio
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect
from sqlalchemy.exc import IntegrityError

from dialogs.messages import OutboundMessage
from scripts.write_schema import whole_schema
from storage import migrations
from storage.doors.database import Database, UnsupportedDatabaseError
from storage.migrations import WHOLE, alembic_config, newest_schema, upgrade
from storage.rows import inbox as inbox_table
from storage.rows import metadata
from storage.talks import inbox, outbox
from storage.talks.inbox import AlreadyDoneError, Arrival

NOW = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)


@pytest.fixture
async def database(database_url: str):
    async with Database(database_url) as database:
        yield database


def made(url: str) -> list[tuple[str, ...]]:
    """Tables and indexes, and the schema's number."""
    engine = create_engine(url)
    with engine.connect() as connection:
        found = [
            (name, " ".join(sql.split()) if sql else "")
            for name, sql in connection.exec_driver_sql("SELECT name, sql FROM sqlite_schema")
        ]
        versions = connection.exec_driver_sql("SELECT version_num FROM alembic_version").all()
    engine.dispose()
    return sorted([*found, *map(tuple, versions)])


def arrival(number: int, address: str = "1") -> Arrival:
    return Arrival("telegram", str(number), address, NOW, {"text": f"pesan {number}"})


async def test_an_arrival_is_kept_once_however_often_it_comes(database: Database):
    async def keep() -> bool:
        return await database.write(lambda c: inbox.keep(c, arrival(7)))

    told_new = await asyncio.gather(*(keep() for _ in range(20)))

    assert sorted(told_new) == [False] * 19 + [True]
    assert len(await database.glance(lambda c: inbox.waiting(c, "telegram", "1", 99))) == 1


async def test_writes_that_wait_together_share_a_commit_and_one_failure_harms_no_other(database: Database):
    def broken(connection):
        inbox.keep(connection, arrival(999))
        raise ValueError("mine alone")

    jobs = [database.write(lambda c, n=n: inbox.keep(c, arrival(n))) for n in range(30)]
    jobs.insert(15, database.write(broken))
    results = await asyncio.gather(*jobs, return_exceptions=True)

    assert [r for r in results if isinstance(r, Exception)] == [results[15]]
    assert isinstance(results[15], ValueError)
    kept = await database.glance(lambda c: inbox.waiting(c, "telegram", "1", 99))
    assert [one.payload["text"] for one in kept] == [f"pesan {n}" for n in range(30)]


async def test_an_arrival_is_answered_once(database: Database):
    await database.write(lambda c: inbox.keep(c, arrival(1)))
    (row,) = await database.glance(lambda c: inbox.waiting(c, "telegram", "1", 9))
    await database.write(lambda c: inbox.finish(c, [row.id], NOW))

    def answer_again(connection):
        outbox.add(connection, [outbox.Outgoing("telegram", "1", OutboundMessage("dua kali"))], NOW)
        inbox.finish(connection, [row.id], NOW)

    with pytest.raises(AlreadyDoneError):
        await database.write(answer_again)
    assert await database.glance(lambda c: outbox.waiting(c, "telegram", "1", 9)) == ()


async def test_times_come_back_in_utc_whatever_zone_they_went_in_with(database: Database):
    wib = timezone(timedelta(hours=7))
    late = Arrival("telegram", "1", "1", datetime(2026, 11, 22, 8, 0, tzinfo=wib), {})
    await database.write(lambda c: inbox.keep(c, late))
    (row,) = await database.read(lambda c: inbox.waiting(c, "telegram", "1", 9))
    assert row.received_at == NOW
    assert row.received_at.tzinfo == UTC


async def test_a_naive_time_is_refused(database: Database):
    naive = Arrival("telegram", "1", "1", NOW.replace(tzinfo=None), {})
    with pytest.raises(Exception, match="without a timezone"):
        await database.write(lambda c: inbox.keep(c, naive))


async def test_readers_cannot_write(database: Database):
    with pytest.raises(Exception, match=r"read-?only"):
        await database.read(lambda c: inbox.keep(c, arrival(1)))
    with pytest.raises(Exception, match=r"read-?only"):
        await database.glance(lambda c: inbox.keep(c, arrival(1)))


@pytest.mark.sqlite("it makes a file of its own")
async def test_what_a_file_s_connections_keep_of_it_is_bounded_however_sqlite_was_built(tmp_path: Path):
    async with Database(f"sqlite:///{tmp_path / 'kentongan.db'}") as database:
        ways = (database.write, database.glance, database.read)
        kept = [await way(lambda c: c.exec_driver_sql("PRAGMA cache_size").scalar_one()) for way in ways]
    assert kept == [-2000, -2000, -500]  # kilobytes


@pytest.mark.sqlite("the file's lock")
async def test_another_process_holding_the_lock_delays_a_write_but_not_the_loop(database: Database):
    other = create_engine(database.url, connect_args={"isolation_level": None})
    with other.connect() as lock:
        lock.exec_driver_sql("BEGIN IMMEDIATE")
        write = asyncio.create_task(database.write(lambda c: inbox.keep(c, arrival(1))))
        for _ in range(20):
            await asyncio.sleep(0.005)
        assert not write.done()
        lock.exec_driver_sql("COMMIT")
    other.dispose()
    assert await write


async def test_a_constraint_broken_by_one_is_its_own(database: Database):
    def twice(connection):
        row = {"channel": "x", "external_id": "1", "address": "1", "received_at": NOW, "payload": {}}
        connection.execute(inbox_table.insert(), [row | {"state": "waiting"}] * 2)

    with pytest.raises(IntegrityError):
        await database.write(twice)
    assert await database.write(lambda c: inbox.keep(c, arrival(1)))


@pytest.mark.sqlite("it makes a file of its own")
def test_migrations_make_the_very_tables_the_stores_use(tmp_path: Path):
    url = f"sqlite:///{tmp_path / 'k.db'}"
    command.upgrade(alembic_config(url), "head")
    engine = create_engine(url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
    engine.dispose()


@pytest.mark.sqlite("it makes files of its own")
def test_a_new_file_is_made_as_all_migrations_would_make_it(tmp_path: Path):
    kept, whole = WHOLE.read_text(encoding="utf-8"), whole_schema()
    assert sorted(kept.splitlines()) == sorted(whole.splitlines()), "run python scripts/write_schema.py"
    new, migrated = (f"sqlite:///{tmp_path / name}.db" for name in ("new", "migrated"))
    upgrade(new)
    command.upgrade(alembic_config(migrated), "head")
    assert made(new) == made(migrated)


@pytest.mark.sqlite("it makes a file of its own")
def test_a_new_file_goes_through_the_migrations_where_its_making_was_not_written_down(
    tmp_path: Path, monkeypatch
):
    (tmp_path / "older.sql").write_text("-- 0001\nCREATE TABLE older (id INTEGER)")
    monkeypatch.setattr(migrations, "WHOLE", tmp_path / "older.sql")
    url = f"sqlite:///{tmp_path / 'new.db'}"
    upgrade(url)
    assert (newest_schema(),) in made(url)


@pytest.mark.sqlite("it makes a file of its own")
def test_migrations_can_be_taken_back(tmp_path: Path):
    url = f"sqlite:///{tmp_path / 'k.db'}"
    command.upgrade(alembic_config(url), "head")
    command.downgrade(alembic_config(url), "base")
    engine = create_engine(url)
    assert set(inspect(engine).get_table_names()) == {"alembic_version"}
    engine.dispose()


def test_an_unknown_kind_of_database_is_refused_in_words():
    with pytest.raises(UnsupportedDatabaseError, match="sqlite:///"):
        Database("mysql://here/there")


async def test_the_hot_path_says_the_same_on_either_driver(database: Database):
    await database.write(lambda c: inbox.keep(c, arrival(3)))
    here = await database.glance(lambda c: inbox.waiting(c, "telegram", "1", 9))
    there = await database.read(lambda c: inbox.waiting(c, "telegram", "1", 9))
    assert here == there
    assert here[0].payload == {"text": "pesan 3"}


@pytest.mark.sqlite("it reads SQLite's query plans; the statements are the same on a server")
async def test_the_look_for_waiting_rows_uses_its_index_however_long_the_talk(database: Database):
    for query in (inbox.WAITING, outbox.WAITING):
        values = (["telegram", "1", 50, 0], ["telegram", "1", 1, 0])[query is outbox.WAITING]
        plan = await database.glance(
            lambda c, q=query, v=values: c.exec_driver_sql("EXPLAIN QUERY PLAN " + q.sql, tuple(v)).all()
        )
        assert "waiting" in str(plan)


@pytest.mark.sqlite("it makes a file of its own")
def test_a_file_that_is_up_to_date_is_left_alone(tmp_path, monkeypatch):
    url = f"sqlite:///{tmp_path / 'a.db'}"
    upgrade(url)
    monkeypatch.setattr(command, "upgrade", lambda *_: pytest.fail("there was nothing to do"))
    upgrade(url)


@pytest.mark.sqlite("it looks at no database")
def test_the_newest_schema_is_the_one_alembic_knows():
    assert newest_schema() == ScriptDirectory.from_config(alembic_config("sqlite://")).get_current_head()
