"""*Keluar* in one process ends the talk in every other on the same database, open streams included."""

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.app import Kentongan, assembled
from bot.channels.base import Delivery, SendError
from bot.channels.webchat import events
from bot.doors import webchat
from bot.serving import Share, opened
from bot.settings import Settings
from dialogs.messages import OutboundMessage
from storage.doors.database import Connection, Database
from storage.talks import conversations
from storage.talks.conversations import NewContact

NEVER = 3600.0


async def app(stack: AsyncExitStack, settings: Settings) -> tuple[Kentongan, TestClient]:
    """The page's door of a process of its own."""
    house = await stack.enter_async_context(assembled(settings))
    door = await webchat.webchat_door(house, settings)
    application = web.Application()
    application.add_routes(door.routes)
    client = await stack.enter_async_context(TestClient(TestServer(application)))
    looking = asyncio.create_task(door.look())
    stack.callback(looking.cancel)
    stack.push_async_callback(door.hush)
    return house, client


@pytest.fixture(params=["sqlite", "postgresql"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    url = request.getfixturevalue("postgres_url") if request.param == "postgresql" else ""
    return Settings(data_dir=tmp_path, database_url=url, _env_file=None)


async def ended_elsewhere(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave in one process what another holds open, and find it shut there."""
    monkeypatch.setattr(events, "BEAT", NEVER)
    async with AsyncExitStack() as stack:
        (house, here), (_, there) = [await app(stack, settings) for _ in range(2)]
        token = (await (await here.post("/chat/api/session")).json())["token"]
        auth = {"Authorization": f"Bearer {token}"}

        async def write(client: TestClient, number: int) -> int:
            body = {"id": f"pesan-{number:04}", "text": "lampu pasar mati"}
            async with client.post("/chat/api/messages", json=body, headers=auth) as answer:
                return answer.status

        assert [await write(here, 1), await write(there, 2)] == [200, 200]
        await house.settle()
        stream = await stack.enter_async_context(
            there.get("/chat/api/events", headers=auth | {"Accept": "text/event-stream"})
        )
        assert (await stream.content.readline()).startswith(b"id:")
        async with here.delete("/chat/api/session", headers=auth) as answer:
            assert answer.status == 204
        async with asyncio.timeout(30):  # a busy machine; without a look or a word it never ends
            await stream.content.read()
        assert [await write(here, 3), await write(there, 4)] == [401, 401]
        async with there.get("/chat/api/events", headers=auth) as answer:
            assert (answer.status, (await answer.json())["error"]) == (401, "session_over")


async def test_it_is_over_in_another_process_within_seconds_though_no_word_of_it_comes(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
):
    assert webchat.ENDED_SECONDS == 5, "what docs/security.md says"
    monkeypatch.setattr(webchat, "ENDED_SECONDS", 0.3)
    monkeypatch.setattr(Database, "ring", lambda *_: None)
    await ended_elsewhere(settings, monkeypatch)


async def test_a_process_without_doors_knows_too_and_counts_no_news_as_read(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(webchat, "ENDED_SECONDS", 0.1)
    news = Delivery("a" * 32, OutboundMessage("Lampu sudah menyala."), id="1")

    def ended(connection: Connection) -> None:
        now, contact = house.core.clock(), NewContact("siti", "webchat", news.address, "id")
        conversations.introduce(connection, contact, now)
        conversations.set_blocked(connection, "webchat", news.address, now)

    async with opened(settings.model_copy(update={"port": 0}), share=Share(doors=False)) as running:
        house = running.house
        channel = house.channels["webchat"]
        assert (await channel.send(news)).refs == ("1",)
        await house.core.database.write(ended)

        async def until_refused() -> None:
            while await channel.send(news):  # noqa: ASYNC110 the process looks by itself
                await asyncio.sleep(0.05)

        with pytest.raises(SendError, match="blocked"):
            await asyncio.wait_for(until_refused(), 30)


async def test_a_word_between_processes_ends_it_there_at_once(
    postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(webchat, "ENDED_SECONDS", NEVER)
    settings = Settings(data_dir=tmp_path, database_url=postgres_url, _env_file=None)
    await ended_elsewhere(settings, monkeypatch)
