"""The doors of a PostgreSQL database: any number of processes write and read beside each other.

Transactions are serializable: a work reads, decides and writes as if it were alone, as it is on SQLite, and
what another process got in the way of is tried again.
"""

from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from functools import partial
from typing import Any, TypeVar, cast

from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.util import greenlet_spawn

from storage.doors.away import DatabaseAwayError, is_conflict
from storage.doors.bell import Bell
from storage.doors.hands import Hands
from storage.doors.lines import Lines
from storage.doors.looks import AT_ONCE, Look, Looks
from storage.doors.prepared import dumps, loads
from storage.doors.queueing import Queue
from storage.doors.resting import Resting
from storage.doors.server import CONNECT_SECONDS, address, opened

Result = TypeVar("Result")
Work = Callable[[Connection], Result]

READERS = 8
MAX_BATCH = 64
"""More in one transaction get into the way of other processes more often than their commits cost."""
STATEMENT_SECONDS = 60.0
"""After that a silent server counts as gone."""
ONE_VIEW = "BEGIN ISOLATION LEVEL REPEATABLE READ"
SETTINGS = {
    "timezone": "UTC",
    "jit": "off",  # statements are short: planning them for a compiler costs more than running them
    "idle_in_transaction_session_timeout": "60000",
}


def engine_for(
    url: str, *, size: int, patience: float | None = STATEMENT_SECONDS, **server_settings: str
) -> AsyncEngine:
    """A pool of that many connections; one that broke is replaced when it is next asked for.

    `patience` is how many seconds a statement may take; None is any.
    """
    return create_async_engine(
        address(url),
        async_creator=partial(opened, url, SETTINGS | server_settings, CONNECT_SECONDS, patience),
        pool_size=size,
        max_overflow=0,
        pool_timeout=STATEMENT_SECONDS,
        json_serializer=dumps,
        json_deserializer=loads,
        hide_parameters=True,
    )


class PostgresDoors:
    """Writes share transactions on one connection, in the order they came; looks have a pool of their own."""

    shared = True

    def __init__(self, url: str) -> None:
        writing = engine_for(
            url,
            size=1,
            synchronous_commit="on",
            default_transaction_isolation="serializable",
            # What is written is found by its key, also by a plan made while the tables were still small.
            enable_seqscan="off",
            enable_hashjoin="off",
            enable_mergejoin="off",
        )
        self._writing = Lines(writing, 1)
        asking, reading = (
            engine_for(url, size=size, default_transaction_read_only="on")
            for size in (AT_ONCE, READERS - AT_ONCE)
        )
        self._looks = Looks(Lines(asking, AT_ONCE))
        self._reading = Lines(reading, READERS - AT_ONCE)
        self._dialect = reading.dialect
        self._queue = Queue(self._transaction, MAX_BATCH)
        bell = self._bell = Bell(url)
        self.hands: Hands = Resting(bell)
        self.take, self.holds, self.free, self.ring, self.listen = (
            bell.take, bell.holds, bell.free, bell.ring, bell.listen
        )  # fmt: skip

    async def start(self) -> None:
        """Begin to serve."""
        self._queue.start()
        self._bell.start()

    async def write(self, work: Work[Result], *, hurry: bool = True) -> Result:
        """Run it in a transaction that others may share."""
        return await self._queue.write(work, hurry=hurry)

    async def read(self, work: Work[Result]) -> Result:
        """Run it on one unchanging view of the data."""
        return await _looked(lambda: self._reading.together(ONE_VIEW, work))

    async def glance(self, work: Work[Result]) -> Result:
        """Run it statement by statement, each as things stand then."""
        return await _looked(lambda: self._glanced(work))

    async def _glanced(self, work: Work[Result]) -> Result:
        async with AsyncExitStack() as stack:

            async def own() -> Connection:
                connection, _ = await stack.enter_async_context(self._reading.line())
                return cast("Connection", connection.sync_connection)  # it is open

            return await greenlet_spawn(work, cast("Connection", Look(self._looks, self._dialect, own)))

    async def close(self) -> None:
        """Finish the writes in hand and let the connections go."""
        await self._queue.stop()
        await self._bell.stop()
        await self._writing.close()
        await self._looks.close()
        await self._reading.close()

    async def _transaction(self, works: list[Work[Any]]) -> list[Any]:
        return await self._writing.together("BEGIN", lambda inner: [work(inner) for work in works])


async def _looked(look: Callable[[], Awaitable[Result]]) -> Result:
    """Look; what broke or was changed since a connection was last used costs tries, not the caller."""
    tried = 0
    while True:
        try:
            return await look()
        except Exception as error:
            tried += 1
            if tried > _further(error):
                raise


def _further(error: Exception) -> int:
    """How often to repeat a look that ended so; every connection may be as outdated as the first."""
    if isinstance(error, DatabaseAwayError):
        return 1
    return READERS if is_conflict(error) else 0
