"""Updates on their way in: webhooks, unreadable ones, what has no chat; and a name for invitation links."""

import asyncio
import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import orjson
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from telegram.error import TelegramError

from bot.channels.base import FetchError, SendError
from bot.operator.bot import chat_of, username_of
from bot.operator.client import _Request
from bot.operator.reading import ALBUM_QUIET, gather
from bot.services import lanes
from bot.services.core import OPERATOR
from bot.services.reports.ticketing import Ticketing
from dialogs.messages import Attachment
from storage.doors.database import DatabaseAwayError
from storage.talks import inbox
from storage.talks.inbox import Arrival, Waiting
from tests.operator.conftest import NUMBER

TOKEN = "1002:petugas-rahasia"
SECRET = "X-Telegram-Bot-Api-Secret-Token"
HOOK = "/telegram/operator"


@pytest.fixture
async def hook(house):
    app = web.Application()
    app.add_routes(house.bot.routes())
    async with TestClient(TestServer(app)) as client:
        yield client


def start_of(user: int, number: int = 5000) -> dict:
    person = {"id": user, "is_bot": False, "first_name": "Budi"}
    chat = {"id": user, "type": "private", "first_name": "Budi"}
    message = {"message_id": 1, "date": 1_800_000_000, "from": person, "chat": chat, "text": "/start"}
    message["entities"] = [{"type": "bot_command", "offset": 0, "length": 6}]
    return {"update_id": number, "message": message}


async def test_a_webhook_needs_its_secret_and_an_update(hook, house, sandbox):
    budi = await sandbox.user("Budi")
    await budi.start("petugas_bot")
    await budi.wait_for("tautan undangan")
    good = {SECRET: house.bot._secret}
    assert (await hook.post(HOOK, json=start_of(budi.id))).status == 401
    assert (await hook.post(HOOK, json=start_of(budi.id), headers={SECRET: "\u00e9"})).status == 401
    for body in (
        b"",
        b"{",
        b"[]",
        b"7",
        b'{"update_id": "x"}',
        b'{"message": {}}',
        b'{"update_id": 1, "message": {}}',
    ):
        assert (await hook.post(HOOK, data=body, headers=good)).status == 400, body
    assert (await hook.post(HOOK, data=io.BytesIO(b"x" * (1024 * 1024 + 1)), headers=good)).status == 413
    await house.settled()
    await budi.refresh()
    seen = len(budi.messages)

    answers = await asyncio.gather(*(hook.post(HOOK, json=start_of(budi.id), headers=good) for _ in range(8)))
    assert [answer.status for answer in answers] == [200] * 8
    await budi.wait_for("tautan undangan")
    await house.settled()
    await budi.refresh()
    assert len(budi.messages) == seen + 1


async def test_half_a_character_costs_nobody_their_answer(hook, house, sandbox):
    budi = await sandbox.user("Budi")
    await budi.start("petugas_bot")
    await budi.wait_for("tautan undangan")
    seen = len(budi.messages)
    body = orjson.dumps(start_of(budi.id)).replace(b"Budi", b"Budi\\ud83d")
    answer = await hook.post(HOOK, data=body, headers={SECRET: house.bot._secret})
    assert answer.status == 200
    await house.settled()
    await budi.refresh()
    assert len(budi.messages) > seen


def test_half_a_character_in_an_answer_harms_nothing_and_no_answer_is_logged(caplog):
    read = _Request.parse_json_payload
    assert read(b'{"ok": true, "result": "rahasia \\ud83d"}')["result"] == "rahasia \ufffd"
    with pytest.raises(TelegramError):
        read(b'{"text": "rahasia')
    assert not caplog.records


@pytest.mark.parametrize(
    ("raw", "chat"),
    [
        ({"message": {"chat": {"id": 5}}}, "5"),
        ({"callback_query": {"message": {"chat": {"id": -7}}}}, "-7"),
        ({"my_chat_member": {"chat": {"id": -9}}}, "-9"),
        ({"callback_query": {"inline_message_id": "x"}}, ""),
        ({"poll": {"id": "1"}}, ""),
        ({"message": "?"}, ""),
    ],
)
def test_updates_are_put_in_line_by_chat(raw, chat):
    assert chat_of(raw) == chat


async def test_the_bots_name_is_asked_of_telegram(house, sandbox_url):
    assert await username_of(TOKEN, sandbox_url) == "petugas_bot"
    with pytest.raises(SendError, match="unauthorized") as refused:
        await username_of("1:falsch", sandbox_url)
    assert "falsch" not in str(refused.value)


async def test_a_file_that_is_gone_says_so_without_the_token(house):
    with pytest.raises(FetchError) as lost:
        await house.bot.channel.fetch(Attachment("photo", "gone"))
    assert not lost.value.retryable
    assert TOKEN not in str(lost.value)


def test_an_album_waits_for_no_clock_that_was_set_back():
    now, part = datetime(2026, 11, 23, 9, 0, tzinfo=UTC), {"message": {"media_group_id": "a"}}
    before_the_change = Waiting(1, now + timedelta(hours=1), part, 0)
    assert not gather([before_the_change], now).wait
    assert gather([replace(before_the_change, received_at=now)], now).wait == ALBUM_QUIET


async def test_a_reply_to_what_nobody_knows_waits_for_no_clock_that_was_set_back(house, sandbox):
    budi = await sandbox.user("Budi")
    await budi.start("petugas_bot")
    hello = await budi.wait_for("tautan undangan")
    raw = start_of(budi.id, 7)
    ours = {"id": 1002, "is_bot": True, "first_name": "Petugas"}
    raw["message"]["reply_to_message"] = {**raw["message"], "message_id": 999, "from": ours}
    before_the_change = house.clock() + timedelta(hours=1)
    arrival = Arrival(OPERATOR, "7", str(budi.id), before_the_change, raw)
    await house.core.database.write(lambda c: inbox.keep(c, arrival))
    house.staff.wake(OPERATOR, str(budi.id))
    await budi.wait_for(lambda m: m.id > hello.id and "tautan undangan" in m.text)


async def test_the_menu_is_set(house, sandbox):
    calls = await sandbox.calls("petugas_bot", method="setMyCommands")
    assert len(calls) == 6  # in private and in groups, in each language
    assert "latihan" in str(calls)


async def test_a_database_that_is_away_costs_an_update_no_try(house, joined, monkeypatch):
    rina = await joined()
    await house.open()
    card = await rina.wait_for(NUMBER)
    act, outages = Ticketing.act, [DatabaseAwayError(OSError())] * 4

    async def acting(*asked, **more):
        if outages:
            raise outages.pop()
        return await act(*asked, **more)

    monkeypatch.setattr(Ticketing, "act", acting)
    monkeypatch.setattr(lanes, "AFTER_A_FAULT", 0.01)
    await rina.reply(card, "Besok dicek.")
    await rina.wait_for(lambda m: m.id == card.id and "Besok dicek" in m.text)
    assert not outages


async def test_an_update_that_can_never_be_kept_is_let_go_and_its_sender_told(
    hook, house, joined, monkeypatch
):
    async def choking(*_all):
        raise ValueError("cannot bear it")

    dian = await joined("Dian")
    monkeypatch.setattr(house.bot._intake, "staff", choking)
    told = {"json": start_of(dian.id, 7001), "headers": {SECRET: house.bot._secret}}
    assert [(await hook.post(HOOK, **told)).status for _ in range(3)] == [500, 500, 200]
    await dian.wait_for("gagal diproses")
