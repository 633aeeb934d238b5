"""From an outbox message to what the Send API takes: files one by one, then text with quick replies."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from bot.channels.base import Capabilities, Delivery, OutboundFile
from bot.channels.graph.literal import literal
from bot.channels.rendering import clip, flat, numbered, split_text, with_list
from dialogs.messages import Button

INSTAGRAM: Final = "instagram"
MAX_PAYLOAD: Final = 1000
KINDS: Final[Mapping[str, str]] = {
    "photo": "image",
    "video": "video",
    "animation": "video",
    "voice": "audio",
    "audio": "audio",
}
"""Everything else goes as a file."""


@dataclass(frozen=True, slots=True)
class Part:
    """One message to the Send API: words with their quick replies, or a file."""

    text: str = ""
    replies: tuple[Button, ...] = ()
    file: OutboundFile | None = None


def measure_for(channel: str) -> Callable[[str], int]:
    """How long a text is there: Instagram counts bytes."""
    return (lambda text: len(text.encode())) if channel == INSTAGRAM else len


def plan(channel: str, able: Capabilities, delivery: Delivery) -> list[Part]:
    """The parts a message becomes, the same every time."""
    text, replies = _sorted_out(able, delivery.message.text.strip(), flat(delivery.message.buttons))
    written = str if channel == INSTAGRAM else literal  # Instagram makes no formats of signs
    pieces = split_text(written(text), able.max_text, measure_for(channel))
    parts = [Part(written(piece)) for piece in pieces]
    if replies and parts:
        parts[-1] = replace(parts[-1], replies=tuple(replies))
    return [*(Part(file=file) for file in delivery.files), *parts]


def _sorted_out(able: Capabilities, text: str, buttons: Sequence[Button]) -> tuple[str, list[Button]]:
    """Text and quick replies; links, and choices that do not fit as they are, stand numbered in the text."""
    links = [one for one in buttons if one.url]
    choices = [one for one in buttons if not one.url]
    fits = all(0 < len(one.payload) <= MAX_PAYLOAD and one.label.strip() for one in choices)
    if len(choices) > able.max_buttons or not fits or (choices and not text):
        return with_list(text, (tuple(buttons),)), []
    lines = [f"{one.label}: {one.url}" for one in links]
    if all(len(one.label) <= able.max_button_label for one in choices):
        return "\n".join([text, *lines]).strip(), choices
    told = "\n\n".join(part for part in (text, numbered(choices), "\n".join(lines)) if part)
    return told, [_short(number, one, able) for number, one in enumerate(choices, start=1)]


def _short(number: int, button: Button, able: Capabilities) -> Button:
    return Button(clip(f"{number}. {button.label}", able.max_button_label), button.payload)


def to_body(address: str, part: Part, tag: str = "", attachment_id: str = "") -> dict[str, Any]:
    """The body of the call; `tag` is why it may go outside the window."""
    kind = {"messaging_type": "MESSAGE_TAG", "tag": tag} if tag else {"messaging_type": "RESPONSE"}
    return {"recipient": {"id": address}, **kind, "message": _message(part, attachment_id)}


def _message(part: Part, attachment_id: str) -> dict[str, Any]:
    if part.file is not None:
        kind = KINDS.get(part.file.kind, "file")
        return {"attachment": {"type": kind, "payload": {"attachment_id": attachment_id}}}
    message: dict[str, Any] = {"text": part.text}
    if part.replies:
        message["quick_replies"] = [
            {"content_type": "text", "title": one.label, "payload": one.payload} for one in part.replies
        ]
    return message
