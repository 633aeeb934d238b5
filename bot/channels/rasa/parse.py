"""From what a Rasa widget posts to an `InboundMessage`; everything in it may be forged."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from dialogs.messages import InboundMessage

NAME: Final = "rasa"
MAX_TEXT: Final = 20_000  # characters
MAX_SENDER: Final = 256
UNGUESSABLE: Final = 16
"""Characters from which on nobody finds a sender's name by trying."""
PAYLOAD = re.compile(r"/(?:SetSlots\(|[A-Za-z]\w*(?:\{|$))")
"""A pressed button comes back as its payload: `/SetSlots(a=b)`, `/intent` or `/intent{"a": "b"}`."""
SURROGATES = re.compile(r"[\ud800-\udfff]")
"""Halves of characters: JSON can name them, but they are no text."""
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
SESSION_START: Final = "/session_start"


class UnreadableError(Exception):
    """What came is no message of Rasa's form; `code` names the sentence that says what to do."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Uttered:
    """What a widget says for a person: the widget's name for them, their words, the page's language."""

    sender: str
    text: str
    language: str = ""


def read_rest(body: Any) -> Uttered:
    """The message in a body of Rasa's REST channel: `{"sender", "message", "metadata"?}`.

    Raises:
        UnreadableError: it is none.
    """
    fields = _mapping(body)
    return Uttered(_sender(fields.get("sender")), _text(fields.get("message")), _language(fields, "metadata"))


def read_event(data: Any, session: str) -> Uttered:
    """The message in a `user_uttered` event of Rasa's socket.io channel: `{"message", "customData"?}`.

    Raises:
        UnreadableError: it is none.
    """
    fields = _mapping(data)
    return Uttered(session, _text(fields.get("message")), _language(fields, "customData"))


def session_named(data: Any) -> str:
    """The session a page wants to go on with in its `session_request`; empty when it has none."""
    wanted = data.get("session_id") if isinstance(data, Mapping) else None
    if not isinstance(wanted, str) or SURROGATES.search(wanted):
        return ""
    return wanted if UNGUESSABLE <= len(wanted) <= MAX_SENDER else ""


def address_of(sender: str) -> str:
    """Where a sender is talked to; their name itself, with which one speaks for them, is kept nowhere."""
    return hashlib.sha256(f"{NAME}:{sender}".encode()).hexdigest()[:32]


def message_of(uttered: Uttered, external_id: str, at: datetime) -> InboundMessage:
    """The message as the house knows it."""
    pressed = bool(PAYLOAD.match(uttered.text))
    return InboundMessage(
        channel=NAME,
        external_id=external_id,
        address=address_of(uttered.sender),
        sent_at=at,
        kind="button" if pressed else "text",
        text=uttered.text,
        button=uttered.text if pressed else "",
        message_ref=external_id,
        language_hint=uttered.language,
    )


def _mapping(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise UnreadableError("malformed")
    return value


def _sender(value: Any) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= MAX_SENDER or SURROGATES.search(value):
        raise UnreadableError("sender")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise UnreadableError("malformed")
    if len(value) > MAX_TEXT:
        raise UnreadableError("too_long")
    text = CONTROLS.sub("", value.replace("\r\n", "\n")).strip()
    if not text:
        raise UnreadableError("empty")
    return text


def _language(fields: Mapping[str, Any], key: str) -> str:
    more = fields.get(key)
    language = more.get("language") if isinstance(more, Mapping) else None
    return SURROGATES.sub("", language)[:8] if isinstance(language, str) else ""
