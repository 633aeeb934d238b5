"""Polling, webhooks, and the shape of what a bot is told."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web

from bot.sandbox.client import SandboxClient, User
from bot.sandbox.table import Compiler, specification

WEBHOOK_ACTIVE = (
    "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
)
EVERYTHING = [
    "message",
    "edited_message",
    "callback_query",
    "my_chat_member",
    "chat_member",
    "message_reaction",
]


async def test_updates_are_confirmed_by_offset(api: Any, siti: User) -> None:
    await siti.send("kentongan_bot", "dua")
    first, second = await api("getUpdates")
    assert first["message"]["text"] == "/start"
    assert first["message"]["entities"] == [{"offset": 0, "length": 6, "type": "bot_command"}]
    assert second["update_id"] == first["update_id"] + 1
    assert await api("getUpdates", limit=1) == [first]
    assert await api("getUpdates", offset=second["update_id"]) == [second]
    assert await api("getUpdates") == [second]
    assert await api("getUpdates", offset=second["update_id"] + 1) == []


async def test_a_negative_offset_keeps_only_the_newest(api: Any, siti: User) -> None:
    for text in ("a", "b", "c"):
        await siti.send("kentongan_bot", text)
    assert [u["message"]["text"] for u in await api("getUpdates", offset=-2)] == ["b", "c"]
    assert [u["message"]["text"] for u in await api("getUpdates")] == ["b", "c"]


async def test_a_waiting_poll_gets_the_update_at_once(api: Any, siti: User) -> None:
    (update,) = await api("getUpdates")
    waiting = asyncio.create_task(api("getUpdates", offset=update["update_id"] + 1, timeout=20))
    await asyncio.sleep(0.05)
    await siti.send("kentongan_bot", "halo")
    (fresh,) = await asyncio.wait_for(waiting, 5)
    assert fresh["message"]["text"] == "halo"


async def test_a_second_poller_ends_the_first(api: Any) -> None:
    first = asyncio.create_task(api.answer("getUpdates", timeout=20))
    await asyncio.sleep(0.05)
    assert await api("getUpdates") == []
    answer = await asyncio.wait_for(first, 5)
    assert answer["error_code"] == 409
    assert answer["description"] == (
        "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
    )


async def test_some_kinds_come_only_when_asked_for(api: Any, siti: User) -> None:
    sent = await siti.send("kentongan_bot", "halo")
    await siti.react(sent, "👍")
    await siti.edit(sent, "halo lagi")
    kinds = [set(u) - {"update_id"} for u in await api("getUpdates", allowed_updates=["message_reaction"])]
    assert kinds == [{"message"}, {"message"}, {"edited_message"}]
    await siti.send("kentongan_bot", "tidak diminta")
    await siti.react(sent, "❤")
    assert [u["message_reaction"]["new_reaction"] for u in (await api("getUpdates"))[3:]] == [
        [{"type": "emoji", "emoji": "❤"}]
    ]


async def test_a_raw_update_can_come_twice(api: Any, client: SandboxClient) -> None:
    number = await client.push_update("kentongan_bot", {"message": {"message_id": 1}}, duplicate=2)
    assert await api("getUpdates") == [{"update_id": number, "message": {"message_id": 1}}] * 2


async def test_everything_told_has_the_real_shape(
    api: Any, siti: User, client: SandboxClient, photo: bytes
) -> None:
    await api("getUpdates", allowed_updates=EVERYTHING)
    bot = "kentongan_bot"
    sent = await api(
        "sendMessage",
        chat_id=siti.id,
        text="a",
        reply_markup={"inline_keyboard": [[{"text": "Ya", "callback_data": "y"}]]},
    )
    await siti.press("Ya")
    await siti.send_photos(bot, [photo, photo], "album")
    await siti.send_document(bot, b"isi")
    await siti.send_location(bot, -7.77, 110.29)
    for kind in ("sticker", "voice", "video", "contact", "poll"):
        await siti.send_sample(bot, kind)
    own = await siti.send(bot, "halo")
    await siti.edit(own, "halo 2")
    await siti.react(own, "👍")
    await siti.block(bot)
    group = await client.forum("Dishub", ["Lampu"])
    await group.add(bot, admin=True)
    await group.add(siti)
    await group.owner.send(group["Lampu"], "halo")
    await api("sendPoll", chat_id=group.id, question="?", options=[{"text": "a"}], is_anonymous=False)
    updates = await api("getUpdates")
    assert len(updates) > 17
    assert sent["reply_markup"]["inline_keyboard"][0][0]["callback_data"] == "y"
    for update in updates:
        check("Update", update)


def check(kind: str, value: Any) -> None:
    """Every field is one the Bot API names, of its type, and no required one is missing."""
    entry = specification()["types"].get(kind)
    if kind.startswith("Array of "):
        assert isinstance(value, list)
        for item in value:
            check(kind.removeprefix("Array of "), item)
    elif entry is None:
        assert isinstance(
            value, {"Integer": int, "String": str, "Boolean": bool, "Float": float}.get(kind, bool)
        ), value
    elif "one_of" in entry:
        Compiler(specification()["types"]).reader([kind])(value)
    else:
        unknown = value.keys() - entry["fields"].keys()
        assert not unknown, (kind, unknown)
        for name, field_ in entry["fields"].items():
            assert name in value or not field_.get("required"), (kind, name)
            if name in value:
                check(field_["types"][0], value[name])


@dataclass
class Hook:
    """A bot's webhook that notes what it gets and answers what it is told to."""

    url: str = ""
    got: list[tuple[str | None, dict[str, Any]]] = field(default_factory=list)
    answers: list[web.Response] = field(default_factory=list)
    arrived: asyncio.Event = field(default_factory=asyncio.Event)

    async def handle(self, request: web.Request) -> web.Response:
        self.arrived.set()
        self.got.append((request.headers.get("X-Telegram-Bot-Api-Secret-Token"), await request.json()))
        return self.answers.pop(0) if self.answers else web.Response()

    async def texts(self, count: int) -> list[str]:
        async with asyncio.timeout(5):
            while len(self.got) < count:
                self.arrived.clear()
                await self.arrived.wait()
        return [update["message"]["text"] for _, update in self.got]


@pytest.fixture
async def hook() -> AsyncIterator[Hook]:
    made = Hook()
    app = web.Application()
    app.router.add_post("/hook", made.handle)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    made.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield made
    await runner.cleanup()


async def test_a_webhook_gets_waiting_and_new_updates_with_its_secret(
    api: Any, siti: User, hook: Hook
) -> None:
    await api("setWebhook", url=hook.url, secret_token="rahasia_1", max_connections=5)
    await siti.send("kentongan_bot", "dua")
    assert await hook.texts(2) == ["/start", "dua"]
    assert {secret for secret, _ in hook.got} == {"rahasia_1"}
    assert await api.error("getUpdates") == f"Conflict: {WEBHOOK_ACTIVE}"
    assert await api("getWebhookInfo") == {
        "url": hook.url,
        "has_custom_certificate": False,
        "max_connections": 5,
        "pending_update_count": 0,
    }


async def test_a_refused_update_comes_again_and_keeps_its_place(api: Any, siti: User, hook: Hook) -> None:
    hook.answers = [web.Response(status=500), web.Response(status=403)]
    await api("setWebhook", url=hook.url)
    await siti.send("kentongan_bot", "dua")
    assert await hook.texts(4) == ["/start", "/start", "/start", "dua"]
    info = await api("getWebhookInfo")
    assert info["last_error_message"] == "Wrong response from the webhook: 403 Forbidden"


async def test_one_stubborn_chat_does_not_hold_up_another(
    api: Any, siti: User, hook: Hook, client: SandboxClient
) -> None:
    budi = await client.existing_user("Budi")
    hook.answers = [web.Response(status=500)]
    await client.limits(enabled=False, webhook_first_retry=30)
    await api("setWebhook", url=hook.url)
    assert await hook.texts(1) == ["/start"]
    await siti.send("kentongan_bot", "menunggu")
    await budi.send("kentongan_bot", "halo dari Budi")
    assert await hook.texts(2) == ["/start", "halo dari Budi"]
    assert (await api("getWebhookInfo"))["pending_update_count"] == 2


async def test_a_method_in_the_answer_is_carried_out(api: Any, siti: User, hook: Hook) -> None:
    hook.answers = [web.json_response({"method": "sendMessage", "chat_id": siti.id, "text": "lewat jawaban"})]
    await api("setWebhook", url=hook.url)
    await siti.wait_for("lewat jawaban")


async def test_an_unreachable_webhook_keeps_updates(api: Any, siti: User) -> None:
    await api("setWebhook", url="http://127.0.0.1:9/x")
    for _ in range(500):
        if "last_error_message" in (info := await api("getWebhookInfo")):
            break
        await asyncio.sleep(0.01)
    assert (info["last_error_message"], info["pending_update_count"]) == ("Connection refused", 1)
    await api("deleteWebhook")
    assert [u["message"]["text"] for u in await api("getUpdates")] == ["/start"]
    await api("deleteWebhook", drop_pending_updates=True)
    assert await api("getUpdates") == []
