"""What a turn answers: rows of the inbox, or what is only just on its way there."""

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, TypeVar

from bot import tracing
from storage import inbox
from storage.database import Connection
from storage.inbox import Arrival

Result = TypeVar("Result")


class Answered(Protocol):
    """What a turn answers, `rows` of the inbox tried so often before."""

    @property
    def rows(self) -> tuple[int, ...]:
        """Where it stands, as far as that is known."""

    @property
    def tries(self) -> int:
        """How often it was tried before."""

    def done(self, connection: Connection, now: datetime, told: Any) -> None:
        """Mark it answered in the transaction of the answer; raises AlreadyDoneError."""

    def tried(self, connection: Connection, error: str, *, set_aside: bool) -> None:
        """Note a failed attempt; `set_aside` takes it out of the way of what is behind it."""

    async def written(self, write: Awaitable[Result]) -> Result:
        """Wait for the write of the answer."""


@dataclass(frozen=True, slots=True)
class Rows:
    """What waits in the inbox."""

    rows: tuple[int, ...]
    tries: int = 0

    def done(self, connection: Connection, now: datetime, told: Any) -> None:
        """Mark them answered; raises AlreadyDoneError, at the latest when the transaction ends."""
        inbox.finish(connection, self.rows, now, told)

    def tried(self, connection: Connection, error: str, *, set_aside: bool) -> None:
        """Note a failed attempt."""
        inbox.count_try(connection, self.rows, error, set_aside=set_aside)

    async def written(self, write: Awaitable[Result]) -> Result:
        """Wait for it: nobody else does."""
        return await write


@dataclass(slots=True, eq=False)
class Coming:
    """An arrival that is not kept yet: its answer may be written together with it.

    Where that fails, it is kept by itself, and answered like any other.
    """

    arrival: Arrival
    rows: tuple[int, ...] = ()
    tries: int = 0
    stumbled: bool = False
    _write: asyncio.Future[bool] | None = None

    def done(self, connection: Connection, now: datetime, told: Any) -> None:
        """Keep it, marked answered; raises AlreadyDoneError."""
        row = inbox.keep_answered(connection, self.arrival, now, told)
        self.rows = (row,)
        tracing.called(str(row))

    def tried(self, connection: Connection, error: str, *, set_aside: bool) -> None:
        """Keep it, with a failed attempt noted."""
        self.stumbled = inbox.keep(connection, self.arrival)
        inbox.count_try(connection, inbox.rows_of(connection, self.arrival), error, set_aside=set_aside)

    async def written(self, write: Awaitable[Result]) -> Result:
        """Have whoever keeps it wait for the write that keeps it with its answer."""
        self._write = asyncio.get_running_loop().create_future()
        kept = False
        try:
            result = await write
            kept = True
        finally:
            self._write.set_result(kept)
        return result

    async def answered(self) -> bool:
        """Whether it is kept, and answered; false where no answer is to be had at once."""
        await asyncio.sleep(0)  # meanwhile its lane thinks
        return self._write is not None and await self._write
