"""Rasa's socket.io channel, through the library's own client."""

import asyncio
from contextlib import asynccontextmanager

import pytest
import socketio

from bot.channels.rasa.parse import address_of
from bot.doors import webchat
from bot.serving import Opened, Share, opened
from bot.settings import Settings
from dialogs.messages import OutboundMessage
from storage.reports import cases
from storage.talks import outbox
from storage.talks.outbox import Outgoing


class Page:
    """A page with a widget: what it was told, in order."""

    def __init__(self) -> None:
        self.socket = socketio.AsyncClient(reconnection=False)
        self.session: asyncio.Queue = asyncio.Queue()
        self.told: asyncio.Queue = asyncio.Queue()
        self.socket.on("session_confirm", self.session.put_nowait)
        self.socket.on("bot_uttered", self.told.put_nowait)

    async def open(self, base: str, session: str | None = None, **more) -> str:
        await self.socket.connect(base, **more)
        await self.socket.emit("session_request", {"session_id": session})
        async with asyncio.timeout(10):
            return await self.session.get()

    async def until(self, title: str) -> str:
        """The payload of a quick reply, once it is offered."""
        async with asyncio.timeout(20):
            while True:
                for one in (await self.told.get()).get("quick_replies", ()):
                    if one["title"] == title:
                        return one["payload"]

    async def words(self, text: str) -> str:
        async with asyncio.timeout(20):
            while text not in (told := (await self.told.get()).get("text", "")):
                pass
        return told


@asynccontextmanager
async def page(base: str, session: str | None = None, **more):
    one = Page()
    one.name = await one.open(base, session, **more)
    try:
        yield one
    finally:
        await one.socket.disconnect()


async def test_a_report_and_news_of_it_while_away_and_while_there(widgets: Opened):
    house = widgets.house
    async with page(widgets.address) as siti:
        name = siti.name
        assert len(name) >= 16
        said = "lampu jalan depan pasar Godean mati udah seminggu"
        await siti.socket.emit("user_uttered", {"message": said, "session_id": name})
        for title in ("Setuju", "Betul", "Lewati", "Kirim"):
            payload = await siti.until(title)
            await siti.socket.emit("user_uttered", {"message": payload, "session_id": name})
        await siti.words("SLM-")
        (case,) = await house.core.database.read(cases.all_cases)
        assert case.home.address == address_of(name)

        await tell(house, case, "Petugas berangkat.")
        await siti.words("Petugas berangkat.")
    await until_gone(house, case)
    await tell(house, case, "Petugas sudah sampai.")
    async with page(widgets.address, name) as siti:
        assert siti.name == name
        await siti.words("Petugas sudah sampai.")
    assert await house.core.database.read(outbox.undeliverable) == ()


async def test_news_told_by_another_process_reach_the_open_page(
    tmp_path, postgres_url: str, monkeypatch: pytest.MonkeyPatch
):
    assert webchat.NEWS_SECONDS == 5, "what docs/operations.md says"
    monkeypatch.setattr(webchat, "NEWS_SECONDS", 0.2)
    settings = Settings(data_dir=tmp_path, database_url=postgres_url, port=0, rasa_web=True, _env_file=None)
    async with (
        opened(settings, share=Share(clock=False)) as serving,
        opened(settings, share=Share(doors=False)) as working,
        page(serving.address) as siti,
    ):
        await siti.socket.emit("user_uttered", {"message": "halo"})
        assert await siti.told.get()
        news = Outgoing("rasa", address_of(siti.name), OutboundMessage("Petugas berangkat."))
        await working.house.core.database.write(lambda c: outbox.add(c, [news], working.house.core.clock()))
        working.house.deliveries.wake("rasa", news.address)
        await siti.words("Petugas berangkat.")


async def test_two_sessions_hear_only_their_own(widgets: Opened):
    async with page(widgets.address) as siti, page(widgets.address) as budi:
        assert siti.name != budi.name
        await siti.socket.emit("user_uttered", {"message": "jalan rusak di Sinduadi"})
        await siti.until("Setuju")
        assert budi.told.empty()


async def test_nonsense_is_answered_and_harms_nobody(widgets: Opened):
    async with page(widgets.address) as siti:
        for data in (None, 5, [], {"message": None}, {"message": ""}, {"message": "x" * 20_001}):
            await siti.socket.emit("user_uttered", data)
            async with asyncio.timeout(10):
                assert (await siti.told.get())["text"]
        for more in ({}, {"customData": {"language": "id\ud83d"}}):
            await siti.socket.emit("user_uttered", {"message": "halo", **more})
            async with asyncio.timeout(10):
                assert (await siti.told.get())["text"]


async def test_a_token_is_asked_for_where_one_is_set(tmp_path):
    settings = Settings(data_dir=tmp_path, port=0, rasa_web=True, rasa_token="rahasia", _env_file=None)
    async with opened(settings) as running:
        with pytest.raises(socketio.exceptions.ConnectionError):
            async with page(running.address):
                pass
        async with page(running.address, auth={"token": "rahasia"}) as siti:
            assert siti.name


async def tell(house, case, text: str) -> None:
    news = Outgoing(case.home.channel, case.home.address, OutboundMessage(text, ticket=case.ticket.number))
    await house.core.database.write(lambda c: outbox.add(c, [news], house.core.clock()))
    house.deliveries.wake(case.home.channel, case.home.address)
    await house.settle()


async def until_gone(house, case) -> None:
    """Wait until the server has noticed that the page was closed."""
    ends = house.channels["rasa"]._talks.ends
    async with asyncio.timeout(10):
        while ends.of(case.home.address):  # noqa: ASYNC110 only the server knows
            await asyncio.sleep(0.01)
