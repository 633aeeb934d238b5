"""From a message of ours to the messages a Rasa widget shows."""

from collections.abc import Callable, Iterator
from typing import Any, Final

from bot.channels.base import Delivery
from bot.channels.rasa.capabilities import CAPABILITIES
from bot.channels.rendering import clip, flat, split_text, with_list
from dialogs.messages import Attachment, Button

Say = dict[str, Any]
Address = Callable[[Attachment], str]
"""Gives the URL under which a file that is sent can be seen."""


LEADING: Final = str.maketrans({"[": "\uff3b", "]": "\uff3d", "<": "\u2039"})
"""Widgets read Markdown, some with links that run a script: signs that could begin one give way to others."""


def rest(delivery: Delivery, sender: str, seen_at: Address) -> list[Say]:
    """The message as Rasa's REST channel answers: text, the last with buttons, then a message a file."""
    parts, choices = _fitted(delivery)
    says: list[Say] = [{"text": part} for part in parts]
    if choices:
        says[-1]["buttons"] = [{"title": title, "payload": payload} for title, payload in choices]
    says += [{kind: url} for kind, url in _files(delivery, seen_at)]
    return [{"recipient_id": sender, **say} for say in says]


def socket(delivery: Delivery, seen_at: Address) -> list[Say]:
    """The message as Rasa's socket.io channel says it, the buttons as quick replies."""
    parts, choices = _fitted(delivery)
    says: list[Say] = [{"text": part} for part in parts]
    if choices:
        says[-1]["quick_replies"] = [
            {"content_type": "text", "title": title, "payload": payload} for title, payload in choices
        ]
    for kind, url in _files(delivery, seen_at):
        shown = {"attachment": {"type": "image", "payload": {"src": url}}}
        says.append(shown if kind == "image" else {"text": url})
    return says


def _fitted(delivery: Delivery) -> tuple[list[str], list[tuple[str, str]]]:
    """Text in parts, and choices; links, and more choices than a widget shows well, stand in the text."""
    message = delivery.message
    buttons = flat(message.buttons)
    if len(buttons) > CAPABILITIES.max_buttons:
        told = with_list(message.text, message.buttons).translate(LEADING)
        return split_text(told, CAPABILITIES.max_text), []
    links = "\n".join(f"{one.label}: {one.url}" for one in buttons if one.url)
    text = "\n\n".join(part for part in (message.text.strip(), links) if part).translate(LEADING)
    choices = [_pressed(one) for one in buttons if not one.url]
    return split_text(text, CAPABILITIES.max_text) or [""] * bool(choices), choices


def _pressed(button: Button) -> tuple[str, str]:
    return clip(button.label, CAPABILITIES.max_button_label), button.payload


def _files(delivery: Delivery, seen_at: Address) -> Iterator[tuple[str, str]]:
    for one in delivery.message.attachments:
        yield ("image" if one.kind == "photo" else "attachment"), seen_at(one)
