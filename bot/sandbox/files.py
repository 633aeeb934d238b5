"""Files people and bots send; photos are squeezed and stripped as Telegram does, documents are left alone."""

import base64
import hashlib
import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import puremagic
from PIL import Image, ImageOps, UnidentifiedImageError

from bot.sandbox.errors import ApiError, bad_request
from bot.sandbox.model import Json

PHOTO_BYTES = 10 * 1024 * 1024
UPLOAD_BYTES = 50 * 1024 * 1024
DOWNLOAD_BYTES = 20 * 1024 * 1024
PHOTO_SIDES = (90, 320, 800, 1280)
PREFIXES = {
    "photo": "AgACAgUAAxkB",
    "document": "BQACAgUAAxkB",
    "video": "BAACAgUAAxkB",
    "animation": "CgACAgUAAxkB",
    "voice": "AwACAgUAAxkB",
    "video_note": "DQACAgUAAxkB",
    "audio": "CQACAgUAAxkB",
    "sticker": "CAACAgUAAxkB",
}
FOLDERS = {
    "photo": "photos",
    "video": "videos",
    "voice": "voice",
    "video_note": "video_notes",
    "audio": "music",
    "sticker": "stickers",
    "animation": "animations",
}


@dataclass(frozen=True, slots=True)
class Upload:
    """Bytes that came with a request, under the name and type the sender gave them."""

    name: str
    mime_type: str
    data: bytes


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A kept file; `path` is what `getFile` tells."""

    unique_id: str
    kind: str
    size: int
    path: str
    name: str = ""
    mime_type: str = ""
    width: int = 0
    height: int = 0

    def reference(self) -> Json:
        """The fields every file object has; `file_id` is made personal when a bot is told."""
        return {"file_id": self.unique_id, "file_unique_id": self.unique_id, "file_size": self.size}

    def photo_size(self) -> Json:
        """One `PhotoSize`."""
        return self.reference() | {"width": self.width, "height": self.height}


class FileStore:
    """Keeps bytes in a folder, or in memory when there is none."""

    def __init__(self, folder: Path | None) -> None:
        self.known: dict[str, StoredFile] = {}
        self.by_path: dict[str, str] = {}
        self.described: dict[str, Any] = {}
        self._folder = folder
        self._memory: dict[str, bytes] = {}

    def keep(self, kind: str, upload: Upload, width: int = 0, height: int = 0) -> StoredFile:
        """Store the bytes; the same bytes of the same kind are the same file."""
        digest = hashlib.sha256(kind.encode() + upload.data).digest()
        unique_id = "AQAD" + base64.urlsafe_b64encode(digest[:9]).decode()
        if unique_id not in self.known:
            ending = Path(upload.name).suffix or ".bin"
            path = f"{FOLDERS.get(kind, 'documents')}/file_{len(self.known)}{ending}"
            kept = StoredFile(
                unique_id, kind, len(upload.data), path, upload.name, upload.mime_type, width, height
            )
            self._write(unique_id, upload.data)
            self.remember(kept)
        return self.known[unique_id]

    def remember(self, kept: StoredFile) -> None:
        """Know a file whose bytes are already there."""
        self.known[kept.unique_id] = kept
        self.by_path[kept.path] = kept.unique_id

    def describe(self, content: Any) -> None:
        """Remember the message field (all sizes of a photo together) a file stands for."""
        for item in content if isinstance(content, list) else [content]:
            self.described[item["file_unique_id"]] = content

    def data(self, unique_id: str) -> bytes:
        """The bytes of a known file."""
        if self._folder is None:
            return self._memory[unique_id]
        return (self._folder / unique_id).read_bytes()

    def _write(self, unique_id: str, data: bytes) -> None:
        if self._folder is None:
            self._memory[unique_id] = data
            return
        self._folder.mkdir(parents=True, exist_ok=True)
        (self._folder / unique_id).write_bytes(data)


def personal_id(bot_id: int, kept: StoredFile) -> str:
    """The `file_id` under which one bot, and no other, may use a file."""
    text = f"{bot_id}:{kept.unique_id}"
    return PREFIXES.get(kept.kind, PREFIXES["document"]) + base64.urlsafe_b64encode(
        text.encode()
    ).decode().rstrip("=")


def read_personal_id(bot_id: int, file_id: str, store: FileStore) -> StoredFile | None:
    """The file behind a `file_id`, unless it is garbage or was given to another bot."""
    encoded = file_id[len(PREFIXES["photo"]) :]
    try:
        owner, _, unique_id = (
            base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)).decode().partition(":")
        )
    except ValueError:
        return None
    return store.known.get(unique_id) if owner == str(bot_id) else None


@dataclass(frozen=True, slots=True)
class Rendition:
    """A photo at one size, ready to be kept."""

    upload: Upload
    width: int
    height: int


def squeeze(data: bytes) -> list[Rendition]:
    """The sizes Telegram makes of a photo, smallest first: JPEG, turned upright, without EXIF.

    Raises:
        ApiError: 400 when the bytes are no picture or its dimensions are refused.
    """
    if len(data) > PHOTO_BYTES:
        raise bad_request(
            f"file of size {len(data)} bytes is too big for a photo; the maximum size is {PHOTO_BYTES} bytes"
        )
    try:
        with Image.open(io.BytesIO(data)) as source:
            picture = ImageOps.exif_transpose(source).convert("RGB")
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError) as problem:
        raise bad_request("IMAGE_PROCESS_FAILED") from problem
    longest, shortest = max(picture.size), min(picture.size)
    if sum(picture.size) > 10000 or longest > 20 * shortest:
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
    sides = [side for side in PHOTO_SIDES if side < longest]
    if longest <= PHOTO_SIDES[-1]:
        sides.append(longest)
    return [_at_size(picture, side) for side in sides]


def _at_size(picture: Image.Image, side: int) -> Rendition:
    small = picture.copy()
    small.thumbnail((side, side))
    out = io.BytesIO()
    small.save(out, "JPEG", quality=87)
    return Rendition(Upload("photo.jpg", "image/jpeg", out.getvalue()), *small.size)


def check_size(upload: Upload) -> None:
    """Refuse empty uploads, and those above what a bot may send.

    Raises:
        ApiError: 400 for an empty file, 413 for one above 50 MB.
    """
    if not upload.data:
        raise bad_request("file must be non-empty")
    if len(upload.data) > UPLOAD_BYTES:
        raise ApiError(413, "Request Entity Too Large")


def sniffed_type(upload: Upload) -> str:
    """The media type the sender named, or else what the bytes look like."""
    if upload.mime_type and upload.mime_type != "application/octet-stream":
        return upload.mime_type
    try:
        return (
            puremagic.from_string(upload.data, mime=True, filename=upload.name) or "application/octet-stream"
        )
    except (puremagic.PureError, ValueError):
        return "application/octet-stream"
