"""What people write, without the signs nobody sees."""

import re
from dataclasses import replace

from dialogs.messages import InboundMessage

UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]"
)
"""Controls, signs that turn the direction of what stands after them, and spaces of no width.

They would turn around the words of a card behind a citizen's own, and part words from the lists they are in.
What joins an emoji's parts stays.
"""


def plainly(message: InboundMessage) -> InboundMessage:
    """The message with nothing unseen in its words and names; words of nothing else stay, to be answered."""
    words = (message.text, message.sender_name, *(one.name for one in message.attachments))
    if not any(map(UNSEEN.search, words)):
        return message
    text = visible(message.text)
    named = tuple(replace(one, name=visible(one.name)) for one in message.attachments)
    kept = text if text.strip() else message.text
    return replace(message, text=kept, sender_name=visible(message.sender_name), attachments=named)


def visible(text: str) -> str:
    """A text without what nobody sees."""
    return UNSEEN.sub("", text)
