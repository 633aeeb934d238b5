"""One durable commit shared among all writes that wait for one."""

import asyncio
import time
from collections import deque
from collections.abc import Callable
from contextvars import Context, copy_context
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, RootTransaction
from sqlalchemy.exc import OperationalError

Result = TypeVar("Result")

MAX_BATCH = 256
LOCK_SECONDS = 30.0
LOCK_PAUSE = 0.005


class WriterStoppedError(RuntimeError):
    """A write came after the database was closed."""


@dataclass(frozen=True, slots=True)
class _Waiting:
    work: Callable[[Connection], Any]
    done: asyncio.Future[Any]
    around: Context

    def run(self, connection: Connection) -> Any:
        """Do it as its caller would: within the turn in hand there."""
        return self.around.run(self.work, connection)


class Writer:
    """Runs writes one after the other on one connection, and commits those that wait together at once.

    The statements run on the event loop's thread, where each costs microseconds; only what waits for the
    disk (COMMIT) runs on a thread, and another process's lock is waited for beside the loop. Writes that
    arrive during a commit make up the next one, so the more wait, the less each pays.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._connection = engine.connect()
        self._waiting: deque[_Waiting] = deque()
        self._wake = asyncio.Event()
        self._stopping = False
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to serve; needs a running event loop."""
        self._task = asyncio.create_task(self._serve(), name="database-writer")

    async def write(self, work: Callable[[Connection], Result]) -> Result:
        """Run `work` and return its result once it is on disk; its exception rolls it back and is raised."""
        if self._stopping or self._task is None:
            raise WriterStoppedError("the database is closed")
        done: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Waiting(work, done, copy_context()))
        self._wake.set()
        return await done

    async def stop(self) -> None:
        """Commit what waits, then close."""
        self._stopping = True
        self._wake.set()
        if self._task is not None:
            await self._task
        self._connection.close()
        self._engine.dispose()

    async def _serve(self) -> None:
        while self._waiting or not self._stopping:
            if not self._waiting:
                self._wake.clear()
                await self._wake.wait()
                continue
            batch = [self._waiting.popleft() for _ in range(min(len(self._waiting), MAX_BATCH))]
            await self._commit_together(batch)

    async def _commit_together(self, batch: list[_Waiting]) -> None:
        try:
            results = await self._transaction(batch)
        except Exception as error:  # noqa: BLE001 whatever a write raises belongs to its caller
            if len(batch) == 1:
                _fail(batch[0], error)
                return
            for one in batch:
                await self._commit_together([one])
        else:
            for one, result in zip(batch, results, strict=True):
                if not one.done.done():
                    one.done.set_result(result)

    async def _transaction(self, batch: list[_Waiting]) -> list[Any]:
        transaction = await self._begin()
        try:
            results = [one.run(self._connection) for one in batch]
            await asyncio.to_thread(transaction.commit)
        except BaseException:
            transaction.rollback()
            raise
        return results

    async def _begin(self) -> RootTransaction:
        """Take the write lock, waiting beside the loop while another process holds it.

        Raises:
            sqlalchemy.exc.OperationalError: it was held for longer than `LOCK_SECONDS`.
        """
        patience = time.monotonic() + LOCK_SECONDS
        while True:
            try:
                return self._connection.begin()
            except OperationalError:
                if time.monotonic() > patience:
                    raise
                await asyncio.sleep(LOCK_PAUSE)


def _fail(one: _Waiting, error: Exception) -> None:
    if not one.done.done():
        one.done.set_exception(error)
