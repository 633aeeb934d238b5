"""Telegram's refusals as `SendError`s, with nothing secret in their texts."""

from collections.abc import Mapping
from datetime import timedelta

from telegram import error as telegram

from bot.channels.base import SendError
from bot.channels.botapi import CHAT_GONE, scrubbed

# Narrower classes stand before their bases; the first that fits counts.
KINDS: Mapping[type[telegram.TelegramError], tuple[str, bool]] = {
    telegram.BadRequest: ("bad_request", False),
    telegram.Forbidden: ("blocked", False),
    telegram.InvalidToken: ("unauthorized", False),
    telegram.Conflict: ("conflict", True),
    telegram.ChatMigrated: ("chat_not_found", False),
    telegram.TimedOut: ("unknown_outcome", True),
    telegram.NetworkError: ("network", True),
    telegram.TelegramError: ("refused", True),
}
NEVER_SENT = frozenset({"ConnectError", "ConnectTimeout", "PoolTimeout"})
"""Causes, by the names the library's own HTTP client gives them, after which nothing was sent."""


def send_error(error: telegram.TelegramError, token: str) -> SendError:
    """What went wrong, in the closed set of codes; the text never holds the bot's token."""
    if isinstance(error, telegram.RetryAfter):
        seconds = _seconds(error.retry_after)
        return SendError(
            "rate_limited", f"too many requests, {seconds:g} s", retryable=True, retry_after=seconds
        )
    text = scrubbed(error.message, token)
    code, retryable = next(kind for cls, kind in KINDS.items() if isinstance(error, cls))
    if code == "bad_request" and says(error, *CHAT_GONE):
        code = "chat_not_found"
    if code in {"network", "unknown_outcome"}:  # once connected, only Telegram knows what became of it
        code = "network" if type(error.__cause__).__name__ in NEVER_SENT else "unknown_outcome"
    return SendError(code, text, retryable=retryable)


def says(error: telegram.TelegramError, *phrases: str) -> bool:
    """Whether Telegram's own words hold one of these (given in lower case)."""
    words = error.message.lower()
    return any(phrase in words for phrase in phrases)


def _seconds(value: float | timedelta) -> float:
    return value.total_seconds() if isinstance(value, timedelta) else float(value)
