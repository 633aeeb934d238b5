"""Connections to PostgreSQL kept open, each for one work at a time.

An engine's own pool asks, sets and resets more for each work than a look at a few rows costs.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import TypeVar

from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from storage.doors.away import DatabaseAwayError, is_away, is_outdated
from storage.doors.straight import HERE, Line, before_others

Result = TypeVar("Result")
Work = Callable[[Connection], Result]


@asynccontextmanager
async def reached() -> AsyncIterator[None]:
    """Tell a server that is away from all other troubles.

    Raises:
        DatabaseAwayError: it cannot be reached, or the connection broke.
    """
    try:
        yield
    except Exception as error:  # the driver's own, with and without SQLAlchemy's face of them
        if is_away(error):
            raise DatabaseAwayError(error) from error
        raise


class Lines:
    """At most `size` connections; the one used last is used next. `engine` leaves transactions to us."""

    def __init__(self, engine: AsyncEngine, size: int) -> None:
        self._engine = engine.execution_options(isolation_level="AUTOCOMMIT")
        before_others(engine.sync_engine)
        self._free = asyncio.Semaphore(size)
        self._idle: list[tuple[AsyncConnection, Line]] = []
        self._closed = False

    async def together(self, begin: str, work: Work[Result]) -> Result:
        """Run it in one transaction that starts with these words.

        Raises:
            storage.doors.straight.UndoneError: it swallowed a failure of the database.
        """
        async with self.line() as (connection, line), line.transaction(begin):
            return await connection.run_sync(work)

    async def close(self) -> None:
        """Let all connections go; one that is in use goes when its work is done."""
        self._closed = True
        await self._drop_idle()
        await self._engine.dispose()

    @asynccontextmanager
    async def line(self) -> AsyncIterator[tuple[AsyncConnection, Line]]:
        """One of the connections, for as long as it is needed."""
        async with self._free, reached():
            connection, line = await self._next()
            try:
                yield connection, line
            except Exception as error:
                if line.raw.is_closed() or is_away(error) or is_outdated(error):
                    await _drop(connection)
                    await self._drop_idle()  # what broke one, or its statements, broke all that were open
                else:
                    await self._put_back(connection, line)
                raise
            except BaseException:
                await _drop(connection)  # nobody knows where it stopped
                raise
            await self._put_back(connection, line)

    async def _put_back(self, connection: AsyncConnection, line: Line) -> None:
        if self._closed:
            await _drop(connection)
        else:
            self._idle.append((connection, line))

    async def _next(self) -> tuple[AsyncConnection, Line]:
        """What was used last and not closed by the server since, else a new one."""
        while self._idle:
            connection, line = self._idle.pop()
            if not line.raw.is_closed():
                return connection, line
            await _drop(connection)
        return await self._opened()

    async def _opened(self) -> tuple[AsyncConnection, Line]:
        connection = await self._engine.connect()
        fairy = await connection.get_raw_connection()
        line = fairy.info[HERE] = Line(fairy.driver_connection)  # type: ignore[arg-type]
        return connection, line

    async def _drop_idle(self) -> None:
        while self._idle:  # those not let go yet stay in hand, should this be cut short
            await _drop(self._idle.pop()[0])


async def _drop(connection: AsyncConnection) -> None:
    with suppress(Exception):  # one that broke may fail at that too, and the others are to go all the same
        await connection.invalidate()
    with suppress(Exception):
        await connection.close()
