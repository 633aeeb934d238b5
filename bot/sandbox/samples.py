"""Small files to try a bot with, well-formed to the last byte: a second of silence, an empty film."""

import struct

SILENCE = b"\xf8\xff\xfe"
"""One Opus packet of 20 ms in which nobody says anything."""
PACKETS = 50
SERIAL = 1
OGG_POLYNOMIAL = 0x04C11DB7
FILM_HEADER = 100  # bytes of a film's header, all but its times and scale left at nought


def silent_voice() -> bytes:
    """An Ogg Opus file of one second, as messengers send voice notes."""
    head = b"OpusHead" + struct.pack("<BBHIhB", 1, 1, 312, 48_000, 0, 0)
    tags = b"OpusTags" + struct.pack("<I", 4) + b"none" + struct.pack("<I", 0)
    pages = [([head], 0, 2), ([tags], 0, 0), ([SILENCE] * PACKETS, 960 * PACKETS, 4)]
    return b"".join(_page(*page, place) for place, page in enumerate(pages))


def empty_film() -> bytes:
    """An MP4 with a header and no pictures."""
    header = bytes(12) + struct.pack(">II", 1000, 0) + bytes(FILM_HEADER - 20)
    kind = b"mp42" + bytes(4) + b"mp42isom"
    return _box(b"ftyp", kind) + _box(b"moov", _box(b"mvhd", header)) + _box(b"mdat", bytes(16))


def _box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content) + 8) + kind + content


def _page(packets: list[bytes], grain: int, flags: int, place: int) -> bytes:
    lengths = bytes(len(packet) for packet in packets)
    head = b"OggS" + struct.pack("<BBqIIIB", 0, flags, grain, SERIAL, place, 0, len(lengths)) + lengths
    page = head + b"".join(packets)
    return page[:22] + struct.pack("<I", _checksum(page)) + page[26:]


def _checksum(page: bytes) -> int:
    """Ogg's own CRC: unreflected, from nought."""
    sum_ = 0
    for byte in page:
        sum_ ^= byte << 24
        for _ in range(8):
            sum_ = (sum_ << 1 ^ (OGG_POLYNOMIAL if sum_ & 0x80000000 else 0)) & 0xFFFFFFFF
    return sum_
