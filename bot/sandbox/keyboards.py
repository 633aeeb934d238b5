"""What Telegram checks about buttons."""

from typing import Any
from urllib.parse import urlsplit

from bot.sandbox.errors import bad_request
from bot.sandbox.model import Json, Room

BUTTONS_AT_MOST = 100
ACTIONS = (
    "url",
    "callback_data",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
)


def checked_markup(markup: Json | None) -> Json | None:
    """The keyboard with its empty rows dropped.

    Raises:
        ApiError: 400 as Telegram words the first fault found.
    """
    if markup is None:
        return None
    if "inline_keyboard" in markup:
        rows = _rows(markup["inline_keyboard"])
        for button in _buttons(rows):
            _check_inline(button)
        return {"inline_keyboard": rows}
    if "keyboard" in markup:
        rows = _rows(markup["keyboard"])
        for button in _buttons(rows):
            _check_text(button["text"])
        return markup | {"keyboard": rows}
    if markup.get("remove_keyboard") or markup.get("force_reply"):
        return markup
    return None


def inline_only(markup: Json | None) -> Json | None:
    """The inline keyboard to show with a message, if there is one with a button in it."""
    return markup if markup and markup.get("inline_keyboard") else None


def apply_keyboard(room: Room, markup: Json | None, message_id: int) -> None:
    """Show, replace or take away what stands under the input field."""
    if markup is None or "inline_keyboard" in markup:
        return
    room.keyboard = None if markup.get("remove_keyboard") else markup | {"message_id": message_id}


def _rows(rows: list[list[Any]]) -> list[list[Any]]:
    return [row for row in rows if row]


def _buttons(rows: list[list[Any]]) -> list[Any]:
    buttons = [button for row in rows for button in row]
    if len(buttons) > BUTTONS_AT_MOST:
        raise bad_request("reply markup is too long")
    return buttons


def _check_text(text: str) -> None:
    if not text.strip():
        raise bad_request("keyboard button text must be non-empty")


def _check_inline(button: Json) -> None:
    _check_text(button["text"])
    used = [action for action in ACTIONS if action in button]
    if not used:
        raise bad_request(
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
        )
    if "callback_data" in button and not 1 <= len(button["callback_data"].encode()) <= 64:
        raise bad_request("BUTTON_DATA_INVALID")
    if "url" in button:
        _check_url(button["url"])


def _check_url(url: str) -> None:
    parts = urlsplit(url if "://" in url else f"http://{url}")
    if parts.scheme == "tg":
        return
    if parts.scheme not in {"http", "https", "ton"} or "." not in (parts.hostname or "") or " " in url:
        reason = "Wrong HTTP URL" if parts.scheme in {"http", "https"} else "Unsupported URL protocol"
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: {reason}")
