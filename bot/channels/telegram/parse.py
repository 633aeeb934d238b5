"""From Telegram's update to an `InboundMessage`; nothing of Telegram goes further than this file."""

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeAlias

from bot.channels.base import Membership
from bot.channels.telegram import common
from dialogs.messages import Attachment, AttachmentKind, InboundMessage, Location, MessageKind

if TYPE_CHECKING:
    from aiogram import types as full

# Read alike, whether aiogram is there or not.
Update: TypeAlias = "full.Update | common.Update"
Message: TypeAlias = "full.Message | common.Message"
CallbackQuery: TypeAlias = "full.CallbackQuery | common.CallbackQuery"
User: TypeAlias = "full.User | common.User"
PhotoSize: TypeAlias = "full.PhotoSize | common.PhotoSize"

NAME = "telegram"
MAX_DOWNLOAD = 20 * 1024 * 1024  # bytes; what Telegram hands to bots

UPDATE_KINDS = ("message", "edited_message", "callback_query", "my_chat_member")

ADDRESSED = re.compile(r"^(/\w{1,64})@\w+")
DOCUMENT_KINDS: Mapping[str, AttachmentKind] = {"image": "photo", "video": "video", "audio": "audio"}
NOT_PHOTOS = frozenset({"image/svg+xml"})
# Shown to people as content of their own, so it deserves an answer; every other kind is a service notice.
UNREADABLE = frozenset(
    {
        "unknown",
        "story",
        "game",
        "paid_media",
        "invoice",
        "giveaway",
        "checklist",
        "rich_message",
        "passport_data",
    }
)


@dataclass(frozen=True, slots=True)
class Content:
    """What a message carries, apart from who sent it and when."""

    kind: MessageKind
    text: str = ""
    attachments: tuple[Attachment, ...] = ()
    location: Location | None = None


def parse(update: Update, received_at: datetime) -> InboundMessage | None:
    """The message in an update, or None when it holds nothing to answer.

    Groups, channels, reactions, service notices and the steps of a live location are not answered.
    `received_at` stands in where Telegram gives no time (pressed buttons).
    """
    if update.message:
        return _message(update.message, update.update_id)
    if update.edited_message:
        return _edited(update.edited_message, update.update_id)
    if update.callback_query:
        return _button(update.callback_query, update.update_id, received_at)
    return None


def parse_membership(update: Update) -> Membership | None:
    """Whether a person has just blocked or unblocked the bot; None when the update is about other things."""
    change = update.my_chat_member
    if change is None or change.chat.type != "private":
        return None
    reachable = change.new_chat_member.status not in {"kicked", "left"}
    return Membership(NAME, str(change.chat.id), reachable, change.date.astimezone(UTC))


def _message(message: Message, update_id: int) -> InboundMessage | None:
    content = read_content(message)
    if content is None or message.chat.type != "private":
        return None
    return InboundMessage(
        channel=NAME,
        external_id=str(update_id),
        address=str(message.chat.id),
        sent_at=message.date.astimezone(UTC),
        kind=content.kind,
        text=content.text,
        attachments=content.attachments,
        location=content.location,
        message_ref=str(message.message_id),
        reply_to=str(message.reply_to_message.message_id) if message.reply_to_message else "",
        group=message.media_group_id or "",
        forwarded=message.forward_origin is not None,
        sender_name=_name(message.from_user),
        language_hint=_language(message.from_user),
    )


def _edited(message: Message, update_id: int) -> InboundMessage | None:
    # A shared live location is edited every few seconds; its first position has been taken already.
    if message.location:
        return None
    inbound = _message(message, update_id)
    if inbound is None:
        return None
    return replace(inbound, kind="edited", sent_at=_edit_time(message))


def _edit_time(message: Message) -> datetime:
    with suppress(OverflowError, ValueError, OSError):  # a time beyond all years
        if message.edit_date:
            return datetime.fromtimestamp(message.edit_date, UTC)
    return message.date.astimezone(UTC)


def _button(query: CallbackQuery, update_id: int, received_at: datetime) -> InboundMessage | None:
    message = query.message
    if message is None or message.chat.type != "private" or not query.data:
        return None
    return InboundMessage(
        channel=NAME,
        external_id=str(update_id),
        address=str(message.chat.id),
        sent_at=received_at,
        kind="button",
        text=_label(getattr(message, "reply_markup", None), query.data),
        button=query.data,
        reply_to=str(message.message_id),
        sender_name=_name(query.from_user),
        language_hint=_language(query.from_user),
    )


def _label(keyboard: "full.InlineKeyboardMarkup | common.Keyboard | None", data: str) -> str:
    """What the pressed button says, so that a transcript reads well."""
    rows = keyboard.inline_keyboard if keyboard else []
    return next((button.text for row in rows for button in row if button.callback_data == data), "")


def _name(user: "User | None") -> str:
    return user.full_name if user else ""


def _language(user: "User | None") -> str:
    return (user.language_code or "") if user else ""


def read_content(message: Message) -> Content | None:
    """What a message carries; None for service notices."""
    kind = message.content_type
    reader = READERS.get(kind)
    if reader is None:
        return Content("unsupported", message.caption or "") if kind in UNREADABLE else None
    content = reader(message)
    too_large = any(attachment.size > MAX_DOWNLOAD for attachment in content.attachments)
    return replace(content, kind="too_large") if too_large else content


def _text(message: Message) -> Content:
    return Content("text", ADDRESSED.sub(r"\1", message.text or "", count=1))


def _photo(message: Message) -> Content:
    return _media(message, _largest(message.photo or []))


def _live_photo(message: Any) -> Content:
    live: Any = message.live_photo
    return _media(message, _largest(live.photo or message.photo or []))


def _largest(sizes: Sequence[PhotoSize]) -> Attachment | None:
    if not sizes:
        return None
    size = max(sizes, key=lambda one: one.width * one.height)
    return Attachment("photo", size.file_id, "image/jpeg", size.file_size or 0)


def _document(message: Any) -> Content:
    mime = getattr(message.document, "mime_type", None) or ""
    kind = DOCUMENT_KINDS.get(mime.split("/")[0], "document")
    return _file(message, "document", "document" if mime in NOT_PHOTOS else kind)


def _file(message: Message, field: str, kind: AttachmentKind, default_mime: str = "") -> Content:
    file: Any = getattr(message, field)
    mime = getattr(file, "mime_type", None) or default_mime
    name = getattr(file, "file_name", None) or ""
    return _media(message, Attachment(kind, file.file_id, mime, file.file_size or 0, name))


def _media(message: Message, attachment: Attachment | None) -> Content:
    if attachment is None:
        return Content("unsupported", message.caption or "")
    return Content("media", message.caption or "", (attachment,))


def _location(message: Message) -> Content:
    place: Any = message.location
    return Content(
        "location", location=Location(place.latitude, place.longitude, place.horizontal_accuracy or 0.0)
    )


def _venue(message: Any) -> Content:
    venue: Any = message.venue
    point = venue.location
    title = ", ".join(part for part in (venue.title, venue.address) if part)
    return Content("location", location=Location(point.latitude, point.longitude, title=title))


def _sticker(message: Any) -> Content:
    shown: Any = message.sticker or message.dice
    return Content("sticker", shown.emoji or "")


def _contact(message: Any) -> Content:
    """Whom a reply names; one's own contact, and one sent out of the blue, is not kept."""
    shown: Any = message.contact
    own = message.from_user is not None and shown.user_id == message.from_user.id
    if own or message.reply_to_message is None:
        return Content("contact")
    name = " ".join(part for part in (shown.first_name, shown.last_name) if part)
    return Content("contact", f"{name}, {shown.phone_number}")


def _poll(message: Any) -> Content:
    return Content("poll", getattr(message.poll, "question", ""))


READERS: Mapping[str, Callable[[Message], Content]] = {
    "text": _text,
    "photo": _photo,
    "live_photo": _live_photo,
    "video": lambda message: _file(message, "video", "video", "video/mp4"),
    "video_note": lambda message: _file(message, "video_note", "video", "video/mp4"),
    "animation": lambda message: _file(message, "animation", "animation", "video/mp4"),
    "voice": lambda message: _file(message, "voice", "voice", "audio/ogg"),
    "audio": lambda message: _file(message, "audio", "audio", "audio/mpeg"),
    "document": _document,
    "location": _location,
    "venue": _venue,
    "sticker": _sticker,
    "dice": _sticker,
    "contact": _contact,
    "poll": _poll,
}
