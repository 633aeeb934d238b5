"""Fetch and keep the files that belong to tickets, while the channel still has them."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import structlog

from bot.channels.base import Channel, FetchError
from bot.services.core import Core
from dialogs.messages import Attachment, AttachmentKind
from storage import media
from storage.media import File

log = structlog.get_logger(__name__)

AT_ONCE = 4
KEPT = "kept:"
"""How the handle of a file begins that was made here and belongs to no ticket; its hash follows."""
MOST_TRIES = 8
FIRST_PAUSE = timedelta(seconds=2)


async def kept_attachment(core: Core, kind: AttachmentKind, content: bytes, name: str) -> Attachment:
    """A file made here, kept under its hash, ready to be sent."""
    digest = await asyncio.to_thread(core.files.put, content)
    return Attachment(kind=kind, ref=f"{KEPT}{digest}", size=len(content), name=name)


@dataclass(frozen=True, slots=True)
class Keeper:
    """Fetches owed files, keeps the originals under their hash, and says which cannot be had."""

    core: Core
    channels: Mapping[str, Channel]

    async def run_once(self) -> int:
        """Try every file whose turn has come; the number tried."""
        now = self.core.clock()
        owed = self.core.database.glance(lambda c: media.owed(c, now, AT_ONCE))
        await asyncio.gather(*(self._keep(one) for one in owed))
        return len(owed)

    async def _keep(self, file: File) -> None:
        try:
            content = await self.channels[file.channel].fetch(file.attachment)
        except FetchError as error:
            await self._failed(file, error)
            return
        digest = await asyncio.to_thread(self.core.files.put, content)
        await self.core.database.write(lambda c: media.kept(c, file.id, digest, len(content)))

    async def _failed(self, file: File, error: FetchError) -> None:
        if error.retryable and file.tries + 1 < MOST_TRIES:
            until = self.core.clock() + FIRST_PAUSE * 2**file.tries
            await self.core.database.write(lambda c: media.postpone(c, file.id, until, str(error)))
            return
        log.warning("file lost", media=file.id, ticket=file.number)
        await self.core.database.write(lambda c: media.lost(c, file.id, str(error)))
