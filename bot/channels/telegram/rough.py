"""As much of an update as can be made out without trusting its shape: who wrote, and words."""

from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import orjson

from bot.channels.bodies import read_json
from bot.channels.telegram.parse import NAME, UPDATE_KINDS
from dialogs.messages import InboundMessage


def update_of(raw: Any) -> dict[str, Any]:
    """The object in JSON, as bytes or already read; an empty one where there is none."""
    if isinstance(raw, bytes):
        try:
            raw = read_json(raw)
        except orjson.JSONDecodeError:
            return {}
    return raw if isinstance(raw, dict) else {}


def is_for_others(update: dict[str, Any]) -> bool:
    """Whether it is an update of a kind nobody here asked for, such as a vote; however it looks inside."""
    return _whole(update.get("update_id")) and not any(kind in update for kind in UPDATE_KINDS)


def roughly(update: dict[str, Any], received_at: datetime) -> InboundMessage | None:
    """What somebody wrote or pressed in a private chat; None where not even that can be made out."""
    pressed = _object(update.get("callback_query"))
    message = _object(update.get("message") or update.get("edited_message") or pressed.get("message"))
    chat = _object(message.get("chat"))
    number, address = update.get("update_id"), chat.get("id")
    at = received_at if pressed else _moment(message.get("date"))
    if not _whole(number) or not _whole(address) or chat.get("type") != "private" or at is None:
        return None
    words = message.get("text") or message.get("caption") or ""
    text = words if isinstance(words, str) and not pressed else ""
    button = str(pressed.get("data") or "")
    return InboundMessage(
        channel=NAME,
        external_id=str(number),
        address=str(address),
        sent_at=at,
        kind="button" if button else "text" if text.strip() else "unsupported",
        text=text,
        button=button,
        message_ref="" if pressed else str(message.get("message_id") or ""),
    )


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _moment(value: Any) -> datetime | None:
    with suppress(TypeError, ValueError, OverflowError, OSError):
        return datetime.fromtimestamp(value, UTC)
    return None
