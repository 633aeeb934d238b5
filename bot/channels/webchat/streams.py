"""Waking the open pages of an address when there is something new for it."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

MOST_PER_ADDRESS = 6
ECHO: Final = 1.0
"""Seconds until a page is shown what was written on it, if no answer comes along with it before."""


class Page:
    """An open page that waits for news."""

    def __init__(self) -> None:
        self._over = asyncio.Event()
        self._woken = False
        self._soon: asyncio.TimerHandle | None = None

    def wake(self) -> None:
        """There is something new."""
        self._woken = True
        self._over.set()

    def wake_soon(self) -> None:
        """There is something new that can wait for what comes after it, for as long as `ECHO`."""
        if self._soon is None:
            self._soon = asyncio.get_running_loop().call_later(ECHO, self.wake)

    async def wait(self, seconds: float) -> bool:
        """Wait until woken, at most `seconds`; whether it was."""
        at_last = asyncio.get_running_loop().call_later(seconds, self._over.set)
        try:
            await self._over.wait()
        finally:
            at_last.cancel()
            self._hush()
        self._over.clear()
        woken, self._woken = self._woken, False
        return woken

    def _hush(self) -> None:
        if self._soon is not None:
            self._soon.cancel()
            self._soon = None


class Streams:
    """The pages that wait, by address; in this process only, others notice at their next heartbeat."""

    def __init__(self) -> None:
        self.closed = False
        self._waiting: dict[str, set[Page]] = {}

    def full(self, address: str) -> bool:
        """Whether an address has as many pages open as it may."""
        return len(self._waiting.get(address, ())) >= MOST_PER_ADDRESS

    @contextmanager
    def listening(self, address: str) -> Iterator[Page]:
        """A page that is woken whenever there is something new for the address."""
        page = Page()
        self._waiting.setdefault(address, set()).add(page)
        try:
            yield page
        finally:
            self._waiting[address].discard(page)
            if not self._waiting[address]:
                del self._waiting[address]

    def wake(self, address: str) -> None:
        """Tell the open pages of an address to look."""
        for page in self._waiting.get(address, ()):
            page.wake()

    def echo(self, address: str) -> None:
        """Let an address see what it wrote: a single page shows it already, others are to have it at once."""
        pages = self._waiting.get(address, ())
        for page in pages:
            page.wake() if len(pages) > 1 else page.wake_soon()

    def close(self) -> None:
        """Let every open page go, so that the server can stop."""
        self.closed = True
        for address in self._waiting:
            self.wake(address)
