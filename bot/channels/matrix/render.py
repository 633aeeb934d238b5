"""From a message of ours to events of a Matrix room: words with choices to answer by number, then files."""

from collections.abc import Mapping
from typing import Any, Final

from bot.channels.base import Delivery, OutboundFile
from bot.channels.matrix.capabilities import CAPABILITIES
from bot.channels.rendering import flat, split_text, with_list

TYPES: Final[Mapping[str, str]] = {
    "photo": "m.image",
    "animation": "m.image",
    "video": "m.video",
    "voice": "m.audio",
    "audio": "m.audio",
}


def words(delivery: Delivery) -> list[Mapping[str, Any]]:
    """The events of a message's words; the first hangs under what it replies to."""
    message = delivery.message
    text = with_list(message.text, message.buttons) if flat(message.buttons) else message.text
    events: list[dict[str, Any]] = [
        {"msgtype": "m.text", "body": part} for part in split_text(text, CAPABILITIES.max_text)
    ]
    if events and message.reply_to.startswith("$"):
        events[0]["m.relates_to"] = {"m.in_reply_to": {"event_id": message.reply_to}}
    return [*events]


def file(one: OutboundFile, mxc: str, size: int) -> Mapping[str, Any]:
    """The event of a file kept at the homeserver; size in bytes."""
    name = one.name or {"photo": "foto.jpg"}.get(one.kind, "berkas")
    info = {"mimetype": one.mime, "size": size}
    return {"msgtype": TYPES.get(one.kind, "m.file"), "body": name, "url": mxc, "info": info}
