"""From an outbox message to what the Cloud API takes: first a plan of parts, then one call a part."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from bot.channels.base import Delivery, OutboundFile
from bot.channels.graph.literal import literal
from bot.channels.rendering import clip, flat, split_text, utf16_units, with_list
from bot.channels.whatsapp.capabilities import CAPABILITIES
from dialogs.messages import Button

MAX_BODY: Final = 1024  # of a text that carries buttons
MAX_CAPTION: Final = 1024
MAX_BUTTONS: Final = 3
MAX_BUTTON: Final = 20
MAX_ROW: Final = 24
MAX_DESCRIPTION: Final = 72
MAX_ROW_ID: Final = 200
CAPTIONED: Final = frozenset({"image", "video", "document"})

KINDS: Final[Mapping[str, tuple[str, frozenset[str]]]] = {
    "photo": ("image", frozenset({"image/jpeg", "image/png"})),
    "video": ("video", frozenset({"video/mp4", "video/3gpp"})),
    "animation": ("video", frozenset({"video/mp4"})),
    "voice": ("audio", frozenset({"audio/ogg"})),
    "audio": ("audio", frozenset({"audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg"})),
}
"""What WhatsApp shows as what it is; everything else goes as a document."""
LARGEST: Final[Mapping[str, int]] = {
    "image": 5 * 1024 * 1024,
    "video": 16 * 1024 * 1024,
    "audio": 16 * 1024 * 1024,
    "document": 100 * 1024 * 1024,
}


@dataclass(frozen=True, slots=True)
class Part:
    """One message to the Cloud API: its type and content, and the file it carries."""

    type: str
    content: Mapping[str, Any] = field(default_factory=dict)
    file: OutboundFile | None = None
    reply_to: str = ""

    @property
    def text(self) -> str:
        """The words a person reads in it."""
        if self.type == "interactive":
            return str(self.content["body"]["text"])
        return str(self.content.get("body") or self.content.get("caption") or "")


Words = Mapping[str, str]


def plan(delivery: Delivery, words: Words) -> list[Part]:
    """The parts a message becomes, the same every time; `words` are the channel's own in that language."""
    message = delivery.message
    told, choices, link = _sorted_out(message.text.strip(), flat(message.buttons))
    text = literal(told)
    parts = [_file_part(file) for file in delivery.files]
    asks = message.ask_location and not (choices or link)
    plain = not (choices or link or asks) and utf16_units(text) <= MAX_CAPTION
    if len(parts) == 1 and parts[0].type in CAPTIONED and plain:
        return _answering([_captioned(parts[0], text)], message.reply_to)
    parts += _worded(text, choices, link, words) if not asks else _asking(text, words)
    if message.ask_location and not asks:
        parts.append(_location_request(words["location_hint"]))
    return _answering(parts, message.reply_to)


def _answering(parts: list[Part], reply_to: str) -> list[Part]:
    return [replace(parts[0], reply_to=reply_to), *parts[1:]] if parts and reply_to else parts


def _sorted_out(text: str, buttons: Sequence[Button]) -> tuple[str, list[Button], Button | None]:
    """Text, choices and a link that can stand as they are; what cannot becomes part of the text."""
    links = [one for one in buttons if one.url]
    choices = [one for one in buttons if not one.url]
    if not all(_pressable(one) for one in choices):
        return with_list(text, (tuple(buttons),)), [], None
    if len(links) == 1 and not choices:
        return text, [], links[0]
    lines = [f"{one.label}: {one.url}" for one in links]
    return "\n".join([text, *lines]).strip(), choices, None


def _pressable(button: Button) -> bool:
    fits = utf16_units(button.label) <= MAX_DESCRIPTION
    return bool(button.label.strip()) and fits and 0 < len(button.payload) <= MAX_ROW_ID


def _worded(text: str, choices: list[Button], link: Button | None, words: Words) -> list[Part]:
    if not choices and link is None:
        return [_text_part(piece) for piece in _pieces(text, CAPABILITIES.max_text)]
    *before, body = _pieces(text, MAX_BODY) or [words["choose"]]
    parts = [_text_part(piece) for piece in before]
    return [*parts, _link_part(body, link)] if link else [*parts, *_menus(body, choices, words)]


def _asking(text: str, words: Words) -> list[Part]:
    *before, body = _pieces(text, MAX_BODY) or [words["location_hint"]]
    return [*(_text_part(piece) for piece in before), _location_request(body)]


def _pieces(text: str, last: int) -> list[str]:
    """The text cut to what one message holds, its last piece to `last` characters."""
    *before, rest = split_text(text, CAPABILITIES.max_text, utf16_units) or [""]
    return [literal(piece) for piece in (*before, *split_text(rest, last, utf16_units))]


def _menus(body: str, choices: list[Button], words: Words) -> Iterator[Part]:
    """Three short choices as buttons, more as a list, more than ten as several lists."""
    labels = [one.label for one in choices]
    short = all(utf16_units(label) <= MAX_BUTTON for label in labels)
    if len(choices) <= MAX_BUTTONS and short and len(set(labels)) == len(labels):
        yield _interactive("button", body, {"buttons": [_reply(one) for one in choices]})
        return
    for start in range(0, len(choices), CAPABILITIES.max_rows):
        rows = [_row(one) for one in choices[start : start + CAPABILITIES.max_rows]]
        action = {"button": words["menu"], "sections": [{"title": words["menu"], "rows": rows}]}
        yield _interactive("list", words["more"] if start else body, action)


def _reply(button: Button) -> dict[str, Any]:
    return {"type": "reply", "reply": {"id": button.payload, "title": button.label}}


def _row(button: Button) -> dict[str, str]:
    title = clip(button.label, MAX_ROW, utf16_units)
    row = {"id": button.payload, "title": title}
    return row if title == button.label else {**row, "description": button.label}


def _interactive(kind: str, body: str, action: Mapping[str, Any]) -> Part:
    return Part("interactive", {"type": kind, "body": {"text": body}, "action": action})


def _link_part(body: str, link: Button) -> Part:
    shown = {"display_text": clip(link.label, MAX_BUTTON, utf16_units), "url": link.url}
    return _interactive("cta_url", body, {"name": "cta_url", "parameters": shown})


def _location_request(body: str) -> Part:
    return _interactive("location_request_message", body, {"name": "send_location"})


def _text_part(text: str) -> Part:
    return Part("text", {"body": text, "preview_url": False})


def _file_part(file: OutboundFile) -> Part:
    kind, mimes = KINDS.get(file.kind, ("document", frozenset()))
    if file.mime not in mimes:
        kind = "document"
    return Part(kind, {"filename": file.name} if kind == "document" and file.name else {}, file)


def _captioned(part: Part, text: str) -> Part:
    return replace(part, content={**part.content, "caption": text}) if text else part


def to_body(part: Part, to: Mapping[str, str], media_id: str = "") -> dict[str, Any]:
    """The body of the call; `to` says whom, `media_id` is the uploaded file's."""
    content = {**part.content, "id": media_id} if media_id else dict(part.content)
    head = {"messaging_product": "whatsapp", "recipient_type": "individual", **to}
    body: dict[str, Any] = {**head, "type": part.type, part.type: content}
    return body | ({"context": {"message_id": part.reply_to}} if part.reply_to else {})
