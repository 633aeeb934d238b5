"""What people write, without the signs nobody sees."""

from dataclasses import replace

from dialogs.messages import InboundMessage
from nlu.unseen import UNSEEN, visible


def plainly(message: InboundMessage) -> InboundMessage:
    """The message with nothing unseen in its words and names; words of nothing else stay, to be answered."""
    place = message.location.title if message.location else ""
    words = (message.text, message.sender_name, place, *(one.name for one in message.attachments))
    if not any(map(UNSEEN.search, words)):
        return message
    text = visible(message.text)
    named = tuple(replace(one, name=visible(one.name)) for one in message.attachments)
    kept = text if text.strip() else message.text
    pin = replace(message.location, title=visible(place)) if message.location else None
    sender = visible(message.sender_name)
    return replace(message, text=kept, sender_name=sender, attachments=named, location=pin)
