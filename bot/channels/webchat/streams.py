"""Waking the open pages of an address when there is something new for it."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

MOST_PER_ADDRESS = 6


class Streams:
    """The pages that wait, by address; in this process only, others notice at their next heartbeat."""

    def __init__(self) -> None:
        self.closed = False
        self._waiting: dict[str, set[asyncio.Event]] = {}

    def full(self, address: str) -> bool:
        """Whether an address has as many pages open as it may."""
        return len(self._waiting.get(address, ())) >= MOST_PER_ADDRESS

    @contextmanager
    def listening(self, address: str) -> Iterator[asyncio.Event]:
        """An event that is set whenever there is something new for the address."""
        event = asyncio.Event()
        self._waiting.setdefault(address, set()).add(event)
        try:
            yield event
        finally:
            self._waiting[address].discard(event)
            if not self._waiting[address]:
                del self._waiting[address]

    def wake(self, address: str) -> None:
        """Tell the open pages of an address to look."""
        for event in self._waiting.get(address, ()):
            event.set()

    def close(self) -> None:
        """Let every open page go, so that the server can stop."""
        self.closed = True
        for address in self._waiting:
            self.wake(address)


async def wait_for(event: asyncio.Event, seconds: float) -> None:
    """Wait until the event is set, at most `seconds`; then clear it."""
    at_last = asyncio.get_running_loop().call_later(seconds, event.set)
    try:
        await event.wait()
    finally:
        at_last.cancel()
    event.clear()
