"""Blanking, in place, what files other than pictures tell of time, place and maker."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

EXIF = re.compile(rb"Exif\x00\x00(?=II\*\x00|MM\x00\*)")
XMP = re.compile(rb"<x:xmpmeta.*?</x:xmpmeta>", re.DOTALL)
EXIF_MOST = 65_533  # bytes an EXIF segment of a JPEG can have
TELLING = frozenset({b"udta", b"meta", b"uuid"})
"""Boxes of a video that hold its place, its maker and free words; players do without."""
PARENTS = frozenset({b"moov", b"trak", b"mdia"})
DEEPEST = 4


@dataclass(frozen=True, slots=True)
class Box:
    """A box of an ISO media file: its type, where it begins, where its contents begin, and where it ends."""

    type: bytes
    start: int
    inside: int
    end: int


def boxes(content: bytes, start: int, end: int) -> Iterator[Box]:
    """The boxes between two places.

    Raises:
        ValueError: one of them ends beyond the end, as in a file cut short.
    """
    while start < end:
        size, inside = int.from_bytes(content[start : start + 4], "big"), start + 8
        if size == 1:
            size, inside = int.from_bytes(content[start + 8 : start + 16], "big"), start + 16
        elif size == 0:
            size = end - start
        if size < inside - start or start + size > end:
            raise ValueError("a box ends beyond the file")
        yield Box(content[start + 4 : start + 8], start, inside, start + size)
        start += size


def without_marks(content: bytes) -> bytes:
    """The same bytes with every EXIF block and XMP packet inside blanked; lengths and places stay."""
    blank = bytearray(content)
    for found in EXIF.finditer(content):
        size = int.from_bytes(content[found.start() - 2 : found.start()], "big")
        end = min(found.start() - 2 + (size if size > 8 else EXIF_MOST), len(content))
        blank[found.end() : end] = bytes(max(end - found.end(), 0))
    for packet in XMP.finditer(content):
        blank[packet.start() : packet.end()] = b" " * (packet.end() - packet.start())
    return bytes(blank)


def without_telling_boxes(content: bytes) -> bytes:
    """A video with its telling boxes made free space; nothing moves, so it plays as before.

    Raises:
        ValueError: the file is cut short.
    """
    blank = bytearray(content)
    for box in _telling(content, 0, len(content), 0):
        blank[box.start + 4 : box.start + 8] = b"free"
        blank[box.inside : box.end] = bytes(box.end - box.inside)
    return bytes(blank)


def _telling(content: bytes, start: int, end: int, depth: int) -> Iterator[Box]:
    for box in boxes(content, start, end):
        if box.type in TELLING:
            yield box
        elif box.type in PARENTS and depth < DEEPEST:
            yield from _telling(content, box.inside, box.end, depth + 1)
