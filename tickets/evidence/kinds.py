"""What a file is, by its first bytes: neither its name nor what the sender calls it counts."""

import re
from dataclasses import dataclass
from io import BytesIO
from typing import Literal
from zipfile import BadZipFile, ZipFile

Family = Literal["photo", "video", "audio", "document"]

OFFICE = "application/vnd.openxmlformats-officedocument"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file: its name in the policy, what it counts as, its MIME type and its usual ending."""

    name: str
    family: Family
    mime: str
    ending: str


KINDS = {
    kind.name: kind
    for kind in (
        Kind("jpeg", "photo", "image/jpeg", "jpg"),
        Kind("png", "photo", "image/png", "png"),
        Kind("gif", "photo", "image/gif", "gif"),
        Kind("webp", "photo", "image/webp", "webp"),
        Kind("heic", "photo", "image/heic", "heic"),
        Kind("avif", "photo", "image/avif", "avif"),
        Kind("mp4", "video", "video/mp4", "mp4"),
        Kind("webm", "video", "video/webm", "webm"),
        Kind("ogg", "audio", "audio/ogg", "ogg"),
        Kind("mp3", "audio", "audio/mpeg", "mp3"),
        Kind("m4a", "audio", "audio/mp4", "m4a"),
        Kind("wav", "audio", "audio/wav", "wav"),
        Kind("amr", "audio", "audio/amr", "amr"),
        Kind("pdf", "document", "application/pdf", "pdf"),
        Kind("docx", "document", f"{OFFICE}.wordprocessingml.document", "docx"),
        Kind("xlsx", "document", f"{OFFICE}.spreadsheetml.sheet", "xlsx"),
        Kind("odt", "document", "application/vnd.oasis.opendocument.text", "odt"),
    )
}  # fmt: skip
STARTS = (
    (re.compile(rb"\xff\xd8\xff"), "jpeg"),
    (re.compile(rb"\x89PNG\r\n\x1a\n"), "png"),
    (re.compile(rb"GIF8[79]a"), "gif"),
    (re.compile(rb"RIFF.{4}WEBP", re.DOTALL), "webp"),
    (re.compile(rb"RIFF.{4}WAVE", re.DOTALL), "wav"),
    (re.compile(rb"\x1a\x45\xdf\xa3"), "webm"),
    (re.compile(rb"OggS\x00"), "ogg"),
    (re.compile(rb"ID3[\x02-\x04]|\xff[\xfb\xf3\xf2]"), "mp3"),
    (re.compile(rb"#!AMR"), "amr"),
    (re.compile(rb"%PDF-\d"), "pdf"),
)
HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
AVIF_BRANDS = frozenset({b"avif", b"avis"})
AUDIO_BRANDS = frozenset({b"M4A ", b"M4B "})
INSIDE = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx"}
ODT = b"application/vnd.oasis.opendocument.text"


def kind_of(content: bytes) -> Kind | None:
    """The kind of a file; None when it is none of those known here."""
    name = next((name for start, name in STARTS if start.match(content)), "")
    if not name and content[4:8] == b"ftyp":
        name = _by_brand(content)
    if not name and content.startswith(b"PK\x03\x04"):
        name = _by_contents(content)
    return KINDS.get(name)


def _by_brand(content: bytes) -> str:
    """What the first box of an ISO media file says it is for: the main brand, then those it is fit for."""
    length = min(int.from_bytes(content[:4], "big"), 256)
    brands = [content[8:12], *(content[at : at + 4] for at in range(16, length, 4))]
    if AVIF_BRANDS.intersection(brands):
        return "avif"
    if HEIC_BRANDS.intersection(brands[:1]):
        return "heic"
    return "m4a" if AUDIO_BRANDS.intersection(brands[:1]) else "mp4"


def _by_contents(content: bytes) -> str:
    try:
        names = set(ZipFile(BytesIO(content)).namelist())
    # Cut short, or packed as zipfile cannot unpack (its NotImplementedError): the beginning still tells the
    # kind, and whether the file is whole is for `papers` to find out.
    except (BadZipFile, ValueError, NotImplementedError, OSError):
        return next((kind for inside, kind in INSIDE.items() if inside.encode() in content), "")
    if "[Content_Types].xml" in names:
        return next((kind for inside, kind in INSIDE.items() if inside in names), "")
    return "odt" if content[30:38] == b"mimetype" and content[38:77] == ODT else ""
