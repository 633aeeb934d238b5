import asyncio
import io
from contextlib import asynccontextmanager, suppress
from dataclasses import replace

import pytest
from PIL import Image

from bot.channels.base import Delivery, SendError
from bot.channels.telegram.calls import Host
from bot.channels.telegram.polling import CONFLICT_PAUSE, LONGEST_PAUSE, Poller
from dialogs.messages import OutboundMessage
from tests.channels.telegram.conftest import make_channel


@asynccontextmanager
async def polling(channel):
    await channel.start()
    task = asyncio.create_task(channel.poll(jitter=lambda: 0.0))
    try:
        yield task
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def until(condition, seconds=8):
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 - what is waited for sets no event
            await asyncio.sleep(0.01)


async def test_what_people_send_arrives_in_order(channel, inbox, siti):
    async with polling(channel):
        for number in range(20):
            await siti.send("kentongan_bot", f"pesan {number}")
        await until(lambda: len(inbox.messages) == 21)
    assert [one.text for one in inbox.messages] == ["/start", *(f"pesan {number}" for number in range(20))]


@pytest.mark.parametrize("kind", ["voice", "sticker", "contact", "poll"])
async def test_every_kind_of_content_arrives(channel, inbox, siti, kind):
    await siti.send_sample("kentongan_bot", kind)
    async with polling(channel):
        await until(lambda: len(inbox.messages) == 2)
    assert inbox.messages[1].kind == ("media" if kind == "voice" else kind)


async def test_an_album_keeps_together_and_its_photos_can_be_fetched(channel, inbox, siti):
    await siti.send_photos("kentongan_bot", [picture("red"), picture("blue")], "dua foto")
    async with polling(channel):
        await until(lambda: len(inbox.messages) == 3)
    first, second = inbox.messages[1:]
    assert first.group == second.group != ""
    assert first.text == "dua foto"
    assert await channel.fetch(first.attachments[0]) != await channel.fetch(second.attachments[0])


async def test_an_update_that_cannot_be_kept_comes_again(channel, inbox, siti):
    inbox.broken = 1
    async with polling(channel):
        await until(lambda: inbox.messages)
    assert [one.text for one in inbox.messages] == ["/start"]


async def test_an_unreadable_update_does_not_stop_the_others(channel, inbox, siti, people):
    await people.push_update("kentongan_bot", {"message": {"text": 5}})
    await siti.send("kentongan_bot", "masih sampai?")
    async with polling(channel):
        await until(lambda: len(inbox.messages) == 2)
    assert inbox.messages[1].text == "masih sampai?"


async def test_half_a_character_holds_up_nobody(channel, inbox, siti, monkeypatch):
    asked = Host.post

    async def bent(self, *call):
        answer = await asked(self, *call)
        return replace(answer, content=answer.content.replace(b"separuh", b"\\ud83d"))

    monkeypatch.setattr(Host, "post", bent)
    await siti.send("kentongan_bot", "lampu separuh mati")
    await siti.send("kentongan_bot", "masih sampai?")
    async with polling(channel):
        await until(lambda: len(inbox.messages) == 3)
    assert [one.text for one in inbox.messages[1:]] == ["lampu \ufffd mati", "masih sampai?"]


async def test_what_was_sent_counts_as_sent_whatever_its_reader_is_called(channel, siti, monkeypatch):
    asked = Host.post

    async def bent(self, *call):
        answer = await asked(self, *call)
        return replace(answer, content=answer.content.replace(b"Siti", b"Siti\\ud83d"))

    monkeypatch.setattr(Host, "post", bent)
    sent = await channel.send(Delivery(str(siti.id), OutboundMessage("Ada fotonya?")))
    assert len(sent.refs) == 1


async def test_an_update_sent_twice_is_kept_once(channel, inbox, siti, people):
    state = {
        "message_id": 900,
        "date": 1763780640,
        "chat": {"id": siti.id, "type": "private"},
        "text": "dua kali",
    }
    await people.push_update("kentongan_bot", {"message": state}, duplicate=2)
    await siti.send("kentongan_bot", "lalu ini")
    async with polling(channel):
        await until(lambda: len(inbox.messages) == 3)
    assert [one.text for one in inbox.messages] == ["/start", "dua kali", "lalu ini"]


async def test_polling_survives_an_outage(channel, inbox, siti, people):
    await people.fault("error", method="getUpdates", code=502, description="Bad Gateway")
    await people.fault("drop", method="getUpdates")
    async with polling(channel):
        await until(lambda: inbox.messages)
    assert inbox.messages[0].text == "/start"


async def test_a_block_is_told(channel, inbox, siti):
    async with polling(channel):
        await siti.block("kentongan_bot")
        await until(lambda: inbox.memberships)
    assert [(one.address, one.reachable) for one in inbox.memberships] == [(str(siti.id), False)]


async def test_the_menu_is_set_and_the_webhook_cleared(channel, people):
    await channel.start()
    methods = [call["method"] for call in await people.calls()]
    assert methods == ["setMyCommands", "deleteWebhook"]


async def test_a_webhook_is_set_with_its_secret(channel, people):
    await channel.start("https://kota.example/")
    (call,) = await people.calls(method="setWebhook")
    assert call["params"]["url"] == "https://kota.example/telegram/citizen"
    assert call["params"]["allowed_updates"] == [
        "message",
        "edited_message",
        "callback_query",
        "my_chat_member",
    ]


async def test_a_refused_set_up_says_so(channel, people):
    await people.fault("error", method="setMyCommands", code=401, description="Unauthorized")
    with pytest.raises(SendError) as caught:
        await channel.start()
    assert caught.value.code == "unauthorized"


def picture(colour):
    buffer = io.BytesIO()
    Image.new("RGB", (30, 20), colour).save(buffer, "JPEG")
    return buffer.getvalue()


def poller(problems, taken=print):
    async def fetch(offset):
        if problems:
            raise problems.pop(0)
        return [{"update_id": 7}]

    async def take(update):
        taken(update)

    return Poller(fetch, take, jitter=lambda: 1.0)


async def test_pauses_grow_up_to_a_bound_and_end_with_success():
    problems = [SendError("network", "down", retryable=True) for _ in range(9)]
    polled = poller(problems)
    pauses = [await polled.step() for _ in range(10)]
    assert pauses == [1, 2, 4, 8, 16, 32, LONGEST_PAUSE, LONGEST_PAUSE, LONGEST_PAUSE, 0]
    assert (polled.offset, polled.failures) == (8, 0)


async def test_the_pause_telegram_asks_for_is_kept():
    polled = poller([SendError("rate_limited", "", retryable=True, retry_after=30)])
    assert await polled.step() == 30


async def test_a_second_poller_is_reported_in_clear_words(capsys):
    cut_off = SendError("conflict", "terminated by other getUpdates request", retryable=True)
    assert await poller([cut_off]).step() == CONFLICT_PAUSE
    assert "another process receives this bot's updates" in capsys.readouterr().err


async def test_what_was_not_taken_is_not_confirmed():
    def broken(update):
        raise RuntimeError("disk full")

    polled = poller([], broken)
    assert await polled.step() > 0
    assert polled.offset == 0


async def test_an_update_that_can_never_be_kept_is_set_aside_and_those_behind_it_go_on(sandbox, inbox, siti):
    """Three tries, as with every message the program chokes on."""
    aside, kept = [], inbox.intake

    async def choking(message):
        if "racun" in message.text:
            raise ValueError("cannot bear it")
        return await kept(message)

    async def set_aside(message, error):
        aside.append((message.text, message.address, type(error)))
        return True

    inbox.intake = choking
    channel = make_channel(sandbox.base_url, inbox, poll_seconds=1, aside=set_aside)
    await siti.send("kentongan_bot", "racun tikus")
    await siti.send("kentongan_bot", "masih sampai?")
    async with polling(channel):
        await until(lambda: len(inbox.messages) == 2)
    await channel.stop()
    assert inbox.messages[1].text == "masih sampai?"
    assert aside == [("racun tikus", str(siti.id), ValueError)]


async def test_what_the_database_could_not_take_is_never_set_aside(sandbox, inbox, siti):
    async def not_now(_message, _error):
        return False

    inbox.broken = 4
    channel = make_channel(sandbox.base_url, inbox, poll_seconds=1, aside=not_now)
    async with polling(channel):
        await until(lambda: inbox.messages, seconds=20)
    await channel.stop()
    assert [one.text for one in inbox.messages] == ["/start"]
