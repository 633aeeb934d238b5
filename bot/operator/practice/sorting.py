"""Whether an update is about practice or about real work: by what it answers, presses or names."""

from collections.abc import Mapping
from typing import Any, Literal

from bot.operator.payloads import LETTER_OF
from tickets.numbers import parse_number

MARK = "🎓 LATIHAN"
"""Stands above everything practice shows; no real message begins with it."""
REAL_MARK = "🔔 BUKAN LATIHAN"
"""Stands above what is real while its reader practises."""
COMMAND = "/latihan"
PRESSED = f"{LETTER_OF['practice']}:"
Belongs = Literal["lobby", "practice", "real", "either"]


def belongs(raw: Mapping[str, Any], bot: int, prefix: str) -> Belongs:
    """Where an update belongs; `either` when only whether somebody practises can tell.

    `bot` is our own id, `prefix` that of real report numbers.
    """
    query, message = raw.get("callback_query"), raw.get("message") or raw.get("edited_message") or {}
    if query:
        return (
            "lobby" if str(query.get("data", "")).startswith(PRESSED) else _shown(query.get("message") or {})
        )
    if "my_chat_member" in raw or not message:
        return "real"
    text = str(message.get("text") or "")
    if text.startswith("/"):
        return _commanded(text, prefix)
    answered = message.get("reply_to_message") or {}
    if answered.get("from", {}).get("id") == bot:
        return _shown(answered)
    return "either"


def _commanded(text: str, prefix: str) -> Belongs:
    name = text.split(maxsplit=1)[0].partition("@")[0]
    if name == COMMAND:
        return "lobby"
    return "real" if name == "/start" or parse_number(text, prefix) else "either"


def _shown(message: Mapping[str, Any]) -> Belongs:
    words = str(message.get("text") or message.get("caption") or "")
    return "practice" if words.startswith(MARK) else "real"
