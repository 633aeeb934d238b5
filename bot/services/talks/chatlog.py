"""What the web chat reads back: both sides of a talk as they stand in the database, and the files in it."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bot.channels.webchat.lines import ChatFile, ChatLine, ChatStore, Cursor
from bot.channels.webchat.parse import NAME
from bot.services.core import Core
from bot.services.files import safekeeping
from bot.services.files.copies import COPY, made_for
from bot.services.files.passing import outbound
from bot.services.talks.leaving import Leaving
from dialogs.messages import Attachment
from storage.codec import INBOUND
from storage.doors.database import Connection
from storage.reports import media
from storage.reports.media import File
from storage.talks import inbox, outbox, restraint

LOOKS, LOOK_SECONDS = 40, 0.1
"""How often, and how far apart, a page looks for a file that is still being examined."""
SHORT = 20
"""A talk of so few messages is read in place."""


@dataclass(frozen=True, slots=True)
class ChatLog:
    """A view of inbox, outbox and kept files, for a channel whose people read them from us."""

    core: Core
    channel: str = NAME

    def store(self, leaving: Leaving) -> ChatStore:
        """The doors the web chat needs."""
        return ChatStore(
            self.history, self.keeping, self.read_upload, self.owned_file, leaving.leave, leaving.left
        )

    async def history(self, address: str, after: Cursor) -> Sequence[ChatLine]:
        """The lines of an address past a cursor, oldest first; a whole talk is read beside the turns."""

        def look(connection: Connection) -> Sequence[ChatLine]:
            return _lines(connection, (self.channel, address), after)

        glance, at = self.core.database.glance, (self.channel, address)
        if after == Cursor() and await glance(lambda c: _long(c, at)):
            return await self.core.database.read(look)
        return await glance(look)

    @asynccontextmanager
    async def keeping(self, files: Sequence[ChatFile]) -> AsyncIterator[Sequence[str]]:
        """Keep files while the message they are for is taken in; the ref of each is its SHA-256."""
        contents = [file.content for file in files]
        digests = await self.core.files.put_all(contents)
        yield digests
        await safekeeping.ensure(self.core, dict(zip(digests, contents, strict=True)))

    async def read_upload(self, ref: str) -> bytes:
        """The bytes of an upload; raises FileNotFoundError."""
        return await self.core.files.get(ref)

    async def owned_file(self, address: str, ref: str) -> ChatFile | None:
        """The copy of a file that an address sent or got; None for anybody else's, and for refused ones."""
        at = (self.channel, address)
        if ref.startswith(COPY):
            return await self._own_copy(at, ref)
        media_id = await self.core.database.read(lambda c: _owned(c, at, ref))
        file = await self._examined(media_id) if media_id else None
        going = outbound(self.core, file) if file else None
        return ChatFile(await going.read(), going.mime, going.name) if going else None

    async def _own_copy(self, at: tuple[str, str], ref: str) -> ChatFile | None:
        """The copy of somebody's data, where it was handed to them in this very talk."""

        def handed(connection: Connection) -> Attachment | None:
            given = (one for line in _lines(connection, at, Cursor()) for one in line.attachments)
            return next((one for one in given if one.ref == ref), None)

        attachment = await self.core.database.read(handed)
        going = made_for(self.core, at, attachment) if attachment else None
        return ChatFile(await going.read(), going.mime, going.name) if going else None

    async def _examined(self, media_id: str) -> File | None:
        """A file once it is examined; None when that takes longer than a page waits."""
        for _ in range(LOOKS):
            file = await self.core.database.glance(lambda c: media.file(c, media_id))
            if file is None or file.state != "waiting":
                return file
            await asyncio.sleep(LOOK_SECONDS)
        return None


def _long(connection: Connection, at: tuple[str, str]) -> bool:
    return restraint.arrival_before(connection, *at, SHORT) is not None


def _lines(connection: Connection, at: tuple[str, str], after: Cursor) -> tuple[ChatLine, ...]:
    kept = inbox.payloads_after(connection, *at, after.heard)
    messages = ((row, INBOUND.load(payload), state) for row, payload, state in kept)
    heard = [
        ChatLine.heard(row, message, state)
        for row, message, state in messages
        if message.kind != "refused"  # what we found out about a file of theirs waits in the same line
    ]
    said = [
        ChatLine.said(one.id, one.message, one.state, one.created_at)
        for one in outbox.said_after(connection, *at, after.said)
    ]
    return tuple(sorted([*heard, *said], key=lambda line: line.at))


def _owned(connection: Connection, at: tuple[str, str], ref: str) -> str:
    """The media id of a file in an address's talk; empty when there is none of that ref."""
    attachments = (one for line in _lines(connection, at, Cursor()) for one in line.attachments)
    return next((one.media_id for one in attachments if ref in {one.ref, one.media_id}), "")
