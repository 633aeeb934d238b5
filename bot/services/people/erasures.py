"""The list of who was erased, kept beside the database: a restored backup is erased by it again."""

import asyncio
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from storage.files.vault import settle

FILE = "erased"


@dataclass(frozen=True, slots=True)
class Erasures:
    """A file of lines, each a moment and the random id somebody had here, which tells of nobody."""

    file: Path

    async def note(self, contact: str, at: datetime) -> None:
        """Write somebody down durably; a second time changes nothing."""
        if contact not in await self.every():
            await asyncio.to_thread(self._add, f"{at.isoformat()} {contact}\n")

    async def every(self) -> tuple[str, ...]:
        """The ids of everybody on the list, in the order they came."""
        return await asyncio.to_thread(self._read)

    def _add(self, line: str) -> None:
        self.file.parent.mkdir(parents=True, exist_ok=True)
        new = not self.file.exists()
        with self.file.open("a", encoding="utf-8") as file:
            file.write(line)
            file.flush()
            os.fsync(file.fileno())
        if new:
            settle(self.file.parent)

    def _read(self) -> tuple[str, ...]:
        if not self.file.exists():
            return ()
        lines = self.file.read_text(encoding="utf-8").splitlines()
        return tuple(dict.fromkeys(line.split()[-1] for line in lines if line.strip()))
