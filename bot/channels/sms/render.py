"""From an outbox message to the texts of SMS: plain letters, numbered choices, cut where it gets too long."""

from collections.abc import Sequence
from typing import Final

from bot.channels.base import Capabilities
from bot.channels.rendering import flat, split_text
from bot.channels.sms.gsm import PART, encoding_of, transliterate, units
from dialogs.messages import Button, OutboundMessage

SEGMENTS: Final = 6
"""Segments of one text at most; a longer message becomes several texts, cut at paragraphs or words."""
CAPABILITIES: Final = Capabilities(
    max_text=SEGMENTS * PART["gsm7"],
    max_buttons=0,
    max_button_label=30,
    sends_photos=False,
    asks_location=False,
    max_download=1,
    receipts=True,
)


def render(message: OutboundMessage, hint: str, files: int = 0, files_hint: str = "") -> list[str]:
    """The texts a message becomes; `hint` goes before its choices, `files_hint` stands in for its files."""
    told = [message.text.strip(), files_hint if files else "", _choices(flat(message.buttons), hint)]
    text = transliterate("\n".join(part for part in told if part))
    room = SEGMENTS * PART[encoding_of(text)]
    return split_text(text, room, units)


def _choices(buttons: Sequence[Button], hint: str) -> str:
    lines = [_line(number, button) for number, button in enumerate(buttons, start=1)]
    return "\n".join([hint, *lines]) if lines else ""


def _line(number: int, button: Button) -> str:
    label = f"{button.label}: {button.url}" if button.url else button.label
    return label if label.split(" ")[0] == str(number) else f"{number} {label}"
