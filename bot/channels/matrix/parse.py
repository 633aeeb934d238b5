"""From an event of a Matrix room to an `InboundMessage`; everything in it may be forged."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

from dialogs.messages import Attachment, AttachmentKind, InboundMessage, Location, MessageKind

NAME: Final = "matrix"
MAX_TEXT: Final = 20_000  # characters
FILES: Final[Mapping[str, AttachmentKind]] = {
    "m.image": "photo",
    "m.video": "video",
    "m.audio": "audio",
    "m.file": "document",
}
OTHER: Final[Mapping[str, MessageKind]] = {
    "m.sticker": "sticker",
    "m.poll.start": "poll",
    "org.matrix.msc3381.poll.start": "poll",
    "m.room.encrypted": "unsupported",
    "m.call.invite": "unsupported",
    "m.beacon_info": "unsupported",
    "org.matrix.msc3672.beacon_info": "unsupported",
}
GEO = re.compile(r"geo:(-?\d{1,2}(?:\.\d+)?),(-?\d{1,3}(?:\.\d+)?)(?:,[-\d.]+)?(?:;u=(\d+(?:\.\d+)?))?")
QUOTED = re.compile(r"\A(?:> .*\n)+\n")
"""What older clients put above a reply: the words replied to."""


def parse(room: str, event: Mapping[str, Any], most: int) -> InboundMessage | None:
    """The message in an event, None for what is none; files may have at most `most` bytes."""
    base, content = _envelope(room, event), _mapping(event.get("content"))
    if base is None:
        return None
    kind = OTHER.get(str(event.get("type")))
    if kind is not None and content.get("live") is not False:  # the end of a shared position is no news
        return replace(base, kind=kind)
    if event.get("type") != "m.room.message" or not content:  # what was deleted is empty
        return None
    changed = _mapping(content.get("m.new_content"))
    if changed and _mapping(content.get("m.relates_to")).get("rel_type") == "m.replace":
        original = str(_mapping(content["m.relates_to"]).get("event_id", ""))
        return replace(_read(base, changed, most), kind="edited", message_ref=original)
    return _read(base, content, most) if content.get("msgtype") != "m.notice" else None


def _envelope(room: str, event: Mapping[str, Any]) -> InboundMessage | None:
    ref, at = event.get("event_id"), event.get("origin_server_ts")
    if not isinstance(ref, str) or not ref or not isinstance(at, int):
        return None
    relation = _mapping(_mapping(event.get("content")).get("m.relates_to"))
    try:
        sent_at = datetime.fromtimestamp(at / 1000, UTC)
    except (OverflowError, ValueError, OSError):
        return None
    return InboundMessage(
        channel=NAME,
        external_id=ref,
        address=room,
        sent_at=sent_at,
        kind="text",
        message_ref=ref,
        reply_to=_answered(relation),
    )


def _answered(relation: Mapping[str, Any]) -> str:
    """The event a message answers; in a thread without a reply of its own that which the thread hangs on."""
    if relation.get("rel_type") == "m.thread" and relation.get("is_falling_back"):
        return str(relation.get("event_id") or "")
    return str(_mapping(relation.get("m.in_reply_to")).get("event_id", ""))


def _read(base: InboundMessage, content: Mapping[str, Any], most: int) -> InboundMessage:
    kind, body = str(content.get("msgtype")), content.get("body")
    text = body if isinstance(body, str) else ""
    if base.reply_to:
        text = QUOTED.sub("", text)
    if kind == "m.location":
        return _located(base, content, text)
    if kind in FILES:
        return _filed(base, content, most)
    if kind not in {"m.text", "m.emote"} or not text.strip():
        return replace(base, kind="unsupported")
    return replace(base, text=text[:MAX_TEXT].strip())


def _located(base: InboundMessage, content: Mapping[str, Any], text: str) -> InboundMessage:
    found = GEO.match(str(content.get("geo_uri", "")))
    if found is None or abs(float(found[1])) > 90 or abs(float(found[2])) > 180:
        return replace(base, kind="unsupported")
    pin = Location(float(found[1]), float(found[2]), float(found[3] or 0), text[:100])
    return replace(base, kind="location", location=pin)


def _filed(base: InboundMessage, content: Mapping[str, Any], most: int) -> InboundMessage:
    info, url = _mapping(content.get("info")), content.get("url")
    if not isinstance(url, str):  # an encrypted file has none
        return replace(base, kind="unsupported")
    told = info.get("size")
    size = told if isinstance(told, int) else 0
    if size > most:
        return replace(base, kind="too_large")
    name, body = content.get("filename"), str(content.get("body") or "")
    kind = FILES[str(content["msgtype"])]
    voice = kind == "audio" and "org.matrix.msc3245.voice" in content
    file = Attachment(
        kind="voice" if voice else kind,
        ref=url,
        mime=str(info.get("mimetype") or "")[:100],
        size=size,
        name=str(name or body)[:200],
    )
    # With a file name of its own, the body is a caption.
    caption = body if isinstance(name, str) and name != body else ""
    return replace(base, kind="media", attachments=(file,), text=caption[:MAX_TEXT].strip())


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
