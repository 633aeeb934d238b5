"""How much one sender may ask for in a stretch of time."""

from collections import OrderedDict
from collections.abc import Callable

AT_ONCE = 2
"""Buckets dropped with each request at most: one more than may be added, so that they become fewer."""


class Rates:
    """A bucket per sender: `burst` at once, then `per_second`; `now` gives seconds that only grow.

    No more than `most` buckets are held: when more senders than that come before theirs are full again,
    whoever was let through longest ago is forgotten.
    """

    def __init__(self, burst: int, per_second: float, now: Callable[[], float], most: int = 20_000) -> None:
        self._burst = float(burst)
        self._per_second = per_second
        self._now = now
        self._most = most
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait(self, sender: str) -> float:
        """Take one; returns 0, or how many seconds until the sender may come again."""
        now = self._now()
        left = self._left(sender, now)
        if left < 1:
            return (1 - left) / self._per_second
        self._buckets[sender] = (left - 1, now)
        self._buckets.move_to_end(sender)
        self._forget(now)
        return 0.0

    def _left(self, sender: str, now: float) -> float:
        left, at = self._buckets.get(sender, (self._burst, now))
        return min(self._burst, left + (now - at) * self._per_second)

    def _forget(self, now: float) -> None:
        """Drop the oldest buckets: those that are full again, which say nothing, and what is too many."""
        for _ in range(AT_ONCE):
            oldest = next(iter(self._buckets))
            if len(self._buckets) <= self._most and self._left(oldest, now) < self._burst:
                return
            del self._buckets[oldest]
