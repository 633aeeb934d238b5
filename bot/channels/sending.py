"""What channels do alike when they send: part by part, reading files as late as can be."""

from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

from bot.channels.base import OutboundFile, SendError, SendResult

Part = TypeVar("Part")


async def send_parts(
    parts: Iterable[Part], send: Callable[[Part], Awaitable[tuple[str, ...]]], sent: tuple[str, ...]
) -> SendResult:
    """Send the parts of a message in their order; `sent` are the refs of those that went before.

    Raises:
        SendError: a part was not taken (its `refs` are all that went), or there is nothing to send.
    """
    refs = sent
    for part in parts:
        try:
            refs += await send(part)
        except SendError as problem:
            problem.refs = refs
            raise
    if not refs:
        raise SendError("empty", "neither text nor files", retryable=False)
    return SendResult(refs)


async def content_of(file: OutboundFile) -> bytes:
    """The bytes of a file on its way out.

    Raises:
        SendError: it cannot be read now.
    """
    try:
        return await file.read()
    except OSError as problem:
        raise SendError("file_unreadable", type(problem).__name__, retryable=True) from None
