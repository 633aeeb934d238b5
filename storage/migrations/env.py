"""How Alembic reaches the database; run by Alembic, not imported."""

import asyncio
from pathlib import Path

from alembic import context
from sqlalchemy import Connection, create_engine, make_url, text

from storage.lines import reached
from storage.postgresql import engine_for
from storage.rows import metadata

url = make_url(context.config.get_main_option("sqlalchemy.url") or "")
ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtext('kentongan migrations'))"


def migrate(connection: Connection) -> None:
    """Bring the schema up to date over this connection."""
    context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
    with context.begin_transaction():
        if connection.dialect.name == "postgresql":
            connection.execute(text(ONE_AT_A_TIME))
        context.run_migrations()


def in_file() -> None:
    """Migrate a SQLite database, which is made if there is none."""
    if url.database:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url)
    with engine.connect() as connection:
        migrate(connection)
    engine.dispose()


async def on_server() -> None:
    """Migrate a PostgreSQL database, however many processes start at once."""
    engine = engine_for(url.render_as_string(hide_password=False), size=1)
    try:
        async with reached(), engine.connect() as connection:
            await connection.run_sync(migrate)
            await connection.commit()
    finally:
        await engine.dispose()


if url.get_backend_name() == "sqlite":
    in_file()
else:
    asyncio.run(on_server())
