"""What cannot be kept for a reason nobody foresaw holds up nothing behind it: tried again, then set aside."""

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable
from typing import Final

import structlog

from dialogs.messages import InboundMessage
from storage.doors.away import DatabaseAwayError

MOST_TRIES: Final = 3
REMEMBERED: Final = 1_000

log = structlog.get_logger()

Aside = Callable[[InboundMessage | None, Exception], Awaitable[bool]]
"""Keeps a message out of line and tells its writer so; false when it has to come again after all.

None stands for something nobody waits for an answer to.
"""


async def never(_message: InboundMessage | None, _error: Exception) -> bool:
    """Nothing is ever set aside: it comes again until it can be kept."""
    return False


async def each(works: Iterable[Awaitable[object]]) -> None:
    """Do every one of these, in order, also when one before it went wrong.

    Raises:
        Exception: what went wrong last, once all the others are done.
    """
    failed: Exception | None = None
    for work in works:
        try:
            await work
        except Exception as error:  # noqa: BLE001 raised below
            failed = error
    if failed is not None:
        raise failed


class Stumbles:
    """How often things that came in could not be kept, by the platform's names for them."""

    def __init__(self, name: str, aside: Aside) -> None:
        self._name, self._aside = name, aside
        self._tries: OrderedDict[str, int] = OrderedDict()

    async def over(self, key: str, message: InboundMessage | None, error: Exception) -> bool:
        """Whether it is out of the way now; if not, let the platform bring it again.

        An outage of the database is no stumble: it passes, and whoever answers the platform tells of it.
        """
        if isinstance(error, DatabaseAwayError):
            return False
        log.error("arrival not kept", channel=self._name, exc_info=error)
        tries = self._tries[key] = self._tries.pop(key, 0) + 1
        if len(self._tries) > REMEMBERED:
            self._tries.popitem(last=False)
        return tries >= MOST_TRIES and await self._aside(message, error)
