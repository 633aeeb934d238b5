"""Files that Meta has from us already."""

from datetime import timedelta
from typing import Protocol


class Shelf(Protocol):
    """Remembers Meta's handles of uploaded files, by channel and content."""

    async def find(self, channel: str, sha256: str) -> str:
        """Meta's handle of a file; empty when it has to be uploaded."""

    async def keep(self, channel: str, sha256: str, ref: str, lasts: timedelta) -> None:
        """Remember a handle for as long as it lasts."""
