"""The schema's history, by Alembic; brought up to date at every start.

Alembic is imported only where there is something to bring up to date: it takes 0.1 seconds and 9 MB. A file
with nothing in it has no history to go through: it is made at once as all migrations would make it.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import DBAPIError

from storage.doors.away import sqlstate
from storage.doors.sqlite import BUSY_SECONDS

if TYPE_CHECKING:
    from alembic.config import Config

HERE = Path(__file__).parent
DIGITS = 4
WHOLE = HERE / "newest.sql"
"""What all migrations together make of a new file, as `scripts/write_schema.py` wrote it: first the number of
the newest, then statement by statement. Where two indexes serve alike, SQLite goes by their order."""
BETWEEN = ";\n"
NOT_ALLOWED = "42501"
VERSION = text("SELECT version_num FROM alembic_version")
ANYTHING = text("SELECT 1 FROM sqlite_schema LIMIT 1")


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
        storage.doors.server.ServerRefusedError: the server lets us make or change no tables.
    """
    found = _schema(url)
    if found == newest_schema() or (not found and _made(url)):
        return
    from alembic import command  # noqa: PLC0415
    from alembic.script.revision import ResolutionError  # noqa: PLC0415
    from alembic.util import CommandError  # noqa: PLC0415

    try:
        command.upgrade(alembic_config(url), "head")
    except DBAPIError as error:
        if sqlstate(error) != NOT_ALLOWED:
            raise
        from storage.doors import server  # noqa: PLC0415 with its driver, which nobody needs on SQLite

        raise server.refused(url, error) from error
    except CommandError as error:
        if not isinstance(error.__cause__, ResolutionError):
            raise
        raise NewerSchemaError(
            f"The database is of a newer program than this one, which knows schemas up to {newest_schema()}. "
            "Start the newer program, or restore the backup made before it (docs/operations.md)."
        ) from error


def engine_for_file(url: str) -> Engine:
    """An engine for changing a file's tables: all that one transaction changes is kept, or nothing."""
    engine = create_engine(url, connect_args={"isolation_level": None, "timeout": BUSY_SECONDS})
    # By itself the driver ends its transaction before every change of a table.
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    return engine


def _made(url: str) -> bool:
    """Make the newest schema in a file with nothing in it; false where this is something else to do."""
    number, _, statements = WHOLE.read_text(encoding="utf-8").partition("\n")
    file = _file(url)
    if file is None or number != f"-- {newest_schema()}":
        return False
    file.parent.mkdir(parents=True, exist_ok=True)
    engine = engine_for_file(url)
    try:
        with engine.begin() as connection:
            return _filled(connection, statements.split(BETWEEN))
    finally:
        engine.dispose()


def _filled(connection: Connection, statements: list[str]) -> bool:
    if connection.execute(ANYTHING).first():
        return False  # another process was quicker
    for statement in statements:
        connection.exec_driver_sql(statement)
    return True


def _file(url: str) -> Path | None:
    """Where the file of an embedded database is, or will be."""
    named = make_url(url)
    return Path(named.database) if named.get_backend_name() == "sqlite" and named.database else None


def _schema(url: str) -> str:
    """The number of a file's schema; empty where there is none, or where a server must be asked."""
    file = _file(url)
    if file is None or not file.is_file():
        return ""
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            known = inspect(connection).has_table("alembic_version")
            return str(connection.execute(VERSION).scalar() or "") if known else ""
    finally:
        engine.dispose()
