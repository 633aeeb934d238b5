"""Room for uploads: so much is held at once, however many send at the same time."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

SHARES = 4
"""How many uploads there is room for, however large."""
LATE = 0.05
"""Seconds behind the clock from which on it is not lines that are slow, but this process."""


@dataclass(slots=True, eq=False)
class _Guest:
    size: int
    turn: asyncio.Future[None]


class Room:
    """So many bytes for all together; whoever finds it full waits in line, with what they send unread.

    Over slow lines little of the room that is taken is filled: where nobody leaves within `patience` seconds,
    one more is let in.
    """

    def __init__(self, size: int, patience: float) -> None:
        self._free, self._most = size, size // SHARES
        self._patience = patience
        self._waiting: deque[_Guest] = deque()
        self._timer: asyncio.TimerHandle | None = None

    @asynccontextmanager
    async def holding(self, size: int) -> AsyncIterator[None]:
        """Take room for that many bytes, a quarter of it at most: nobody keeps all others out."""
        guest = _Guest(min(size, self._most), asyncio.get_running_loop().create_future())
        self._waiting.append(guest)
        self._let_in()
        try:
            await guest.turn
            yield
        finally:
            self._leave(guest)

    def _let_in(self) -> None:
        while self._waiting and self._waiting[0].size <= self._free:
            self._admit()
        if self._timer:
            self._timer.cancel()
        loop = asyncio.get_running_loop()
        self._timer = loop.call_later(self._patience, self._one_more) if self._waiting else None

    def _one_more(self) -> None:
        if self._timer and asyncio.get_running_loop().time() - self._timer.when() < LATE:
            self._admit()
        self._let_in()

    def _admit(self) -> None:
        guest = self._waiting.popleft()
        self._free -= guest.size
        if not guest.turn.done():
            guest.turn.set_result(None)

    def _leave(self, guest: _Guest) -> None:
        if guest in self._waiting:  # it gave up before its turn came
            self._waiting.remove(guest)
        else:
            self._free += guest.size
        self._let_in()
