"""Tables that change beneath processes at work: nobody notices, and nobody waits for long."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import pytest
from alembic import command

from bot.commands.troubles import explained
from dialogs.messages import OutboundMessage
from storage.doors.database import Connection, Database
from storage.doors.postgresql import READERS
from storage.migrations import HERE, NewerSchemaError, alembic_config, newest_schema, upgrade
from storage.talks import inbox, outbox
from storage.talks.inbox import Arrival
from storage.talks.outbox import Outgoing
from tests.next_version import write_migration

NOW = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
WAITS = "SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype = 'relation'"


def bring_next_version(url: str, folder: Path) -> None:
    config = alembic_config(url)
    write_migration(folder)
    config.set_main_option("path_separator", "newline")
    config.set_main_option("version_locations", f"{HERE / 'versions'}\n{folder}")
    command.upgrade(config, "head")


async def turn(database: Database, number: int) -> None:
    """By both ways to the driver: the stores' own statements, and SQLAlchemy's."""
    address = str(number % READERS)
    arrival = Arrival("telegram", str(number), address, NOW, {"text": "halo"})
    message = Outgoing("telegram", address, OutboundMessage(f"jawaban {number}"))
    await database.write(lambda c: inbox.keep_soon(c, arrival, lambda _: None))
    await database.write(lambda c: outbox.add(c, [message], NOW))
    for going in await database.glance(lambda c: outbox.waiting(c, "telegram", address, 9)):
        await database.write(lambda c, row=going.id: outbox.sent(c, row, ["7"], NOW))
    await database.read(lambda c: outbox.last_offer(c, "telegram", address, "news"))


def said(connection: Connection) -> list[tuple[str, str]]:
    every = [outbox.said_after(connection, "telegram", str(address), 0) for address in range(READERS)]
    return [(one.message.text, one.state) for talk in every for one in talk]


async def test_statements_prepared_before_the_tables_changed_are_prepared_again(
    postgres_url: str, tmp_path: Path
):
    async with Database(postgres_url) as database:
        looks = [database.glance(lambda c: outbox.waiting(c, "telegram", "1", 9)) for _ in range(READERS)]
        await asyncio.gather(*looks, *(turn(database, number) for number in range(READERS)))
        await asyncio.to_thread(bring_next_version, postgres_url, tmp_path)
        await asyncio.gather(*(turn(database, number) for number in range(READERS, 3 * READERS)))
        found = await database.read(said)
    assert sorted(found) == sorted((f"jawaban {n}", "sent") for n in range(3 * READERS))


async def waiting(connection: asyncpg.Connection, wanted: int) -> None:
    while await connection.fetchval(WAITS) != wanted:  # noqa: ASYNC110 only the server tells
        await asyncio.sleep(0.02)


async def test_a_migration_that_has_to_wait_lets_those_behind_it_go_on(postgres_url: str, tmp_path: Path):
    long, other = [await asyncpg.connect(postgres_url) for _ in range(2)]
    async with Database(postgres_url) as database:
        holding = long.transaction()
        await holding.start()
        await long.fetch("SELECT id FROM outbox")
        migration = asyncio.create_task(asyncio.to_thread(bring_next_version, postgres_url, tmp_path))
        await waiting(other, 1)
        await turn(database, 1)  # it waits behind the migration, until that steps back
        assert not migration.done()
        await holding.commit()
        await migration
        await turn(database, 2)
    await asyncio.gather(long.close(), other.close())


def test_an_older_program_does_not_begin_on_newer_tables_and_says_why(database_url: str, tmp_path: Path):
    bring_next_version(database_url, tmp_path)
    with pytest.raises(NewerSchemaError) as refused:
        upgrade(database_url)
    told = explained(refused.value)
    assert told is not None
    assert f"knows schemas up to {newest_schema()}" in told
