"""The database: one door to write, one to read, one to glance.

Stores are plain functions over a `Connection`; this module decides where they run. On SQLite every write
waits for a commit it shares with the writes that wait beside it (`storage.writer`), long reads run on
aiosqlite's own threads so that none holds up a turn, and a glance at a few indexed rows is done in place,
because a thread change costs more than the look.
"""

from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

import orjson
from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import StaticPool

from storage.prepared import dumps
from storage.writer import Writer

__all__ = ["Connection", "Database", "UnsupportedDatabaseError", "check_supported", "writing_engine"]

Result = TypeVar("Result")
Work = Callable[[Connection], Result]

BUSY_SECONDS = 30
READERS = 4


class UnsupportedDatabaseError(ValueError):
    """The URL names a database this version cannot keep things in."""


class InUseError(RuntimeError):
    """Somebody else is at work on the database."""


def _engine_arguments() -> dict[str, Any]:
    # Parameters are people's words and addresses: they stay out of the errors, which end up in logs.
    return {"json_serializer": dumps, "json_deserializer": orjson.loads, "hide_parameters": True}


def _on_connect(engine: Engine, *pragmas: str) -> None:
    @event.listens_for(engine, "connect")
    def prepare(dbapi_connection: Any, _record: Any) -> None:
        cursor = dbapi_connection.cursor()
        for pragma in pragmas:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()


def writing_engine(url: str) -> Engine:
    """An engine for the one connection that writes: durable commits, explicit BEGIN IMMEDIATE, no waiting."""
    engine = create_engine(
        make_url(url).set(drivername="sqlite+pysqlite"),
        poolclass=StaticPool,
        connect_args={"check_same_thread": False, "isolation_level": None, "timeout": 0},
        **_engine_arguments(),
    )
    _on_connect(engine, "journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def _glancing_engine(url: str) -> Engine:
    engine = create_engine(
        make_url(url).set(drivername="sqlite+pysqlite"),
        poolclass=StaticPool,
        connect_args={"check_same_thread": False, "timeout": BUSY_SECONDS},
        isolation_level="AUTOCOMMIT",
        **_engine_arguments(),
    )
    _on_connect(engine, "query_only = ON")
    return engine


def _reading_engine(url: str) -> AsyncEngine:
    engine = create_async_engine(
        make_url(url).set(drivername="sqlite+aiosqlite"),
        pool_size=READERS,
        connect_args={"timeout": BUSY_SECONDS},
        **_engine_arguments(),
    )
    _on_connect(engine.sync_engine, "query_only = ON")
    return engine


def check_supported(url: str) -> None:
    """Make sure things can be kept there.

    Raises:
        UnsupportedDatabaseError: the URL is not one of SQLite.
    """
    name = make_url(url).get_backend_name()
    if name != "sqlite":
        raise UnsupportedDatabaseError(
            f"KENTONGAN_DATABASE_URL names a {name} database; use sqlite:///path/to/file.db"
        )


def is_embedded(url: str) -> bool:
    """Whether the database is a file of this installation's own."""
    return make_url(url).get_backend_name() == "sqlite"


def check_alone(url: str) -> None:
    """Make sure that no other process has an embedded database open.

    Raises:
        InUseError: one has.
    """
    if not is_embedded(url):
        return
    engine = create_engine(make_url(url).set(drivername="sqlite+pysqlite"), connect_args={"timeout": 0})
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA locking_mode = EXCLUSIVE")
            connection.exec_driver_sql("SELECT count(*) FROM sqlite_master")
    except OperationalError:
        raise InUseError("Another process has the database open: stop Kentongan first.") from None
    finally:
        engine.dispose()


def compact(url: str) -> None:
    """Write the file of an embedded database anew, so that nothing of what was replaced is left in it."""
    if not is_embedded(url):
        return
    engine = create_engine(make_url(url).set(drivername="sqlite+pysqlite"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql("VACUUM")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()


class Database:
    """Where everything is kept; use as an async context manager.

    Raises:
        UnsupportedDatabaseError: the URL is not one of SQLite.
    """

    def __init__(self, url: str) -> None:
        check_supported(url)
        self.url = url
        path = make_url(url).database
        if path:
            Path(path).parent.mkdir(parents=True, exist_ok=True)
        self._writer = Writer(writing_engine(url))
        self._glances = _glancing_engine(url).connect()
        self._readers = _reading_engine(url)

    async def __aenter__(self) -> Self:
        self._writer.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def write(self, work: Work[Result]) -> Result:
        """Run `work` in a transaction and return once it is durably committed.

        `work` may run twice: when a neighbour in a shared commit fails, each is tried again alone. So it
        touches nothing but the connection.
        """
        return await self._writer.write(work)

    async def read(self, work: Work[Result]) -> Result:
        """Run a read of any length beside the turns."""
        async with self._readers.connect() as connection:
            return await connection.run_sync(work)

    async def glance(self, work: Work[Result]) -> Result:
        """Run an indexed look-up of a few rows at once, in place."""
        return work(self._glances)

    async def close(self) -> None:
        """Finish the writes in hand and let go of the files."""
        await self._writer.stop()
        self._glances.close()
        self._glances.engine.dispose()
        await self._readers.dispose()
