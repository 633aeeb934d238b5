"""The schema's history, by Alembic; brought up to date at every start.

Alembic is imported only where there is something to bring up to date: it takes 0.1 seconds and 9 MB.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import create_engine, inspect, make_url, text

if TYPE_CHECKING:
    from alembic.config import Config

HERE = Path(__file__).parent
DIGITS = 4
VERSION = text("SELECT version_num FROM alembic_version")


def newest_schema() -> str:
    """The schema this program works with; the file that brings one begins with its number."""
    return max(file.name[:DIGITS] for file in (HERE / "versions").glob("[0-9]*.py"))


def alembic_config(url: str) -> "Config":
    """Alembic's settings for a database."""
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(HERE))
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    return config


def upgrade(url: str) -> None:
    """Bring a database to the newest schema; a new file becomes a whole database."""
    if _schema(url) == newest_schema():
        return
    from alembic import command  # noqa: PLC0415

    command.upgrade(alembic_config(url), "head")


def _schema(url: str) -> str:
    """The number of a file's schema; empty where there is none, or where a server must be asked."""
    named = make_url(url)
    if named.get_backend_name() != "sqlite" or not named.database or not Path(named.database).is_file():
        return ""
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            known = inspect(connection).has_table("alembic_version")
            return str(connection.execute(VERSION).scalar() or "") if known else ""
    finally:
        engine.dispose()
