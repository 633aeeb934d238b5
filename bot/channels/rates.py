"""How much one sender may ask for in a stretch of time."""

from collections.abc import Callable


class Rates:
    """A bucket per sender: `burst` at once, then `per_second`; `now` gives seconds that only grow."""

    def __init__(self, burst: int, per_second: float, now: Callable[[], float], most: int = 20_000) -> None:
        self._burst = float(burst)
        self._per_second = per_second
        self._now = now
        self._most = most
        self._buckets: dict[str, tuple[float, float]] = {}

    def wait(self, sender: str) -> float:
        """Take one; returns 0, or how many seconds until the sender may come again."""
        now = self._now()
        if len(self._buckets) >= self._most:
            self._forget(now)
        left = self._left(sender, now)
        if left < 1:
            return (1 - left) / self._per_second
        self._buckets[sender] = (left - 1, now)
        return 0.0

    def _left(self, sender: str, now: float) -> float:
        left, at = self._buckets.get(sender, (self._burst, now))
        return min(self._burst, left + (now - at) * self._per_second)

    def _forget(self, now: float) -> None:
        """Drop the buckets that are full again: they say nothing."""
        self._buckets = {
            one: kept for one, kept in self._buckets.items() if self._left(one, now) < self._burst
        }
