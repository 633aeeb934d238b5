"""From one entry of the webhook to what was said and what was seen; nothing of it goes further."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from bot.channels.base import Receipt, SeenUntil
from bot.channels.graph.reading import Content, Fields, fields, items, moment, position, text
from dialogs.messages import Attachment, AttachmentKind, InboundMessage, Location

OURS: Final = "/"
"""How the payloads of our buttons begin."""
START: Final = frozenset({"GET_STARTED", "get_started"})
FILES: Final[Mapping[str, tuple[AttachmentKind, str]]] = {
    "image": ("photo", "image/jpeg"),
    "video": ("video", "video/mp4"),
    "audio": ("voice", "audio/mp4"),
    "file": ("document", ""),
    "story_mention": ("photo", ""),
}
"""What can be kept as evidence. The type is a guess: Meta names none."""
LINKS: Final = frozenset({"share", "fallback", "post", "ig_post", "reel", "ig_reel"})
"""Things of theirs that people pass on: their address is all we get."""
LIKES: Final = frozenset({"like_heart"})


@dataclass(frozen=True, slots=True)
class Entry:
    """Everything in one entry, in its order."""

    messages: tuple[InboundMessage, ...]
    receipts: tuple[Receipt | SeenUntil, ...]


def parse(channel: str, account: str, entry: Fields, received_at: datetime) -> Entry:
    """What an entry tells; events meant for another account of ours are left alone."""
    events = [one for one in items(entry.get("messaging")) if _for(account, one)]
    said = (_said(channel, one, received_at) for one in events)
    seen = (receipt for one in events for receipt in _seen(channel, one, received_at))
    return Entry(tuple(one for one in said if one), tuple(seen))


def _for(account: str, event: Fields) -> bool:
    return text(fields(event.get("recipient")).get("id")) == account and bool(_sender(event))


def _sender(event: Fields) -> str:
    return text(fields(event.get("sender")).get("id"))


def _said(channel: str, event: Fields, received_at: datetime) -> InboundMessage | None:
    message, postback = fields(event.get("message")), fields(event.get("postback"))
    edit = fields(event.get("message_edit"))
    if message.get("is_echo"):
        return None
    sent_at = moment(event.get("timestamp"), received_at)
    base = InboundMessage(channel, "", _sender(event), sent_at, "text")
    if message:
        return _filled(base, event, text(message.get("mid")), read_content(message), message)
    if postback:
        return _filled(base, event, text(postback.get("mid")), _postback(postback), postback)
    if edit:
        once = f"{text(edit.get('mid'))}-edit-{text(edit.get('num_edit'))}"
        content = Content("edited", text(edit.get("text")))
        return replace(_filled(base, event, once, content, edit), message_ref=text(edit.get("mid")))
    return None


def _filled(
    base: InboundMessage, event: Fields, ref: str, content: Content, holder: Fields
) -> InboundMessage:
    unsent = f"{ref}-unsent" if content.kind == "deleted" else ref
    return replace(
        base,
        external_id=unsent or _digest(event),
        message_ref=ref,
        kind=content.kind,
        text=content.text,
        attachments=content.attachments,
        location=content.location,
        button=content.button,
        reply_to=text(fields(holder.get("reply_to")).get("mid")),
        group=ref if len(content.attachments) > 1 else "",
    )


def _digest(event: Fields) -> str:
    return hashlib.sha256(json.dumps(event, sort_keys=True).encode()).hexdigest()


def read_content(message: Fields) -> Content:
    """What a message carries; whatever cannot be read is `unsupported`, never an error."""
    words = text(message.get("text"))
    if message.get("is_deleted"):
        return Content("deleted")
    payload = text(fields(message.get("quick_reply")).get("payload"))
    if payload:
        return _pressed(payload, words)
    attached = items(message.get("attachments"))
    if attached:
        return _attached(words, attached)
    return Content("text", words) if words else Content("unsupported")


def _pressed(payload: str, label: str) -> Content:
    if payload in START:
        return Content("text", "/start")
    if payload.startswith(OURS):
        return Content("button", label, button=payload)
    return Content("text", label or payload)


def _postback(postback: Fields) -> Content:
    return _pressed(text(postback.get("payload")), text(postback.get("title")))


def _attached(words: str, attached: list[Fields]) -> Content:
    pin = next((one for one in map(_pin, attached) if one), None)
    files = tuple(file for one in attached for file in _file(one))
    if files:
        return Content("media", words, files)
    if pin:
        return Content("location", words, location=pin)
    if any(text(one.get("type")) in LIKES or _payload(one).get("sticker_id") for one in attached):
        return Content("sticker", words)
    links = [link for one in attached if text(one.get("type")) in LINKS for link in _link(one)]
    told = "\n".join([words, *links]).strip()
    return Content("text", told) if told else Content("unsupported")


def _payload(attachment: Fields) -> Fields:
    return fields(attachment.get("payload"))


def _file(attachment: Fields) -> Iterator[Attachment]:
    known = FILES.get(text(attachment.get("type")))
    url = text(_payload(attachment).get("url"))
    if known and url.startswith(("https://", "http://")) and not _payload(attachment).get("sticker_id"):
        yield Attachment(known[0], url, known[1])


def _pin(attachment: Fields) -> Location | None:
    if text(attachment.get("type")) != "location":
        return None
    place = fields(_payload(attachment).get("coordinates"))
    return position(place.get("lat"), place.get("long"), text(attachment.get("title")))


def _link(attachment: Fields) -> Iterator[str]:
    payload = _payload(attachment)
    parts = [
        text(payload.get("title") or attachment.get("title")),
        text(payload.get("url") or attachment.get("url")),
    ]
    if any(parts):
        yield " ".join(part for part in parts if part)


def _seen(channel: str, event: Fields, received_at: datetime) -> Iterator[Receipt | SeenUntil]:
    address = _sender(event)
    at = moment(event.get("timestamp"), received_at)
    delivery, read = fields(event.get("delivery")), fields(event.get("read"))
    mids = delivery.get("mids")
    for mid in mids if isinstance(mids, list) else ():
        if text(mid):
            yield Receipt(channel, address, text(mid), "delivered", at)
    if delivery and not mids:
        yield SeenUntil(channel, address, "delivered", moment(delivery.get("watermark"), at))
    if text(read.get("mid")):
        yield Receipt(channel, address, text(read.get("mid")), "read", at)
    elif read:
        yield SeenUntil(channel, address, "read", moment(read.get("watermark"), at))
