"""From a line of the chat to what the page reads."""

from typing import Any

import orjson

from bot.channels.rendering import Rows, clip, flat, with_list
from bot.channels.webchat.capabilities import CAPABILITIES
from bot.channels.webchat.lines import ChatLine, Cursor
from dialogs.messages import Attachment, Button


def render(line: ChatLine) -> dict[str, Any]:
    """The line as JSON values; the page builds text nodes from it, never markup."""
    text, rows = fitted(line)
    return {
        "seq": line.seq,
        "from": line.from_,
        "text": text,
        "at": line.at.isoformat(),
        "state": line.state,
        "buttons": [[_button(button) for button in row] for row in rows],
        "files": [_file(attachment) for attachment in line.attachments],
        "location": {"lat": line.location.lat, "lon": line.location.lon} if line.location else None,
        "ask_location": line.ask_location,
        "ref": line.ref,
        "id": line.client_id,
        "reply_to": line.reply_to,
    }


def fitted(line: ChatLine) -> tuple[str, Rows]:
    """Text and buttons within what the page shows well; too many buttons become a numbered list."""
    text, rows = line.text, line.buttons
    if len(flat(rows)) > CAPABILITIES.max_buttons:
        text, rows = with_list(text, rows), ()
    return clip(text, CAPABILITIES.max_text), rows


def event(line: ChatLine, cursor: Cursor) -> bytes:
    """One server-sent event; its id is where to go on from."""
    return b"id: %s\ndata: %s\n\n" % (str(cursor).encode(), orjson.dumps(render(line)))


def _button(button: Button) -> dict[str, str]:
    label = clip(button.label, CAPABILITIES.max_button_label)
    return {"label": label, "payload": button.payload, "url": button.url}


def _file(attachment: Attachment) -> dict[str, Any]:
    ref = attachment.media_id or attachment.ref
    return {"ref": ref, "kind": attachment.kind, "mime": attachment.mime, "name": attachment.name}
