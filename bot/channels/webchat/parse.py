"""From what the page posts to an `InboundMessage`; everything in it may be forged."""

import re
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from dialogs.messages import Attachment, AttachmentKind, InboundMessage, Location

NAME: Final = "webchat"
MAX_TEXT: Final = 20_000  # characters
MAX_PAYLOAD: Final = 500
MAX_FILES: Final = 10

FARTHEST = 1e7
"""Beyond all degrees and metres; false for what is no number, too."""
CLIENT_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")
REF = re.compile(r"[A-Za-z0-9_.:-]{0,100}")
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
FILE_KINDS: Final[dict[str, AttachmentKind]] = {"image": "photo", "video": "video", "audio": "audio"}


class Refusal(Exception):  # noqa: N818 - what the page is told, not a fault of ours
    """A request that is not served: its HTTP status and the key of the sentence that says what to do."""

    def __init__(self, status: int, code: str, retry_after: float = 0.0) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class Sender:
    """Who posts, in which language the page is read, and when it came."""

    address: str
    language: str
    at: datetime


def parse_message(body: Any, sender: Sender) -> InboundMessage:
    """The message in a JSON body: an id, one of text, button and location, and what it answers.

    Raises:
        Refusal: 400 or 413 for anything else.
    """
    if not isinstance(body, dict):
        raise Refusal(400, "malformed")
    base = _envelope(body, sender)
    if body.get("button") is not None:
        label = clean(body.get("text") or "", MAX_PAYLOAD)
        return replace(base, kind="button", text=label, button=_payload(body["button"]))
    if body.get("location") is not None:
        return replace(base, kind="location", location=_location(body["location"]))
    text = clean(body.get("text"), MAX_TEXT)
    if not text:
        raise Refusal(400, "empty")
    return replace(base, kind="text", text=text)


def parse_files(fields: dict[str, str], files: tuple[Attachment, ...], sender: Sender) -> InboundMessage:
    """The message of an upload: its caption and its files, several of them being one album.

    Raises:
        Refusal: 400 or 413 for anything else.
    """
    base = _envelope(fields, sender)
    if not files:
        raise Refusal(400, "no_files")
    group = fields["id"] if len(files) > 1 else ""
    text = clean(fields.get("text", ""), MAX_TEXT)
    return replace(base, kind="media", text=text, attachments=files, group=group)


def check_client_id(value: Any) -> str:
    """The page's own id of a message.

    Raises:
        Refusal: 400 when it is none.
    """
    if not isinstance(value, str) or not CLIENT_ID.fullmatch(value):
        raise Refusal(400, "malformed")
    return value


def clean(text: Any, most: int) -> str:
    """Text without control characters and outer blanks.

    Raises:
        Refusal: 400 when it is no text, 413 when it is longer than `most` characters.
    """
    if not isinstance(text, str):
        raise Refusal(400, "malformed")
    if len(text) > most:
        raise Refusal(413, "too_long")
    return CONTROLS.sub("", text.replace("\r\n", "\n")).strip()


def file_kind(mime: str) -> AttachmentKind:
    """What a file counts as; pictures that may hold scripts are documents."""
    return "document" if "svg" in mime else FILE_KINDS.get(mime.split("/", maxsplit=1)[0], "document")


def _envelope(fields: dict[str, Any], sender: Sender) -> InboundMessage:
    client_id = check_client_id(fields.get("id"))
    reply_to = fields.get("reply_to") or ""
    if not isinstance(reply_to, str) or not REF.fullmatch(reply_to):
        raise Refusal(400, "malformed")
    return InboundMessage(
        channel=NAME,
        external_id=f"{sender.address}:{client_id}",
        address=sender.address,
        sent_at=sender.at,
        kind="text",
        message_ref=client_id,
        reply_to=reply_to,
        language_hint=sender.language,
    )


def _payload(value: Any) -> str:
    payload = clean(value, MAX_PAYLOAD)
    if not payload:
        raise Refusal(400, "malformed")
    return payload


def _location(value: Any) -> Location:
    if not isinstance(value, dict):
        raise Refusal(400, "bad_location")
    lat, lon = _number(value.get("lat")), _number(value.get("lon"))
    accuracy = _number(value.get("accuracy", 0.0))
    if not (-90 <= lat <= 90 and -180 <= lon <= 180 and accuracy >= 0):
        raise Refusal(400, "bad_location")
    return Location(lat, lon, accuracy)


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < FARTHEST:
        raise Refusal(400, "bad_location")
    return float(value)
