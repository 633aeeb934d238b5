"""What the web chat reads back: both sides of a talk as they stand in the database, and the files in it."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from bot.channels.webchat.lines import ChatFile, ChatLine, ChatStore, Cursor
from bot.channels.webchat.parse import NAME
from bot.services.core import Core
from dialogs.messages import Attachment
from storage import inbox, media, outbox
from storage.codec import INBOUND
from storage.database import Connection


@dataclass(frozen=True, slots=True)
class ChatLog:
    """A view of inbox, outbox and kept files, for a channel whose people read them from us."""

    core: Core
    channel: str = NAME

    def store(self) -> ChatStore:
        """The four doors the web chat needs."""
        return ChatStore(self.history, self.keep_upload, self.read_upload, self.owned_file)

    async def history(self, address: str, after: Cursor) -> Sequence[ChatLine]:
        """The lines of an address past a cursor, oldest first."""
        return await self.core.database.read(lambda c: _lines(c, (self.channel, address), after))

    async def keep_upload(self, content: bytes, mime: str, name: str) -> str:
        """Keep an upload before it is known what it is for; its ref is its SHA-256."""
        del mime, name
        return await asyncio.to_thread(self.core.files.put, content)

    async def read_upload(self, ref: str) -> bytes:
        """The bytes of an upload; raises FileNotFoundError."""
        return await asyncio.to_thread(self.core.files.get, ref)

    async def owned_file(self, address: str, ref: str) -> ChatFile | None:
        """A file that was sent by or to an address; None for anybody else's."""
        found = await self.core.database.read(lambda c: _owned(c, (self.channel, address), ref))
        if found is None:
            return None
        digest, attachment = found
        content = await asyncio.to_thread(self.core.files.get, digest)
        return ChatFile(content, attachment.mime or "application/octet-stream", attachment.name)


def _lines(connection: Connection, at: tuple[str, str], after: Cursor) -> tuple[ChatLine, ...]:
    heard = [
        ChatLine.heard(row, INBOUND.load(payload), state)
        for row, payload, state in inbox.payloads_after(connection, *at, after.heard)
    ]
    said = [
        ChatLine.said(one.id, one.message, one.state, one.created_at)
        for one in outbox.said_after(connection, *at, after.said)
    ]
    return tuple(sorted([*heard, *said], key=lambda line: line.at))


def _owned(connection: Connection, at: tuple[str, str], ref: str) -> tuple[str, Attachment] | None:
    for line in _lines(connection, at, Cursor()):
        for attachment in line.attachments:
            if ref not in {attachment.ref, attachment.media_id}:
                continue
            if line.from_ == "citizen":
                return attachment.ref, attachment
            kept = media.file(connection, attachment.media_id)
            return (kept.sha256, attachment) if kept and kept.sha256 else None
    return None
