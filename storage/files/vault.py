"""Where the bytes of files lie, each found by its own SHA-256; what is put there is never changed.

They lie sealed, under names that tell nothing: who has a copy of a file cannot see whether it is here.
"""

import asyncio
import hashlib
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from storage.files.sealed_files import seal_file, unseal_file
from storage.seals import UnknownKeyError, UnsealError, ring


class VaultError(OSError):
    """The vault cannot be reached or does not do what it is asked; a later try may succeed."""


class AlteredError(VaultError):
    """What lies under a hash is not what was put there."""


class Vault(Protocol):
    """Keeps originals and copies; the same bytes are kept once."""

    async def put(self, content: bytes) -> str:
        """Keep the bytes durably and return their SHA-256 in hex; raises OSError."""

    async def put_all(self, contents: Sequence[bytes]) -> list[str]:
        """Keep several as `put` keeps one."""

    async def get(self, digest: str) -> bytes:
        """The bytes under a hash; raises FileNotFoundError, AlteredError, OSError."""

    async def missing(self, digests: Sequence[str]) -> list[str]:
        """Those of the hashes under which nothing lies; raises OSError."""

    async def drop(self, digest: str) -> None:
        """Let go of the bytes under a hash; none there is no trouble."""

    async def renew(self, digest: str) -> bool:
        """Seal the bytes with the key in use now; false when they are, or are gone. Raises as `get` does."""


def place(digest: str) -> str:
    """Where the bytes of a hash lie within a vault; raises FileNotFoundError for what is no hash."""
    if len(digest) != 64 or not digest.isalnum() or not digest.isascii():
        raise FileNotFoundError(digest)
    return f"{digest[:2]}/{digest}"


def sealed(content: bytes) -> tuple[str, str, bytes]:
    """Content made ready to be put away: its SHA-256, the name it lies under, and what lies there."""
    digest, name = _named(content)
    return digest, name, seal_file(ring(), name, content)


def _named(content: bytes) -> tuple[str, str]:
    digest = hashlib.sha256(content).hexdigest()
    return digest, ring().names(digest)[0]


def names_of(digest: str) -> tuple[str, ...]:
    """Where a file may lie, likeliest first; under its own hash only from before there were keys."""
    return (*ring().names(digest), digest)


def unsealed(name: str, found: bytes, digest: str) -> bytes:
    """The content of what was found under a name; raises AlteredError."""
    if name == digest:
        return checked(found, digest)
    try:
        return checked(unseal_file(ring(), name, found), digest)
    except (UnsealError, UnknownKeyError):
        raise AlteredError(f"the bytes under {digest} were altered") from None


def checked(content: bytes, digest: str) -> bytes:
    """The content, if it is what the hash says; raises AlteredError."""
    if hashlib.sha256(content).hexdigest() != digest:
        raise AlteredError(f"the bytes under {digest} were altered")
    return content


def write_whole(path: Path, content: bytes) -> None:
    """Put a file in place in one step, on the disk by then, so that nobody reads half of it."""
    if not path.parent.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        settle(path.parent.parent)
    with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".part", delete=False) as part:
        try:
            part.write(content)
            part.flush()
            os.fsync(part.fileno())
            Path(part.name).replace(path)
        except BaseException:
            Path(part.name).unlink(missing_ok=True)  # on a full disk it would take the room of the next try
            raise
    settle(path.parent)


def settle(folder: Path) -> None:
    """Have the disk keep what a folder's files are called: else a name may be lost with the power."""
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


class Folder:
    """A vault in a folder of this machine."""

    def __init__(self, root: Path) -> None:
        self._root = root

    async def put(self, content: bytes) -> str:
        """Keep the bytes; those that lie here already are not even sealed."""
        return await asyncio.to_thread(self._put, content)

    async def put_all(self, contents: Sequence[bytes]) -> list[str]:
        """Keep several, with one change of threads."""
        return await asyncio.to_thread(lambda: [self._put(content) for content in contents])

    async def get(self, digest: str) -> bytes:
        """The bytes under a hash."""
        return await asyncio.to_thread(self._get, digest)

    async def missing(self, digests: Sequence[str]) -> list[str]:
        """Those of the hashes under which there is no file."""
        return await asyncio.to_thread(lambda: [digest for digest in digests if not self._there(digest)])

    async def drop(self, digest: str) -> None:
        """Remove the file under a hash."""
        for name in names_of(digest):
            await asyncio.to_thread((self._root / place(name)).unlink, missing_ok=True)

    async def renew(self, digest: str) -> bool:
        """Seal the file with the key in use now, then let the old one go."""
        return await asyncio.to_thread(self._renew, digest)

    def _put(self, content: bytes) -> str:
        digest, name = _named(content)
        path = self._root / place(name)
        if not path.exists():
            write_whole(path, seal_file(ring(), name, content))
        return digest

    def _get(self, digest: str) -> bytes:
        name = self._name(digest)
        return unsealed(name, (self._root / place(name)).read_bytes(), digest)

    def _renew(self, digest: str) -> bool:
        name = self._name(digest)
        if name == names_of(digest)[0]:
            return False
        self._put(self._get(digest))
        (self._root / place(name)).unlink()
        return True

    def _there(self, digest: str) -> bool:
        try:
            return (self._root / place(self._name(digest))).exists()
        except FileNotFoundError:  # no hash
            return False

    def _name(self, digest: str) -> str:
        names = names_of(digest)
        return next((name for name in names if (self._root / place(name)).exists()), names[0])
