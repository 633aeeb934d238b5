"""Writes that wait together share a transaction, one transaction after the other."""

import asyncio
import random
from collections import deque
from collections.abc import Awaitable, Callable
from contextvars import copy_context
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import Connection

from storage.doors.away import DatabaseAwayError, is_conflict

Result = TypeVar("Result")
Work = Callable[[Connection], Any]
Transaction = Callable[[list[Work]], Awaitable[list[Any]]]

TRIES = 12
FIRST_PAUSE = 0.002
LONGEST_PAUSE = 0.5
FOR_COMPANY = 0.01
"""Seconds that what nobody waits for stays for others to share its transaction."""


class WriterStoppedError(RuntimeError):
    """A write came after the database was closed."""


@dataclass(frozen=True, slots=True)
class _Waiting:
    work: Work
    done: asyncio.Future[Any]


class Queue:
    """Hands waiting writes to `transaction`, as many at once as wait up to `most`, in the order they came.

    One that fails is tried again alone and takes nobody with it; what only another process got in the way
    of is tried again after a short pause, longer each time.
    """

    def __init__(self, transaction: Transaction, most: int) -> None:
        self._transaction = transaction
        self._most = most
        self._waiting: deque[_Waiting] = deque()
        self._wake = asyncio.Event()
        self._stopping = False
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to serve; needs a running event loop."""
        self._task = asyncio.create_task(self._serve(), name="database-writer")

    async def write(self, work: Callable[[Connection], Result], *, hurry: bool = True) -> Result:
        """Run `work` and return its result once it is committed; its exception undoes it and is raised.

        Without hurry it goes along with the next one that has any, or by itself after a moment.
        """
        if self._stopping or self._task is None:
            raise WriterStoppedError("the database is closed")
        loop = asyncio.get_running_loop()
        done: asyncio.Future[Result] = loop.create_future()
        around = copy_context()
        self._waiting.append(_Waiting(lambda connection: around.run(work, connection), done))
        if hurry:
            self._wake.set()
        elif len(self._waiting) == 1:  # whoever stands in line already sees to it that all go
            loop.call_later(FOR_COMPANY, self._wake.set)
        return await done

    async def stop(self) -> None:
        """Commit what waits, then end."""
        self._stopping = True
        self._wake.set()
        if self._task is not None:
            await self._task

    async def _serve(self) -> None:
        while self._waiting or not self._stopping:
            await self._wake.wait()
            self._wake.clear()
            if self._waiting:
                await self._together(self._next())

    def _next(self) -> list[_Waiting]:
        batch = [self._waiting.popleft() for _ in range(min(len(self._waiting), self._most))]
        if self._waiting:
            self._wake.set()
        return batch

    async def _together(self, batch: list[_Waiting]) -> None:
        try:
            results = await self._tried([one.work for one in batch], 3 if len(batch) > 1 else TRIES)
        except DatabaseAwayError as away:
            for one in batch:  # one by one they would only wait for it one after the other
                _settle(one, error=away)
        except Exception as error:  # noqa: BLE001 whatever a write raises belongs to its caller
            if len(batch) == 1:
                _settle(batch[0], error=error)
                return
            for one in batch:
                await self._together([one])
        else:
            for one, result in zip(batch, results, strict=True):
                _settle(one, result)

    async def _tried(self, works: list[Work], tries: int) -> list[Any]:
        for attempt in range(1, tries):
            try:
                return await self._transaction(works)
            except Exception as error:
                if not is_conflict(error):
                    raise
            longest = min(FIRST_PAUSE * 2**attempt, LONGEST_PAUSE)
            await asyncio.sleep(random.uniform(0, longest))  # noqa: S311 only so that two do not meet again
        return await self._transaction(works)


def _settle(one: _Waiting, result: Any = None, error: Exception | None = None) -> None:
    if one.done.done():
        return
    if error is None:
        one.done.set_result(result)
    else:
        one.done.set_exception(error)
