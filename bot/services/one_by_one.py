"""One after the other, or all at once, so that what cannot be dealt with holds up none of those behind it."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

import structlog

from storage.doors.database import DatabaseAwayError

Item = TypeVar("Item")
Result = TypeVar("Result")
log = structlog.get_logger(__name__)


async def one_by_one(
    items: Iterable[Item], deal: Callable[[Item], Awaitable[Result]], name: Callable[[Item], str]
) -> list[Result]:
    """What came of each; the log tells of those left undone, by names that tell of nobody.

    Raises:
        DatabaseAwayError: it is, for this one and all behind it.
        Exception: the first trouble there was, once all were tried: whoever watches the work is to know.
    """
    done: list[Result] = []
    trouble: Exception | None = None
    for item in items:
        try:
            done.append(await deal(item))
        except DatabaseAwayError:
            raise
        except Exception as error:
            log.exception("left undone", what=name(item))
            trouble = trouble or error
    if trouble is not None:
        raise trouble
    return done


async def to_the_end(*work: Awaitable[Result]) -> list[Result]:
    """What came of each, all at once; none goes on behind the back of whoever waited for them.

    Raises:
        BaseException: the first trouble there was, once all came to an end.
    """
    ended = await asyncio.gather(*work, return_exceptions=True)
    return [_came(one) for one in ended]


def _came(ended: Result | BaseException) -> Result:
    if isinstance(ended, BaseException):
        raise ended
    return ended
