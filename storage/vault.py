"""Where the bytes of files lie, each under its own SHA-256; what is put there is never changed."""

import asyncio
import hashlib
import os
import tempfile
from pathlib import Path
from typing import Protocol


class VaultError(OSError):
    """The vault cannot be reached or does not do what it is asked; a later try may succeed."""


class AlteredError(VaultError):
    """What lies under a hash is not what was put there."""


class Vault(Protocol):
    """Keeps originals and copies; the same bytes are kept once."""

    async def put(self, content: bytes) -> str:
        """Keep the bytes durably and return their SHA-256 in hex; raises OSError."""

    async def get(self, digest: str) -> bytes:
        """The bytes under a hash; raises FileNotFoundError, AlteredError, OSError."""

    async def drop(self, digest: str) -> None:
        """Let go of the bytes under a hash; none there is no trouble."""


def place(digest: str) -> str:
    """Where the bytes of a hash lie within a vault; raises FileNotFoundError for what is no hash."""
    if len(digest) != 64 or not digest.isalnum() or not digest.isascii():
        raise FileNotFoundError(digest)
    return f"{digest[:2]}/{digest}"


def checked(content: bytes, digest: str) -> bytes:
    """The content, if it is what the hash says; raises AlteredError."""
    if hashlib.sha256(content).hexdigest() != digest:
        raise AlteredError(f"the bytes under {digest} were altered")
    return content


class Folder:
    """A vault in a folder of this machine."""

    def __init__(self, root: Path) -> None:
        self._root = root

    async def put(self, content: bytes) -> str:
        """Keep the bytes: written beside, flushed to the disk, then put in place at once."""
        return await asyncio.to_thread(self._put, content)

    async def get(self, digest: str) -> bytes:
        """The bytes under a hash."""
        return await asyncio.to_thread(self._get, digest)

    async def drop(self, digest: str) -> None:
        """Remove the file under a hash."""
        await asyncio.to_thread((self._root / place(digest)).unlink, missing_ok=True)

    def _put(self, content: bytes) -> str:
        digest = hashlib.sha256(content).hexdigest()
        path = self._root / place(digest)
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".part", delete=False) as part:
                part.write(content)
                part.flush()
                os.fsync(part.fileno())
            Path(part.name).replace(path)
        return digest

    def _get(self, digest: str) -> bytes:
        return checked((self._root / place(digest)).read_bytes(), digest)
