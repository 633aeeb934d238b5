"""The database: one door to write, one to read, one to glance.

Stores are plain functions over a `Connection`; this module decides where they run: on SQLite's one writing
connection (`storage.doors.sqlite`), or on PostgreSQL's many (`storage.doors.postgresql`). They do not notice.
"""

import asyncio
from collections.abc import Callable
from types import TracebackType
from typing import Protocol, Self, TypeVar

from sqlalchemy import Connection, create_engine, make_url
from sqlalchemy.exc import ArgumentError, OperationalError

from storage.doors.away import DatabaseAwayError
from storage.doors.hands import Hands
from storage.doors.sqlite import SqliteDoors, writing_engine

__all__ = [
    "Connection",
    "Database",
    "DatabaseAwayError",
    "Hands",
    "InUseError",
    "UnsupportedDatabaseError",
    "check_alone",
    "check_supported",
    "check_usable",
    "compact",
    "is_embedded",
    "kind_of",
    "writing_engine",
]

Result = TypeVar("Result")
Work = Callable[[Connection], Result]


class UnsupportedDatabaseError(ValueError):
    """The URL names a database this version cannot keep things in."""


class InUseError(RuntimeError):
    """Somebody else is at work on the database."""


class Doors(Protocol):
    """The ways into one kind of database; `shared` where several processes serve on it."""

    shared: bool
    hands: Hands

    async def start(self) -> None:
        """Begin to serve."""

    async def write(self, work: Work[Result], *, hurry: bool = True) -> Result:
        """Run it in a transaction, committed when this returns."""

    async def read(self, work: Work[Result]) -> Result:
        """Run a read of any length."""

    async def glance(self, work: Work[Result]) -> Result:
        """Run a look at a few rows."""

    async def take(self, name: str) -> bool:
        """Take something in hand."""

    def holds(self, name: str) -> bool:
        """Whether it still is in hand."""

    def free(self, name: str) -> None:
        """Let go of it."""

    def ring(self, word: str) -> None:
        """Tell every process."""

    def listen(self, heard: Callable[[str], None]) -> None:
        """Call this with whatever is told."""

    async def close(self) -> None:
        """Finish the writes in hand and let go."""


def _postgres(url: str) -> Doors:
    from storage.doors.postgresql import PostgresDoors  # noqa: PLC0415 with its driver, which nobody needs on SQLite

    return PostgresDoors(url)


USABLE = "use sqlite:///path/to/file.db or postgresql://user:password@host/name"
KINDS: dict[str, Callable[[str], Doors]] = {"sqlite": SqliteDoors, "postgresql": _postgres}


def kind_of(url: str) -> str:
    """`sqlite`, `postgresql`, or what else a URL names; empty where it cannot be read."""
    try:
        named = make_url(url)
    except (ArgumentError, ValueError):  # the second, for a port that is no number
        return ""
    parts = (named.host, named.database, *named.query)
    misread = named.get_backend_name() != "sqlite" and any("@" in (part or "") for part in parts)
    return "" if misread else named.get_backend_name()


def check_supported(url: str) -> None:
    """Make sure things can be kept there.

    Raises:
        UnsupportedDatabaseError: the URL is neither SQLite's nor PostgreSQL's.
    """
    name = kind_of(url)
    if not name:
        raise UnsupportedDatabaseError(
            f"KENTONGAN_DATABASE_URL cannot be read; {USABLE}. "
            "In a password, signs such as @ : / ? # are written as %40 %3A %2F %3F %23"
        )
    if name not in KINDS:
        raise UnsupportedDatabaseError(f"KENTONGAN_DATABASE_URL names a {name} database; {USABLE}")


def is_embedded(url: str) -> bool:
    """Whether the database is a file of this installation's own."""
    return make_url(url).get_backend_name() == "sqlite"


async def check_alone(url: str, *, but_us: bool = False) -> None:
    """Make sure that no other process is at work on the database; `but_us` where this one has its file open.

    A process that cannot reach its server at the moment is not seen.

    Raises:
        InUseError: one is.
    """
    if is_embedded(url):
        if not but_us:
            await asyncio.to_thread(_check_file, url)
        return
    from storage.doors import server  # noqa: PLC0415 as above

    if others := await server.others_at_work(url):
        raise InUseError(f"At work on the database: {', '.join(others)}. Stop Kentongan first, everywhere.")


def _check_file(url: str) -> None:
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
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql("VACUUM")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        engine.dispose()


async def check_usable(url: str) -> None:
    """Make sure a server, where the URL names one, can be used.

    Raises:
        storage.doors.server.ServerRefusedError: it cannot; the message says what to do.
    """
    if make_url(url).get_backend_name() == "postgresql":
        from storage.doors import server  # noqa: PLC0415 as above

        await server.check(url)


class Database:
    """Where everything is kept; use as an async context manager.

    Raises:
        UnsupportedDatabaseError: the URL is neither SQLite's nor PostgreSQL's.
    """

    def __init__(self, url: str) -> None:
        check_supported(url)
        self.url = url
        self._doors = KINDS[make_url(url).get_backend_name()](url)

    async def __aenter__(self) -> Self:
        await self._doors.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def write(self, work: Work[Result], *, hurry: bool = True) -> Result:
        """Run `work` in a transaction and return once it is durably committed.

        Without hurry it waits a hundredth of a second for others to go along with: for what nobody is kept
        waiting by, as that a message went out.

        `work` may run twice: when a neighbour in a shared commit fails, each is tried again alone, and on
        PostgreSQL what another process got in the way of is tried again. So it touches nothing but the
        connection.
        """
        return await self._doors.write(work, hurry=hurry)

    async def read(self, work: Work[Result]) -> Result:
        """Run a read of any length beside the turns; what it sees does not change meanwhile."""
        return await self._doors.read(work)

    async def glance(self, work: Work[Result]) -> Result:
        """Run an indexed look-up of a few rows; on SQLite at once, in place."""
        return await self._doors.glance(work)

    @property
    def shared(self) -> bool:
        """Whether other processes may serve on it beside this one."""
        return self._doors.shared

    async def take(self, name: str) -> bool:
        """Take something in hand, by a name the processes agree on; false when another one has it.

        It is lost when the process dies or the connection breaks: what is done under it must be right even
        if somebody else does it too, only wasteful.

        Raises:
            storage.doors.away.DatabaseAwayError: nobody can tell.
        """
        return await self._doors.take(name)

    @property
    def hands(self) -> Hands:
        """For what is taken in hand again and again: what is let go of stays here until another wants it."""
        return self._doors.hands

    def holds(self, name: str) -> bool:
        """Whether this process still has something in hand."""
        return self._doors.holds(name)

    def free(self, name: str) -> None:
        """Let go of what was taken in hand."""
        self._doors.free(name)

    def ring(self, word: str) -> None:
        """Tell every process something, soon and at most once: whoever must know also looks by itself."""
        self._doors.ring(word)

    def listen(self, heard: Callable[[str], None]) -> None:
        """Call this with every word any process says."""
        self._doors.listen(heard)

    async def close(self) -> None:
        """Finish the writes in hand and let go of the files."""
        await self._doors.close()
