"""Words, files and buttons as calls of the Bot API, within its limits."""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby
from typing import Any

from telegram import (
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputFile,
    InputMediaAudio,
    InputMediaDocument,
    InputMediaPhoto,
    InputMediaVideo,
    LinkPreviewOptions,
    Message,
    ReplyParameters,
)
from telegram.constants import ParseMode

from bot.channels.base import OutboundFile
from bot.channels.rendering import clip, split_text, utf16_units
from bot.channels.sending import content_of
from bot.operator.client import StaffBot
from bot.operator.payloads import Prompt
from dialogs.messages import Button

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
"""To show one, Telegram would open the address: what a citizen sent, or what a leader alone is to see."""
MAX_TEXT = 4096
MAX_CAPTION = 1024
MAX_ALBUM = 10
MAX_LABEL = 64
MIXES = {"photo": "seen", "video": "seen", "audio": "audio", "document": "document"}
ALBUM: dict[str, Any] = {
    "photo": InputMediaPhoto,
    "video": InputMediaVideo,
    "audio": InputMediaAudio,
    "document": InputMediaDocument,
}

Part = Callable[[], Awaitable[list[Message]]]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a message goes: chat, topic, the message it hangs under, and whom it turns to (id, name)."""

    chat: int
    thread: int | None = None
    reply_to: str = ""
    mention: tuple[str, str] = ("", "")

    def arguments(self) -> dict[str, Any]:
        """What every sending method is told about it."""
        given: dict[str, Any] = {"chat_id": self.chat, "message_thread_id": self.thread}
        if self.reply_to.isdigit():
            given["reply_parameters"] = ReplyParameters(int(self.reply_to), allow_sending_without_reply=True)
        return given


@dataclass(frozen=True, slots=True)
class Post:
    """What is to be written: words, files, buttons, and the question it asks if it asks one."""

    text: str
    files: tuple[OutboundFile, ...] = ()
    buttons: tuple[tuple[Button, ...], ...] = ()
    prompt: Prompt | None = None


def write(bot: StaffBot, post: Post, place: Place, sent: int = 0) -> Iterator[Part]:
    """The calls that make up a post, without those that brought the first `sent` messages."""
    for part, size in _parts(bot, post, place):
        if sent >= size:
            sent -= size
        else:
            yield part


def _parts(bot: StaffBot, post: Post, place: Place) -> Iterator[tuple[Part, int]]:
    albums = list(_albums(post.files))
    texts = split_text(post.text, MAX_TEXT, utf16_units)
    markup = keyboard(post.buttons) or _force_reply(post, place)
    caption = post.text if _fits_caption(post, albums) and markup is None else ""
    for album in albums:
        yield _album(bot, album, place, caption), len(album)
    for place_in_text, text in enumerate([] if caption else texts, 1):
        yield _text(bot, text, place, markup if place_in_text == len(texts) else None), 1


def _fits_caption(post: Post, albums: Sequence[Sequence[OutboundFile]]) -> bool:
    return len(albums) == 1 and utf16_units(post.text) <= MAX_CAPTION


def _albums(files: Sequence[OutboundFile]) -> Iterator[list[OutboundFile]]:
    """Files in order, put together as far as Telegram shows them together."""
    for mix, group in groupby(files, key=lambda file: MIXES.get(file.kind, "")):
        together = list(group)
        size = MAX_ALBUM if mix else 1
        yield from (together[at : at + size] for at in range(0, len(together), size))


def _text(bot: StaffBot, text: str, place: Place, markup: Any) -> Part:
    html = mentioned(text, *place.mention)

    async def send() -> list[Message]:
        return [
            await bot.send_message(
                text=html,
                parse_mode=ParseMode.HTML,
                reply_markup=markup,
                link_preview_options=NO_PREVIEW,
                **place.arguments(),
            )
        ]

    return send


def mentioned(text: str, user: str, name: str) -> str:
    """The text as HTML; where it names the person, it calls them."""
    html = escape(text, quote=False)
    called = escape(name, quote=False)
    if user and called in html:
        return html.replace(called, f'<a href="tg://user?id={user}">{called}</a>', 1)
    return html


def _force_reply(post: Post, place: Place) -> ForceReply | None:
    """Opens the answer for whoever was asked; in groups only for the one the text turns to."""
    if post.prompt is None:
        return None
    user, name = place.mention
    return ForceReply(selective=place.chat < 0 and bool(user) and name in post.text)


def keyboard(rows: Sequence[Sequence[Button]]) -> InlineKeyboardMarkup | None:
    """The buttons as Telegram wants them; None when there are none."""
    made = [[_button(button) for button in row] for row in rows if row]
    return InlineKeyboardMarkup(made) if made else None


def _button(button: Button) -> InlineKeyboardButton:
    label = clip(button.label, MAX_LABEL)
    if button.url:
        return InlineKeyboardButton(label, url=button.url)
    return InlineKeyboardButton(label, callback_data=button.payload)


def _album(bot: StaffBot, files: Sequence[OutboundFile], place: Place, caption: str) -> Part:
    async def send() -> list[Message]:
        contents = [await content_of(file) for file in files]
        if len(files) == 1:
            return [await _single(bot, files[0], contents[0], place, caption)]
        media = [
            ALBUM[file.kind](InputFile(content, filename=_name(file), attach=True), caption=words)
            for file, content, words in zip(
                files, contents, [caption or None, *[None] * len(files)], strict=False
            )
        ]
        return list(await bot.send_media_group(media=media, **place.arguments()))

    return send


async def _single(bot: StaffBot, file: OutboundFile, content: bytes, place: Place, caption: str) -> Message:
    kind = file.kind if hasattr(bot, f"send_{file.kind}") else "document"
    send: Any = getattr(bot, f"send_{kind}")
    given = {kind: InputFile(content, filename=_name(file))}
    sent: Message = await send(caption=caption or None, **given, **place.arguments())
    return sent


def _name(file: OutboundFile) -> str:
    return file.name or file.kind
