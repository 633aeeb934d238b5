from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.channels.base import Delivery
from bot.channels.webchat.channel import Options, WebChatChannel
from bot.channels.webchat.lines import ChatFile, ChatLine, ChatStore
from dialogs.messages import InboundMessage, OutboundMessage
from storage.doors.away import DatabaseAwayError
from storage.files.vault import VaultError

NOW = datetime(2026, 11, 22, 3, 4, tzinfo=UTC)


@dataclass
class Memory:
    """The database the page needs, in memory."""

    heard: list[InboundMessage] = field(default_factory=list)
    lines: list[tuple[str, ChatLine]] = field(default_factory=list)
    uploads: dict[str, ChatFile] = field(default_factory=dict)
    away: bool = False
    vault_away: bool = False
    in_vain: int = 0
    ended: set[str] = field(default_factory=set)
    later: timedelta = timedelta()

    async def intake(self, message):
        if any(one.external_id == message.external_id for one in self.heard):
            return False
        self.heard.append(message)
        self.lines.append((message.address, ChatLine.heard(len(self.heard), message, "waiting")))
        return True

    async def history(self, address, after):
        if self.away:
            self.in_vain += 1
            raise DatabaseAwayError(OSError())
        return [
            line
            for owner, line in self.lines
            if owner == address and line.seq > (after.heard if line.from_ == "citizen" else after.said)
        ]

    @asynccontextmanager
    async def keeping(self, files):
        refs = [f"upload-{len(self.uploads) + place}" for place, _ in enumerate(files)]
        self.uploads.update(zip(refs, files, strict=True))
        yield refs

    async def read(self, ref):
        if self.vault_away:
            raise VaultError("jauh")
        return self.uploads[ref].content

    async def owned(self, address, ref):
        mine = any(a.ref == ref for m in self.heard if m.address == address for a in m.attachments)
        return self.uploads.get(ref) if mine else None

    async def say(self, channel, address, message):
        row = sum(line.from_ == "bot" for _, line in self.lines) + 1
        self.lines.append((address, ChatLine.said(row, message, "waiting", NOW)))
        return await channel.send(Delivery(address, message, id=str(row)))

    def store(self):
        return ChatStore(
            self.history, self.keeping, self.read, self.owned, self.leave, self.ended.__contains__
        )

    async def leave(self, address):
        self.ended.add(address)


@pytest.fixture
def memory():
    return Memory()


def channel_of(memory):
    return WebChatChannel(
        intake=memory.intake,
        store=memory.store(),
        key=b"k" * 32,
        clock=lambda: NOW + memory.later,
        options=Options(burst=40, sessions_burst=8, reads_burst=60),
    )


@pytest.fixture
def channel(memory):
    return channel_of(memory)


@pytest.fixture
async def client(channel):
    app = web.Application()
    app.add_routes(channel.routes())
    async with TestClient(TestServer(app)) as client:
        yield client
        await channel.stop()


@pytest.fixture
async def token(client):
    answer = await client.post("/chat/api/session")
    return (await answer.json())["token"]


@pytest.fixture
def auth(token):
    return {"Authorization": f"Bearer {token}"}


@pytest.fixture
def said():
    return OutboundMessage("Ada fotonya?")
