"""How fast a bot may send, as Telegram's own advice has it."""

from collections import deque
from dataclasses import dataclass, field
from math import ceil

from bot.sandbox.errors import too_many_requests


@dataclass(frozen=True, slots=True)
class Limits:
    """Flood limits and life times; rates in messages, times in seconds."""

    enabled: bool = True
    overall_per_second: int = 30
    chat_burst: int = 10
    chat_per_second: float = 1.0
    group_per_minute: int = 20
    callback_lifetime: float = 900.0
    webhook_first_retry: float = 1.0
    webhook_longest_retry: float = 60.0


@dataclass(slots=True)
class _Bucket:
    level: float
    at: float


@dataclass(slots=True)
class Limiter:
    """Counts what one bot sends."""

    buckets: dict[int, _Bucket] = field(default_factory=dict)
    windows: dict[int, deque[float]] = field(default_factory=dict)

    def take(self, chat: int, count: int, limits: Limits, now: float) -> None:
        """Count `count` messages to `chat`.

        Raises:
            ApiError: 429 when the bot would be too fast; nothing is counted then.
        """
        waits = [self._window_wait(0, limits.overall_per_second, 1.0, count, now)]
        if chat < 0:
            waits.append(self._window_wait(chat, limits.group_per_minute, 60.0, count, now))
        else:
            waits.append(self._bucket_wait(chat, count, limits, now))
        if (wait := max(waits)) > 0:
            raise too_many_requests(ceil(wait))
        self._count(chat, count, now)

    def _count(self, chat: int, count: int, now: float) -> None:
        self.windows[0].extend([now] * count)
        if chat < 0:
            self.windows[chat].extend([now] * count)
        else:
            self.buckets[chat].level -= count

    def _window_wait(self, key: int, size: int, seconds: float, count: int, now: float) -> float:
        window = self.windows.setdefault(key, deque())
        while window and window[0] <= now - seconds:
            window.popleft()
        over = len(window) + count - size
        if over <= 0 or not window:
            return 0.0
        return window[min(over, len(window)) - 1] + seconds - now

    def _bucket_wait(self, chat: int, count: int, limits: Limits, now: float) -> float:
        bucket = self.buckets.setdefault(chat, _Bucket(limits.chat_burst, now))
        refilled = bucket.level + (now - bucket.at) * limits.chat_per_second
        bucket.level, bucket.at = min(refilled, limits.chat_burst), now
        return (min(count, limits.chat_burst) - bucket.level) / limits.chat_per_second
