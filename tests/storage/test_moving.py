"""Everything moves from SQLite to PostgreSQL and is the same there; a kill in the middle only costs time."""

import asyncio
import os
import signal
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select

from dialogs.messages import OutboundMessage
from storage import moving
from storage.doors.alone import serving_alone
from storage.doors.database import Database, InUseError, writing_engine
from storage.doors.server import ServerRefusedError, check
from storage.moving import MoveRefusedError, compare, counted, move
from storage.rows import outbox as outbox_table
from storage.talks import inbox, outbox
from storage.talks.inbox import Arrival
from storage.talks.outbox import Outgoing

NOW = datetime(2026, 11, 22, 1, 0, 0, 123456, tzinfo=UTC)
MANY = 5000
WORDS = "Jl. Kaliurang 'km 5' — ☎ {\"a\": 1}\n😀"


@pytest.fixture
def file(migrated: Path, tmp_path: Path) -> str:
    """A SQLite file with something in it."""
    path = tmp_path / "old.db"
    path.write_bytes(migrated.read_bytes())
    url = f"sqlite:///{path}"
    engine = writing_engine(url)
    with engine.begin() as connection:
        for number in range(20):
            at = NOW + timedelta(microseconds=number)
            inbox.keep(
                connection, Arrival("telegram", str(number), "1", at, {"text": WORDS, "z": 1, "a": None})
            )
        message = {
            "channel": "telegram",
            "address": "1",
            "state": "sent",
            "created_at": NOW,
            "not_before": NOW,
        }
        text = OutboundMessage(WORDS)
        connection.execute(insert(outbox_table), [message | {"message": text} for _ in range(MANY)])
    engine.dispose()
    return url


async def test_every_row_arrives_and_counting_goes_on(file: str, postgres_url: str):
    told: list[moving.Count] = []
    found = await move(file, postgres_url, told.append)
    assert list(found) == told
    assert {one.table: one.rows for one in found if one.rows} == {"inbox": 20, "outbox": MANY}
    engine = writing_engine(file)
    with engine.connect() as source:
        assert [counted(source, table) for table in moving.TABLES] == told
    engine.dispose()
    async with Database(postgres_url) as database:
        kept = await database.read(lambda c: inbox.waiting(c, "telegram", "1", 99))
        assert [list(one.payload) for one in kept] == [["text", "z", "a"]] * 20
        assert kept[1].received_at == NOW + timedelta(microseconds=1)
        await database.write(lambda c: outbox.add(c, [Outgoing("x", "1", OutboundMessage("baru"))], NOW))
        assert (await database.read(lambda c: outbox.waiting(c, "x", "1", 1)))[0].id == MANY + 1


async def test_a_kill_in_the_middle_costs_time_and_nothing_else(file: str, postgres_url: str):
    command = (sys.executable, "-m", "bot", "database", "move", "--from", file, "--to", postgres_url)
    child = await asyncio.create_subprocess_exec(*command, env=dict(os.environ))
    async with Database(postgres_url) as database:
        async with asyncio.timeout(100):
            while not 0 < await database.read(_arrived) < MANY:  # noqa: ASYNC110 only the rows tell
                await asyncio.sleep(0.002)
        child.send_signal(signal.SIGKILL)
        await child.wait()
        assert 0 < await database.read(_arrived) < MANY
    with pytest.raises(ServerRefusedError, match="half of a move"):
        await check(postgres_url)
    with pytest.raises(MoveRefusedError, match="from elsewhere"):
        await move(file.replace("old.db", "./old.db"), postgres_url, lambda _: None)
    found = await move(file, postgres_url, lambda _: None)
    assert {one.table: one.rows for one in found if one.rows} == {"inbox": 20, "outbox": MANY}
    await check(postgres_url)


async def test_what_was_changed_after_it_came_is_noticed(file: str, postgres_url: str, monkeypatch):
    real = moving._count_on
    monkeypatch.setattr(moving, "_count_on", lambda _: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        await move(file, postgres_url, lambda _: None)
    monkeypatch.setattr(moving, "_count_on", real)
    engine = writing_engine(file)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE inbox SET address = '2' WHERE id = 7")
    engine.dispose()
    with pytest.raises(MoveRefusedError, match=r"inbox differs: .*id 7 \(1 in all\)"):
        await move(file, postgres_url, lambda _: None)


BEHIND_ITS_BACK = (
    ("UPDATE outbox SET tries = 1 WHERE id = 4711", "id 4711 ", "UPDATE outbox SET tries = 0"),
    ("INSERT INTO uploads VALUES ('x', 'y', 'z', now())", "sha256 y ", "DELETE FROM uploads"),
    ("DELETE FROM inbox WHERE id IN (3, 5)", r"id 3; id 5 \(2 in all\)", ""),
)


async def test_what_was_changed_behind_its_back_is_found_afterwards(file: str, postgres_url: str):
    await move(file, postgres_url, lambda _: None)
    found = await compare(file, postgres_url, lambda _: None)
    assert sum(one.rows for one in found) == MANY + 20
    async with Database(postgres_url) as database:
        for change, told, undone in BEHIND_ITS_BACK:
            await database.write(lambda c, change=change: c.exec_driver_sql(change))
            with pytest.raises(MoveRefusedError, match=f"differs: .*{told}"):
                await compare(file, postgres_url, lambda _: None)
            await database.write(lambda c, undone=undone: undone and c.exec_driver_sql(undone))


async def test_a_misspelt_source_is_told_and_not_made(tmp_path: Path, postgres_url: str):
    gone = tmp_path / "lama.db"
    with pytest.raises(MoveRefusedError, match=r"there is no file .*lama\.db"):
        await move(f"sqlite:///{gone}", postgres_url, lambda _: None)
    assert not gone.exists()


async def test_a_file_somebody_serves_from_is_not_moved(file: str, postgres_url: str):
    with serving_alone(file), pytest.raises(InUseError, match="end that one"):
        await move(file, postgres_url, lambda _: None)


async def test_what_is_full_is_left_alone(file: str, postgres_url: str):
    async with Database(postgres_url) as database:
        await database.write(lambda c: inbox.keep(c, Arrival("telegram", "1", "1", NOW, {})))
    with pytest.raises(MoveRefusedError, match="not empty: there are rows in inbox"):
        await move(file, postgres_url, lambda _: None)


async def test_an_older_file_is_brought_up_to_date_first(file: str, postgres_url: str):
    engine = writing_engine(file)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0001'")
    engine.dispose()
    with pytest.raises(MoveRefusedError, match="schema 0001"):
        await move(file, postgres_url, lambda _: None)


def _arrived(connection) -> int:
    return int(connection.execute(select(func.count()).select_from(outbox_table)).scalar_one())
