"""How Alembic reaches the database; run by Alembic, not imported."""

from pathlib import Path

from alembic import context
from sqlalchemy import create_engine, make_url

from storage.rows import metadata

url = make_url(context.config.get_main_option("sqlalchemy.url") or "")
if url.database:
    Path(url.database).parent.mkdir(parents=True, exist_ok=True)

engine = create_engine(url)
with engine.connect() as connection:
    context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()
engine.dispose()
