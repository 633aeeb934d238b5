"""Calls without an answer as `SendError`s."""

from aiohttp import ClientConnectorError, ConnectionTimeoutError

from bot.channels.base import SendError
from bot.channels.telegram.calls import NeverSentError

NEVER_SENT = (NeverSentError, ClientConnectorError, ConnectionTimeoutError)


def unanswered(cause: BaseException) -> SendError:
    """What it means that no answer came; the text is the error's kind alone: its own may hold a token."""
    # Without a connection nothing was sent; after one, only Telegram knows whether the message arrived.
    code = "network" if isinstance(cause, NEVER_SENT) else "unknown_outcome"
    return SendError(code, type(cause).__name__, retryable=True)
