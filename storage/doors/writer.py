"""One durable commit shared among all writes that wait for one, on SQLite's one writing connection."""

import asyncio
import sqlite3
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine

from storage.doors.away import told_apart
from storage.doors.queueing import Queue, Work

Result = TypeVar("Result")

MAX_BATCH = 256
LOCK_SECONDS = 30.0
LOCK_PAUSE = 0.005


class Writer:
    """Runs writes one after the other on one connection, and commits those that wait together at once.

    The statements run on the event loop's thread, where each costs microseconds; only what waits for the
    disk (COMMIT) runs on a thread, and another process's lock is waited for beside the loop. Writes that
    arrive during a commit make up the next one, so the more wait, the less each pays. `engine` leaves
    transactions to us.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._connection = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        self._raw: Any = self._connection.connection.dbapi_connection  # transactions are begun and ended here
        self._queue = Queue(self._transaction, MAX_BATCH)
        self._disk = ThreadPoolExecutor(1, "commit")  # always the same thread: one is awake and warm

    def start(self) -> None:
        """Begin to serve; needs a running event loop."""
        self._queue.start()

    async def write(self, work: Callable[[Connection], Result], *, hurry: bool = True) -> Result:
        """Run `work` and return its result once it is on disk; its exception rolls it back and is raised."""
        return await self._queue.write(work, hurry=hurry)

    async def stop(self) -> None:
        """Commit what waits, then close."""
        await self._queue.stop()
        self._disk.shutdown()
        self._connection.close()
        self._engine.dispose()

    async def _transaction(self, works: list[Work]) -> list[Any]:
        with told_apart():
            await self._begin()
            try:
                results = [work(self._connection) for work in works]
                await asyncio.get_running_loop().run_in_executor(self._disk, self._raw.commit)
            except BaseException:
                self._raw.rollback()
                raise
            return results

    async def _begin(self) -> None:
        """Take the write lock, waiting beside the loop while another process holds it.

        Raises:
            sqlite3.OperationalError: it was held for longer than `LOCK_SECONDS`.
        """
        patience = time.monotonic() + LOCK_SECONDS
        while True:
            try:
                self._raw.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError:
                if time.monotonic() > patience:
                    raise
                await asyncio.sleep(LOCK_PAUSE)
            else:
                return
