"""From what a gateway hands over to an `InboundMessage`; everything in it may be malformed."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from bot.channels.sms.numbers import canonical
from dialogs.messages import NEAR, Attachment, InboundMessage

NAME: Final = "sms"
MAX_TEXT: Final = 5_000
ONE_LINE = re.compile(r"\s*lapor\s*[#:;,.*/-]\s*(?=\S)", re.IGNORECASE)
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Piece:
    """Which part of a long text this is, as the header of a segment says: the `part`-th of `parts`."""

    reference: str
    part: int
    parts: int


@dataclass(frozen=True, slots=True)
class Sms:
    """One SMS as the gateway gave it, with the files of an MMS; `id` is the gateway's own, if any.

    With `data` it is meant for a program on a phone, and what stands for its text are no words.
    """

    sender: str
    text: str
    at: datetime
    id: str = ""
    piece: Piece | None = None
    files: tuple[Attachment, ...] = ()
    data: bool = False


def parse(sms: Sms, country: str) -> InboundMessage | None:
    """The message in an SMS; None when it comes from a name, which nobody can answer."""
    address = canonical(sms.sender, country)
    if not address:
        return None
    text = "" if sms.data else CONTROLS.sub("", sms.text)[:MAX_TEXT]
    message = InboundMessage(
        channel=NAME,
        external_id=_unique(sms, address),
        address=address,
        sent_at=sms.at,
        kind="unsupported" if sms.data else "media" if sms.files else "text",
        text=one_line(text),
        attachments=sms.files,
        group=f"{NEAR}{sms.at.timestamp():.0f}" if sms.files else "",
    )
    if sms.piece is None or sms.data:
        return message
    group = f"{sms.piece.reference}/{sms.piece.parts}"
    text = ONE_LINE.sub("LAPOR ", text, count=1).replace("#", ", ") if ONE_LINE.match(text) else text
    return replace(message, text=text, group=group, part=sms.piece.part, parts=sms.piece.parts)


def one_line(text: str) -> str:
    """The text with the old form `LAPOR#place#story` written as words; any other as it is."""
    found = ONE_LINE.match(text)
    if not found:
        return text
    parts = (part.strip() for part in text[found.end() :].split("#"))
    return f"LAPOR {', '.join(part for part in parts if part)}"


def read_header(header: bytes) -> Piece | None:
    """The piece a user data header tells of (3GPP TS 23.040, 9.2.3.24.1 and .8), if it tells of one."""
    for kind, body in _elements(header):
        if kind in {0x00, 0x08} and len(body) in {3, 4}:
            parts, part = body[-2], body[-1]
            return Piece(body[:-2].hex(), part, parts) if 0 < part <= parts and parts > 1 else None
    return None


def is_for_a_program(header: bytes) -> bool:
    """Whether the header names a port (the same, .3 and .4): it comes with a card or a picture, no words."""
    return any(kind in {0x04, 0x05} for kind, _ in _elements(header))


def _elements(header: bytes) -> Iterator[tuple[int, bytes]]:
    """What the header consists of, by kind; an element that is cut off is left out."""
    at = 1
    while at + 1 < len(header):
        kind, length = header[at], header[at + 1]
        body = header[at + 2 : at + 2 + length]
        if len(body) == length:
            yield kind, body
        at += 2 + length


def _unique(sms: Sms, address: str) -> str:
    """The gateway's id; without one, the same text at the same moment counts as the same SMS."""
    if sms.id:
        return sms.id[:100]
    told = "\n".join((address, sms.at.isoformat(), sms.text, str(sms.piece)))
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:32]
