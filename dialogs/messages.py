"""What goes in and out of a conversation, the same for every channel."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

MessageKind = Literal[
    "text",
    "button",
    "media",
    "location",
    "contact",
    "sticker",
    "poll",
    "edited",
    "deleted",
    "unsupported",
    "too_large",
    "refused",
]
NEAR = "near:"
"""A group that begins so is of a channel that knows no albums: files sent within seconds belong together."""
AttachmentKind = Literal["photo", "video", "voice", "audio", "document", "animation"]


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file a person sent or is to be sent.

    `ref` is the channel's own handle (a Telegram file_id, an upload's name); `media_id` is set once the
    file is kept by us. `size` is in bytes, 0 when the channel does not tell.
    """

    kind: AttachmentKind
    ref: str
    mime: str = ""
    size: int = 0
    name: str = ""
    media_id: str = ""


@dataclass(frozen=True, slots=True)
class Location:
    """A pin: WGS 84 degrees, accuracy in metres (0 when unknown), the venue's title if it has one."""

    lat: float
    lon: float
    accuracy: float = 0.0
    title: str = ""


@dataclass(frozen=True, slots=True)
class InboundMessage:
    """One message from a person, cleaned of everything that belongs to its platform.

    Of kind `refused` it is no person's: a file they sent turned out not to be one that can be taken; the text
    is why.

    `external_id` makes it unique within its channel; `message_ref` is the platform's id of the message
    itself (an edit keeps it, its external_id differs); `reply_to` is the `message_ref` it answers;
    `group` ties the photos of an album together, or the pieces of a long text, this being the `part`-th of
    `parts`; `button` is the payload of a pressed button.
    """

    channel: str
    external_id: str
    address: str
    sent_at: datetime
    kind: MessageKind
    text: str = ""
    attachments: tuple[Attachment, ...] = ()
    location: Location | None = None
    button: str = ""
    message_ref: str = ""
    reply_to: str = ""
    group: str = ""
    forwarded: bool = False
    sender_name: str = ""
    language_hint: str = ""
    part: int = 0
    parts: int = 0


@dataclass(frozen=True, slots=True)
class Button:
    """A choice under a message: what it says and what pressing it means (`/intent` or `/SetSlots(a=b)`)."""

    label: str
    payload: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class OutboundMessage:
    """One message to a person, in plain text; the channel's render step fits it to what the channel can do.

    `buttons` come in rows; `response` names the text it was made from; `ticket` is the report it is about,
    so that an answer to it finds the way back; `values` are the words it was filled with, by name, for
    channels that must say some messages in words approved beforehand.
    """

    text: str
    buttons: tuple[tuple[Button, ...], ...] = ()
    attachments: tuple[Attachment, ...] = ()
    ask_location: bool = False
    response: str = ""
    ticket: str = ""
    reply_to: str = ""
    values: tuple[tuple[str, str], ...] = ()
