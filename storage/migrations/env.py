"""How Alembic reaches the database; run by Alembic, not imported."""

import asyncio
from pathlib import Path

from alembic import context
from sqlalchemy import Connection, make_url, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from storage.doors.away import sqlstate
from storage.doors.lines import reached
from storage.migrations import engine_for_file
from storage.rows import metadata

url = make_url(context.config.get_main_option("sqlalchemy.url") or "")
ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtext('kentongan migrations'))"
NOT_FOR_LONG = "SET LOCAL lock_timeout = '2s'"
"""A change of a table waits for those at work on it, and all who come later wait behind the change."""
HELD = frozenset({"55P03", "40P01"})
"""Somebody held a table for longer than that, or waited for what the migration held."""
TRIES, PAUSE = 30, 1.0


def migrate(connection: Connection) -> None:
    """Bring the schema up to date over this connection."""
    context.configure(
        connection=connection, target_metadata=metadata, render_as_batch=True, transactional_ddl=True
    )
    with context.begin_transaction():
        if connection.dialect.name == "postgresql":
            connection.execute(text(ONE_AT_A_TIME))
            connection.execute(text(NOT_FOR_LONG))
        context.run_migrations()


def in_file() -> None:
    """Migrate a SQLite database, which is made if there is none: all of it or nothing, whatever happens."""
    if url.database:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = engine_for_file(url.render_as_string(hide_password=False))
    with engine.connect() as connection:
        migrate(connection)
    engine.dispose()


async def on_server() -> None:
    """Migrate a PostgreSQL database, however many processes start at once."""
    from storage.doors.postgresql import engine_for  # noqa: PLC0415 its driver is of no use on SQLite

    engine = engine_for(url.render_as_string(hide_password=False), size=1, patience=None)
    try:
        async with reached():
            await between_the_turns(engine)
    finally:
        await engine.dispose()


async def between_the_turns(engine: AsyncEngine) -> None:
    """Migrate beside processes at work: where they hold a table, let them go on and try again."""
    for left in reversed(range(TRIES)):
        try:
            async with engine.connect() as connection:
                await connection.run_sync(migrate)
                await connection.commit()
                return
        except DBAPIError as error:
            if not left or sqlstate(error) not in HELD:
                raise
        await asyncio.sleep(PAUSE)


if url.get_backend_name() == "sqlite":
    in_file()
else:
    asyncio.run(on_server())
