"""The open ends of talks: who waits for what the bot says to an address, right now, in this process."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from bot.channels.base import Delivery


class End(Protocol):
    """Somebody who waits for what the bot says; `lasting` when the end stays open between two messages."""

    lasting: bool

    async def take(self, delivery: Delivery) -> None:
        """Hand a message on."""


class Ends:
    """All open ends, by address."""

    def __init__(self) -> None:
        self._open: dict[str, list[End]] = {}

    @contextmanager
    def waiting(self, address: str, end: End) -> Iterator[None]:
        """The end is open as long as the block runs."""
        self.add(address, end)
        try:
            yield
        finally:
            self.remove(address, end)

    def add(self, address: str, end: End) -> None:
        """Open an end."""
        self._open.setdefault(address, []).append(end)

    def remove(self, address: str, end: End) -> None:
        """Close it; closing twice is no harm."""
        ends = self._open.get(address, [])
        if end in ends:
            ends.remove(end)
        if not ends:
            self._open.pop(address, None)

    def lasting(self) -> list[str]:
        """The addresses with an end that stays open between two messages."""
        return [address for address, ends in self._open.items() if any(end.lasting for end in ends)]

    def of(self, address: str) -> list[End]:
        """Whom to hand a message to: every lasting end, else the request that has waited longest."""
        ends = self._open.get(address, [])
        return [end for end in ends if end.lasting] or ends[:1]
