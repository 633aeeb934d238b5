"""Reading what operators send: albums put together, and a message's words and files."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from telegram import Message, Update

from dialogs.messages import Attachment, AttachmentKind, Location
from storage.talks.inbox import Waiting
from storage.talks.setback import left

ALBUM_QUIET = timedelta(seconds=0.8)
"""An album's parts come as updates of their own; it is whole once none followed for this long."""
MAX_DOWNLOAD = 20 * 1024 * 1024  # bytes; what Telegram hands to bots
ALBUM = "kentongan_album"
"""Where the further updates of an album travel inside the first one, as the library keeps unknown fields."""
KINDS: tuple[AttachmentKind, ...] = ("animation", "video", "voice", "audio", "document")


@dataclass(frozen=True, slots=True)
class Gathered:
    """The oldest waiting updates that belong together, and how long to wait for more of them."""

    rows: tuple[Waiting, ...]
    wait: timedelta

    @property
    def raw(self) -> dict[str, Any]:
        """One update in Telegram's form; further parts of an album travel inside it."""
        first, *more = (row.payload for row in self.rows)
        return {**first, ALBUM: more} if more else dict(first)


def gather(waiting: Sequence[Waiting], now: datetime) -> Gathered:
    """The next update to answer, an album as a whole; `waiting` is not empty."""
    first = waiting[0]
    album = _album(first)
    if not album:
        return Gathered((first,), timedelta(0))
    parts = tuple(row for row in waiting if _album(row) == album)
    return Gathered(parts, left(parts[-1].received_at + ALBUM_QUIET, ALBUM_QUIET, now))


def _album(row: Waiting) -> str:
    message = row.payload.get("message")
    return str(message.get("media_group_id") or "") if isinstance(message, dict) else ""


def _rest(update: Update) -> list[dict[str, Any]]:
    return list(update.api_kwargs.get(ALBUM, ()))


def update_ids(update: Update) -> tuple[str, ...]:
    """The ids of all updates this one stands for."""
    return (str(update.update_id), *(str(part["update_id"]) for part in _rest(update)))


@dataclass(frozen=True, slots=True)
class Words:
    """What an operator said: text, files, and what of it cannot be passed on (`too_large`, `unreadable`)."""

    text: str
    files: tuple[Attachment, ...] = ()
    problem: str = ""


def read_words(update: Update) -> Words:
    """The words and files of a message or album; files are named after their update."""
    messages = [update.effective_message, *(Message.de_json(part["message"]) for part in _rest(update))]
    parts = [
        _read(message, f"operator-{number}")
        for message, number in zip(messages, update_ids(update), strict=True)
        if message is not None
    ]
    text = "\n".join(part.text for part in parts if part.text)
    files = tuple(file for part in parts for file in part.files)
    problem = next((part.problem for part in parts if part.problem), "")
    return Words(text, files, problem)


def _read(message: Message, media_id: str) -> Words:
    text = message.text or message.caption or ""
    file = _file(message, media_id)
    if file is None:
        return Words(text, problem="" if text else "unreadable")
    return Words(text, (file,), "too_large" if file.size > MAX_DOWNLOAD else "")


def pin_of(message: Message) -> Location | None:
    """The place a message points at, if it is a pin."""
    pin = message.location
    if pin is None:
        return None
    title = message.venue.title if message.venue else ""
    return Location(pin.latitude, pin.longitude, pin.horizontal_accuracy or 0.0, title)


def _file(message: Message, media_id: str) -> Attachment | None:
    if message.photo:
        photo = message.photo[-1]
        return Attachment("photo", photo.file_id, "image/jpeg", photo.file_size or 0, media_id=media_id)
    found = next(((kind, getattr(message, kind)) for kind in KINDS if getattr(message, kind)), None)
    if found is None:
        return None
    kind, file = found
    mime, name = file.mime_type or "", getattr(file, "file_name", None) or ""
    return Attachment(kind, file.file_id, mime, file.file_size or 0, name, media_id)
