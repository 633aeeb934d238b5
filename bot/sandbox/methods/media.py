"""Sending files, and handing them out again."""

import asyncio
from typing import Any

from bot.sandbox.errors import bad_request
from bot.sandbox.files import (
    DOWNLOAD_BYTES,
    Upload,
    check_size,
    read_personal_id,
    sniffed_type,
    squeeze,
)
from bot.sandbox.keyboards import checked_markup
from bot.sandbox.methods.common import caption_content, deliver, target
from bot.sandbox.model import Json
from bot.sandbox.registry import Call, handles
from bot.sandbox.world import World

LINK_SECONDS = 3600
WRONG_FILE = "wrong file identifier/HTTP URL specified"
ALBUMS = ({"photo", "video"}, {"document"}, {"audio"})


@handles("sendPhoto")
async def send_photo(call: Call) -> Json:
    """Send a photo."""
    return await _send_one(call, "photo")


@handles("sendDocument")
async def send_document(call: Call) -> Json:
    """Send a file as it is."""
    return await _send_one(call, "document")


@handles("sendVideo")
async def send_video(call: Call) -> Json:
    """Send a video."""
    return await _send_one(call, "video")


@handles("sendVoice")
async def send_voice(call: Call) -> Json:
    """Send a voice note."""
    return await _send_one(call, "voice")


@handles("sendAudio")
async def send_audio(call: Call) -> Json:
    """Send music."""
    return await _send_one(call, "audio")


@handles("sendAnimation")
async def send_animation(call: Call) -> Json:
    """Send a short film without sound."""
    return await _send_one(call, "animation")


@handles("sendSticker")
async def send_sticker(call: Call) -> Json:
    """Send a sticker."""
    return await _send_one(call, "sticker")


async def _send_one(call: Call, kind: str) -> Json:
    caption = {} if kind == "sticker" else caption_content(call, call)
    checked_markup(call.get("reply_markup"))
    content = await media_content(call, kind, call.params[kind], call)
    room, topic = target(call)
    return deliver(call, room, topic, content | caption)


async def media_content(call: Call, kind: str, given: str, details: Any) -> Json:
    """The message field for a file given by upload, by id, or by address.

    Raises:
        ApiError: 400 when it cannot be had, 413 when it is too large.
    """
    if given.startswith("attach://"):
        upload = call.files.get(given.removeprefix("attach://"))
        if upload is None:
            raise bad_request(WRONG_FILE)
        return await stored_content(call.world, kind, upload, details)
    if given.startswith(("http://", "https://")):
        raise bad_request("failed to get HTTP URL content")
    kept = read_personal_id(call.bot.id, given, call.world.files)
    if kept is None:
        raise bad_request(WRONG_FILE)
    if kept.kind != kind:
        raise bad_request(f"can't use file of type {kept.kind.title()} as {kind.title()}")
    fields = call.world.files.described[kept.unique_id]
    return {kind: fields} | ({"document": fields} if kind == "animation" else {})


async def stored_content(world: World, kind: str, upload: Upload, details: Any) -> Json:
    """Keep an upload and describe it as a message of that kind would.

    Raises:
        ApiError: 400 or 413 when Telegram would not take it.
    """
    check_size(upload)
    if kind == "photo":
        sizes = await _photo_sizes(world, upload)
        world.files.describe(sizes)
        return {"photo": sizes}
    kept = world.files.keep(kind, Upload(upload.name, sniffed_type(upload), upload.data))
    fields = kept.reference()
    if kind != "sticker":
        fields["mime_type"] = kept.mime_type
    if kind in {"document", "video", "audio", "animation"} and kept.name:
        fields["file_name"] = kept.name
    fields |= _shape(kind, details)
    world.files.describe(fields)
    content: Json = {kind: fields}
    return content | {"document": fields} if kind == "animation" else content


def _shape(kind: str, details: Any) -> Json:
    if kind in {"video", "animation"}:
        return {
            name: details.get(name) or default
            for name, default in (("width", 640), ("height", 360), ("duration", 1))
        }
    if kind in {"voice", "audio"}:
        return {"duration": details.get("duration") or 1}
    if kind == "sticker":
        emoji = details.get("emoji") or "🙂"
        return {
            "type": "regular",
            "width": 512,
            "height": 512,
            "is_animated": False,
            "is_video": False,
            "emoji": emoji,
        }
    return {}


async def _photo_sizes(world: World, upload: Upload) -> list[Json]:
    renditions = await asyncio.to_thread(squeeze, upload.data)
    return [world.files.keep("photo", r.upload, r.width, r.height).photo_size() for r in renditions]


@handles("sendMediaGroup")
async def send_media_group(call: Call) -> list[Json]:
    """Send an album."""
    items = call.params["media"]
    check_album(items)
    captions = [caption_content(call, item) for item in items]
    contents = [await media_content(call, item["type"], item["media"], item) for item in items]
    room, topic = target(call, len(items))
    group = {"media_group_id": str(call.world.number())}
    return [
        deliver(call, room, topic, group | c | caption) for c, caption in zip(contents, captions, strict=True)
    ]


def check_album(items: list[Json]) -> None:
    """Refuse albums Telegram would not show.

    Raises:
        ApiError: 400 for the wrong number of items, or kinds that do not go together.
    """
    if not 2 <= len(items) <= 10:
        raise bad_request("group must include 2-10 items")
    kinds = {item["type"] for item in items}
    if not any(kinds <= album for album in ALBUMS):
        raise bad_request("documents and audios can't be mixed with other media types")


@handles("getFile")
def get_file(call: Call) -> Json:
    """Tell where a file can be fetched for the next hour."""
    kept = read_personal_id(call.bot.id, call.params["file_id"], call.world.files)
    if kept is None:
        raise bad_request("wrong file_id or the file is temporarily unavailable")
    if kept.size > DOWNLOAD_BYTES:
        raise bad_request("file is too big")
    call.world.file_links[call.bot.id, kept.path] = call.world.clock() + LINK_SECONDS
    return call.world.personal_file(kept, call.bot.id) | {"file_path": kept.path}
