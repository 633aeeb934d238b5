"""From an outbox message to calls of the Bot API: first a plan of parts, then one call a part."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any, Literal

from bot.channels.base import Delivery, OutboundFile
from bot.channels.rendering import Rows, clip, flat, split_text, utf16_units, with_list
from bot.channels.telegram.capabilities import CAPABILITIES
from dialogs.messages import Button, OutboundMessage

MAX_CAPTION = 1024  # UTF-16 units
MAX_PAYLOAD = 64  # bytes
MAX_ALBUM = 10
MAX_ROW = 8

Keyboard = Literal["none", "location", "remove"]
Fields = dict[str, Any]

# Telegram puts photos and videos together, and documents or audio only with their like; the rest go alone.
MIXES: Mapping[str, str] = {"photo": "seen", "video": "seen", "audio": "audio", "document": "document"}


@dataclass(frozen=True, slots=True)
class Part:
    """One call to Telegram: a text, a captioned file or an album, with at most one kind of keyboard."""

    text: str = ""
    files: tuple[OutboundFile, ...] = ()
    rows: Rows = ()
    keyboard: Keyboard = "none"
    reply_to: str = ""

    @property
    def refs(self) -> int:
        """How many message ids Telegram gives for it."""
        return max(1, len(self.files))


def plan(delivery: Delivery, hint: str) -> list[Part]:
    """The parts a message becomes, the same every time; `hint` is the text under a lone location button."""
    message = delivery.message
    text, rows = fitted(message)
    albums = [Part(files=files) for files in _albums(delivery.files)]
    if len(albums) == 1 and _fits_caption(text, rows, albums[0], message):
        parts = [replace(albums[0], text=text)]
    else:
        parts = albums + [Part(text=piece) for piece in split_text(text, CAPABILITIES.max_text, utf16_units)]
    if not parts:
        return []
    parts[-1] = replace(parts[-1], rows=rows)
    parts = _with_keyboard(parts, message, hint)
    parts[0] = replace(parts[0], reply_to=message.reply_to)
    return parts


def fitted(message: OutboundMessage) -> tuple[str, Rows]:
    """Text and inline buttons; buttons Telegram would refuse become a numbered list in the text."""
    rows = message.buttons
    alone = not message.text.strip() and bool(rows)
    if alone or len(flat(rows)) > CAPABILITIES.max_buttons or not all(map(_pressable, flat(rows))):
        return with_list(message.text, rows), ()
    return message.text, tuple(
        tuple(row[at : at + MAX_ROW]) for row in rows for at in range(0, len(row), MAX_ROW)
    )


def _pressable(button: Button) -> bool:
    return bool(button.url) or 0 < len(button.payload.encode()) <= MAX_PAYLOAD


def _albums(files: Sequence[OutboundFile]) -> Iterator[tuple[OutboundFile, ...]]:
    """Files in order, grouped as far as Telegram shows them together."""
    for mix, group in groupby(files, key=lambda file: MIXES.get(file.kind, "")):
        together = tuple(group)
        size = MAX_ALBUM if mix else 1
        yield from (together[at : at + size] for at in range(0, len(together), size))


def _fits_caption(text: str, rows: Rows, part: Part, message: OutboundMessage) -> bool:
    if utf16_units(text) > MAX_CAPTION:
        return False
    return len(part.files) == 1 or not (rows or message.ask_location)  # albums cannot carry a keyboard


def _with_keyboard(parts: list[Part], message: OutboundMessage, hint: str) -> list[Part]:
    last = parts[-1]
    if message.ask_location:
        if last.rows or len(last.files) > 1:  # a message has room for one keyboard only
            return [*parts, Part(text=hint, keyboard="location")]
        return [*parts[:-1], replace(last, keyboard="location")]
    # A used-up location keyboard goes with the next answer, but not with news about a ticket,
    # which may come in just while the location is being asked for.
    if not (last.rows or last.files or message.ticket):
        return [*parts[:-1], replace(last, keyboard="remove")]
    return parts


def unsent(parts: Sequence[Part], refs: int) -> list[Part]:
    """The parts still to send when `refs` message ids were given already."""
    rest = list(parts)
    while rest and refs > 0:
        refs -= rest.pop(0).refs
    return rest


def to_fields(chat_id: int, part: Part, location_label: str) -> Fields:
    """What `sendMessage` is told to send a part without files."""
    return {**where(chat_id, part), "text": part.text, **markup(part, location_label)}


def where(chat_id: int, part: Part) -> Fields:
    """Whom a part is for, and what it answers."""
    if not part.reply_to.isdigit():
        return {"chat_id": chat_id}
    reply = {"message_id": int(part.reply_to), "allow_sending_without_reply": True}
    return {"chat_id": chat_id, "reply_parameters": reply}


def markup(part: Part, location_label: str) -> Fields:
    """The keyboard under a part, if there is one."""
    if part.rows:
        rows = [[_button(button) for button in row] for row in part.rows]
        return {"reply_markup": {"inline_keyboard": rows}}
    if part.keyboard == "location":
        ask = {"text": location_label, "request_location": True}
        return {"reply_markup": {"keyboard": [[ask]], "one_time_keyboard": True, "resize_keyboard": True}}
    if part.keyboard == "remove":
        return {"reply_markup": {"remove_keyboard": True}}
    return {}


def _button(button: Button) -> Fields:
    label = clip(button.label, CAPABILITIES.max_button_label)
    return (
        {"text": label, "url": button.url} if button.url else {"text": label, "callback_data": button.payload}
    )
