"""The calls that send a part with files, as aiogram knows them."""

from collections.abc import Mapping, Sequence
from typing import Any

from aiogram.methods import (
    SendAnimation,
    SendAudio,
    SendDocument,
    SendMediaGroup,
    SendPhoto,
    SendVideo,
    SendVoice,
    TelegramMethod,
)
from aiogram.types import (
    BufferedInputFile,
    InputMediaAudio,
    InputMediaDocument,
    InputMediaPhoto,
    InputMediaVideo,
)

from bot.channels.telegram.render import Fields, Part, markup, where

Method = TelegramMethod[Any]

SINGLE: Mapping[str, tuple[type[Method], str]] = {
    "photo": (SendPhoto, "photo"),
    "video": (SendVideo, "video"),
    "voice": (SendVoice, "voice"),
    "audio": (SendAudio, "audio"),
    "animation": (SendAnimation, "animation"),
    "document": (SendDocument, "document"),
}
ALBUM: Mapping[str, type[Any]] = {
    "photo": InputMediaPhoto,
    "video": InputMediaVideo,
    "audio": InputMediaAudio,
    "document": InputMediaDocument,
}


def to_method(chat_id: int, part: Part, contents: Sequence[bytes], location_label: str) -> Method:
    """The call that sends a part with files; `contents` are their bytes."""
    around = where(chat_id, part)
    if len(part.files) > 1:
        return SendMediaGroup(media=_media(part, contents), **around)
    return _single(part, contents[0], {**around, **markup(part, location_label)})


def _single(part: Part, content: bytes, common: Fields) -> Method:
    file = part.files[0]
    method, field = SINGLE.get(file.kind, SINGLE["document"])
    if part.text:
        common["caption"] = part.text
    common[field] = BufferedInputFile(content, filename=file.name or field)
    return method(**common)


def _media(part: Part, contents: Sequence[bytes]) -> list[Any]:
    captions = [part.text or None, *[None] * (len(part.files) - 1)]
    return [
        ALBUM[file.kind](media=BufferedInputFile(content, filename=file.name or file.kind), caption=caption)
        for file, content, caption in zip(part.files, contents, captions, strict=True)
    ]
