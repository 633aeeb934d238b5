from datetime import UTC, datetime

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.channels.telegram.channel import Options, TelegramChannel
from bot.sandbox.client import SandboxClient
from bot.sandbox.limits import Limits
from bot.sandbox.model import BotAccount
from bot.sandbox.server import start_sandbox

TOKEN = "42:RahasiaSekali"
SECRET = "rahasia-webhook"
NOW = datetime(2026, 11, 22, 3, 4, tzinfo=UTC)
ACCOUNT = BotAccount(TOKEN, "kentongan_bot", "Kentongan")


class Inbox:
    """Keeps what comes once, as the real intake does; `broken` makes keeping fail."""

    def __init__(self):
        self.messages = []
        self.memberships = []
        self.broken = 0

    async def intake(self, message):
        if self.broken:
            self.broken -= 1
            raise RuntimeError("the disk is full")
        known = any(one.external_id == message.external_id for one in self.messages)
        self.messages += [] if known else [message]
        return not known

    async def membership(self, change):
        self.memberships.append(change)


@pytest.fixture
def inbox():
    return Inbox()


@pytest.fixture
async def sandbox():
    running = await start_sandbox(bots=[ACCOUNT], limits=Limits(enabled=False, webhook_first_retry=0.05))
    yield running
    await running.stop()


@pytest.fixture
async def people(sandbox):
    async with SandboxClient(sandbox.base_url) as client:
        yield client


def make_channel(api, inbox, **options):
    return TelegramChannel(
        TOKEN,
        api=api,
        intake=inbox.intake,
        clock=lambda: NOW,
        options=Options(secret=SECRET, membership=inbox.membership, **options),
    )


@pytest.fixture
async def channel(sandbox, inbox):
    channel = make_channel(
        sandbox.base_url, inbox, poll_seconds=1, commands={"": [("lapor", "Buat laporan")]}
    )
    yield channel
    await channel.stop()


@pytest.fixture
async def siti(people, channel):
    """Somebody who has started the bot, so that it may write to them."""
    siti = await people.user("Siti")
    await siti.start("kentongan_bot")
    return siti


@pytest.fixture
async def hook(channel):
    app = web.Application()
    app.add_routes(channel.routes())
    async with TestClient(TestServer(app)) as client:
        yield client
