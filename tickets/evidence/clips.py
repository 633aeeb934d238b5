"""Videos and voices: whole or cut short, when and where taken, and a copy that no longer says so."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

from tickets.evidence.findings import BROKEN, Examination, Facts, Refused
from tickets.evidence.kinds import Kind
from tickets.evidence.scrub import Box, boxes, without_marks, without_telling_boxes

EPOCH = datetime(1904, 1, 1, tzinfo=UTC)
"""Where the clocks of ISO media files begin."""
LEAST_YEAR = 2000
POINT = re.compile(rb"([+-]\d{1,2}\.\d{2,8})([+-]\d{1,3}\.\d{2,8})(?:[+-]\d+(?:\.\d+)?)?/")
"""A place after ISO 6709, as phones write it."""
PAGE = 27  # bytes of the smallest Ogg page header
CHUNK = 12
VOICES = (b"OpusHead", b"\x01vorbis", b"Speex   ")


def examine_clip(content: bytes, kind: Kind) -> Examination:
    """What a video or a voice shows of itself, and its copy.

    Raises:
        Refused: it is cut short, or only its first bytes are what they seem.
    """
    try:
        facts = CHECKS[kind.name](content, kind)
        iso = kind.name in {"mp4", "m4a"}
        copy = without_telling_boxes(content) if iso else without_marks(content)
    except (ValueError, IndexError) as problem:
        raise Refused(BROKEN) from problem
    return Examination(facts, "", None, copy, kind.mime)


def _iso(content: bytes, kind: Kind) -> Facts:
    found = {box.type: box for box in boxes(content, 0, len(content))}
    film = found.get(b"moov")
    if film is None or not found.keys() & {b"mdat", b"moof"}:
        raise ValueError("a film without its table of contents or without frames")
    lat, lon = _point(content[film.inside : film.end])
    return Facts(kind.name, kind.mime, taken_at=_taken(content, film), lat=lat, lon=lon)


def _taken(content: bytes, film: Box) -> str:
    head = next((box for box in boxes(content, film.inside, film.end) if box.type == b"mvhd"), None)
    if head is None:
        raise ValueError("a film without a header")
    wide = 8 if content[head.inside] == 1 else 4
    seconds = int.from_bytes(content[head.inside + 4 : head.inside + 4 + wide], "big")
    try:
        taken = EPOCH + timedelta(seconds=seconds)
    except OverflowError:
        return ""
    return taken.isoformat() if taken.year >= LEAST_YEAR else ""


def _point(film: bytes) -> tuple[float | None, float | None]:
    found = POINT.search(film)
    if found is None:
        return None, None
    lat, lon = float(found[1]), float(found[2])
    fits = abs(lat) <= 90 and abs(lon) <= 180 and (lat or lon)
    return (lat, lon) if fits else (None, None)


def _ogg(content: bytes, kind: Kind) -> Facts:
    if not any(voice in content[:512] for voice in VOICES):
        raise ValueError("Ogg without a voice in it")
    last = content.rfind(b"OggS")
    segments = content[last + PAGE : last + PAGE + content[last + PAGE - 1]]
    if last + PAGE + len(segments) + sum(segments) > len(content):
        raise ValueError("the last page is cut short")
    return Facts(kind.name, kind.mime)


def _wav(content: bytes, kind: Kind) -> Facts:
    if int.from_bytes(content[4:8], "little") + 8 > len(content) + 1:
        raise ValueError("shorter than it says")
    return Facts(kind.name, kind.mime)


def _plain(content: bytes, kind: Kind) -> Facts:
    if len(content) < CHUNK:
        raise ValueError("a beginning and nothing after it")
    return Facts(kind.name, kind.mime)


CHECKS: Mapping[str, Callable[[bytes, Kind], Facts]] = {
    "mp4": _iso,
    "m4a": _iso,
    "ogg": _ogg,
    "wav": _wav,
    "webm": _plain,
    "mp3": _plain,
    "amr": _plain,
}
