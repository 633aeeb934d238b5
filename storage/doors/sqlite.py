"""The doors of a SQLite database: one connection writes, a few read beside it, one looks in place."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import orjson
from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.pool import StaticPool
from sqlalchemy.util import greenlet_spawn

from storage.doors.hands import Hands
from storage.doors.prepared import dumps
from storage.doors.writer import Writer

Result = TypeVar("Result")
Work = Callable[[Connection], Result]

BUSY_SECONDS = 30
READERS = 4
PAGES = "cache_size = -2000"
"""Kilobytes of the file's pages, the library's own default: for the connections every turn goes through."""
FEW_PAGES = "cache_size = -500"
"""For the others, four at least and up to fourteen: they look at much, and seldom at the same again; the
system has the pages at hand as well."""


def engine_arguments() -> dict[str, Any]:
    """What every engine is made with; people's words stay out of errors, which end up in logs."""
    return {"json_serializer": dumps, "json_deserializer": orjson.loads, "hide_parameters": True}


def _on_connect(engine: Engine, *pragmas: str) -> None:
    @event.listens_for(engine, "connect")
    def prepare(dbapi_connection: Any, _record: Any) -> None:
        cursor = dbapi_connection.cursor()
        for pragma in pragmas:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()


def durable_engine(url: str) -> Engine:
    """An engine for the one connection that writes: durable commits, no waiting; it begins nothing itself."""
    engine = create_engine(
        make_url(url).set(drivername="sqlite+pysqlite"),
        poolclass=StaticPool,
        connect_args={"check_same_thread": False, "isolation_level": None, "timeout": 0},
        **engine_arguments(),
    )
    _on_connect(engine, "journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", PAGES)
    return engine


def writing_engine(url: str) -> Engine:
    """An engine for whoever writes alone, with SQLAlchemy's own transactions."""
    engine = durable_engine(url)

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
        **engine_arguments(),
    )
    _on_connect(engine, "query_only = ON", PAGES)
    return engine


def _reading_engine(url: str) -> Engine:
    """An engine whose connections have threads of their own; it is used within `greenlet_spawn`.

    SQLAlchemy's `AsyncEngine` would do just that, but brings its ORM along: 40 modules and 6 MB.
    """
    engine = create_engine(
        make_url(url).set(drivername="sqlite+aiosqlite"),
        pool_size=READERS,
        connect_args={"timeout": BUSY_SECONDS},
        **engine_arguments(),
    )
    _on_connect(engine, "query_only = ON", FEW_PAGES)
    return engine


class SqliteDoors:
    """Writes share commits on one connection, long reads have threads of their own, a glance is in place.

    One process serves: what it takes in hand is its own, and nobody else is to be told anything.
    """

    shared = False

    def __init__(self, url: str) -> None:
        path = make_url(url).database
        if path:
            Path(path).parent.mkdir(parents=True, exist_ok=True)
        self.hands: Hands = self
        self._writer = Writer(durable_engine(url))
        self._glances = _glancing_engine(url).connect()
        self._readers = _reading_engine(url)

    async def start(self) -> None:
        """Begin to serve."""
        self._writer.start()

    async def write(self, work: Work[Result], *, hurry: bool = True) -> Result:
        """Run it in a transaction that others may share."""
        return await self._writer.write(work, hurry=hurry)

    async def read(self, work: Work[Result]) -> Result:
        """Run it on a thread's connection."""
        return await greenlet_spawn(self._read, work)

    def _read(self, work: Work[Result]) -> Result:
        with self._readers.connect() as connection:
            return work(connection)

    async def glance(self, work: Work[Result]) -> Result:
        """Run it in place: a thread change would cost more than the look."""
        return work(self._glances)

    async def take(self, name: str) -> bool:  # noqa: ARG002 whatever it is
        """There is nobody to share with."""
        return True

    def holds(self, name: str) -> bool:  # noqa: ARG002 whatever it is
        """Nobody else could have it."""
        return True

    def free(self, name: str) -> None:
        """Nobody waits for it."""

    def ring(self, word: str) -> None:
        """Nobody else listens."""

    def listen(self, heard: Callable[[str], None]) -> None:
        """Nobody else will say anything."""

    async def close(self) -> None:
        """Finish the writes in hand and let go of the file."""
        await self._writer.stop()
        self._glances.close()
        self._glances.engine.dispose()
        await greenlet_spawn(self._readers.dispose)
