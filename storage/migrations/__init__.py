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


class NewerSchemaError(RuntimeError):
    """A newer program was at work on the database; this one does not know its tables."""


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
    """Bring a database to the newest schema; a new file becomes a whole database.

    Raises:
        NewerSchemaError: its schema is of a newer program.
    """
    if _schema(url) == newest_schema():
        return
    from alembic import command  # noqa: PLC0415
    from alembic.script.revision import ResolutionError  # noqa: PLC0415
    from alembic.util import CommandError  # noqa: PLC0415

    try:
        command.upgrade(alembic_config(url), "head")
    except CommandError as error:
        if not isinstance(error.__cause__, ResolutionError):
            raise
        raise NewerSchemaError(
            f"The database is of a newer program than this one, which knows schemas up to {newest_schema()}. "
            "Start the newer program, or restore the backup made before it (docs/operations.md)."
        ) from error


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
