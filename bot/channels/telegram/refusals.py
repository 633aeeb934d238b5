"""Telegram's refusals, as aiogram knows them, as `SendError`s with nothing secret in their texts."""

import asyncio
from collections.abc import Mapping

from aiogram import exceptions as telegram
from aiogram.exceptions import AiogramError, ClientDecodeError
from aiohttp import ClientError

from bot.channels.base import SendError
from bot.channels.botapi import CHAT_GONE, scrubbed
from bot.channels.telegram.errors import unanswered

FAILURES = (AiogramError, ClientError, asyncio.TimeoutError, OSError)
"""Everything a call of the Bot API may raise."""

# Narrower classes stand before their bases; the first that fits counts.
KINDS: Mapping[type[Exception], tuple[str, bool]] = {
    telegram.TelegramEntityTooLarge: ("file_too_large", False),
    telegram.TelegramForbiddenError: ("blocked", False),
    telegram.TelegramUnauthorizedError: ("unauthorized", False),
    telegram.TelegramNotFound: ("unauthorized", False),
    telegram.TelegramConflictError: ("conflict", True),
    telegram.TelegramMigrateToChat: ("chat_not_found", False),
    telegram.TelegramServerError: ("server", True),
    telegram.TelegramBadRequest: ("bad_request", False),
    telegram.TelegramAPIError: ("refused", True),
    ClientDecodeError: ("unknown_outcome", True),
}


def send_error(error: Exception, token: str) -> SendError:
    """What went wrong, in the closed set of codes; the text never holds the bot's token."""
    if isinstance(error, telegram.TelegramRetryAfter):  # its own text names the chat
        seconds = error.retry_after
        return SendError(
            "rate_limited", f"too many requests, {seconds} s", retryable=True, retry_after=float(seconds)
        )
    if type(error) is telegram.TelegramNetworkError or not isinstance(error, AiogramError):
        return unanswered(error.__cause__ or error)
    text = scrubbed(_text(error), token)
    code, retryable = next(kind for cls, kind in KINDS.items() if isinstance(error, cls))
    if code == "bad_request" and any(phrase in text.lower() for phrase in CHAT_GONE):
        code = "chat_not_found"
    return SendError(code, text, retryable=retryable)


def _text(error: Exception) -> str:
    if isinstance(error, telegram.TelegramAPIError):
        return error.message
    return type(error).__name__  # what else may stand in it (an answer's body, an address) helps nobody
