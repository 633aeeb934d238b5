"""Files sealed in pieces, each authenticated with its place and whether it is the last.

So none can be moved, left out or taken from another file.
"""

import os
from collections.abc import Iterator

from cryptography.exceptions import InvalidTag

from storage.seals import ID_LETTERS, Ring, UnsealError, file_key

MAGIC = b"KTN1"
SALT_BYTES = 16
PIECE = 64 * 1024
TAG_BYTES = 16
HEAD = len(MAGIC) + ID_LETTERS + SALT_BYTES


def seal_file(ring: Ring, name: str, content: bytes) -> bytes:
    """The content as it lies outside, bound to its name there."""
    salt = os.urandom(SALT_BYTES)
    cipher = file_key(ring.finder, salt, name.encode())
    pieces = (
        cipher.encrypt(_nonce(place, last=last), piece, None)
        for place, last, piece in _pieces(content, PIECE)
    )
    return b"".join([MAGIC, ring.finder.id.encode(), salt, *pieces])


def unseal_file(ring: Ring, name: str, sealed: bytes) -> bytes:
    """What was sealed under that name; raises UnsealError, UnknownKeyError."""
    if len(sealed) < HEAD + TAG_BYTES or not sealed.startswith(MAGIC):
        raise UnsealError("a file that has to be sealed is not")
    named = sealed[len(MAGIC) : len(MAGIC) + ID_LETTERS]
    key = ring.key(named.decode("ascii", "replace"))
    cipher = file_key(key, sealed[HEAD - SALT_BYTES : HEAD], name.encode())
    try:
        return b"".join(
            cipher.decrypt(_nonce(place, last=last), piece, None)
            for place, last, piece in _pieces(sealed[HEAD:], PIECE + TAG_BYTES)
        )
    except InvalidTag:
        raise UnsealError("a file was altered") from None


def _nonce(place: int, *, last: bool) -> bytes:
    return bytes([last]) + place.to_bytes(11, "big")


def _pieces(content: bytes, size: int) -> Iterator[tuple[int, bool, bytes]]:
    """The content in pieces with their places; one empty piece for nothing at all."""
    starts = range(0, max(len(content), 1), size)
    for place, start in enumerate(starts):
        yield place, place == len(starts) - 1, content[start : start + size]
