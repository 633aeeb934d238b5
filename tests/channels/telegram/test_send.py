import asyncio
import io

import pytest
from PIL import Image

from bot.channels.base import Delivery, FetchError, OutboundFile, SendError
from bot.channels.botapi import scrubbed
from bot.channels.telegram.channel import TelegramChannel
from dialogs.messages import Attachment, Button, OutboundMessage

TOKEN = "42:RahasiaSekali"


def button(label, payload="/x", url=""):
    return Button(label, payload, url)


def photo(kind="photo", colour="red"):
    buffer = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(buffer, "JPEG")

    async def read():
        return buffer.getvalue()

    return OutboundFile(kind, "image/jpeg", f"{colour}.jpg", read)


def to(person, text="", *, files=(), sent=(), **more):
    return Delivery(str(person.id), OutboundMessage(text, **more), tuple(files), sent=sent)


async def methods(people):
    return [call["method"] for call in await people.calls() if call["method"].startswith("send")]


async def test_text_and_buttons_arrive(channel, siti):
    rows = ((button("Betul", "/affirm"), button("Lain")), (button("Peta", url="https://peta.example"),))
    result = await channel.send(to(siti, "Betul *begitu* <b>?", buttons=rows))
    message = await siti.wait_for(text="Betul *begitu* <b>?")
    assert message.labels == ["Betul", "Lain", "Peta"]
    assert result.refs == (str(message.id),)


async def test_a_long_text_comes_in_parts_with_the_buttons_last(channel, siti, people):
    result = await channel.send(to(siti, "kata 🌊 " * 1500, buttons=((button("Ya"),),)))
    calls = await people.calls(method="sendMessage")
    assert len(calls) == len(result.refs) == 3
    assert [bool(call["params"].get("reply_markup", {}).get("inline_keyboard")) for call in calls] == [
        False,
        False,
        True,
    ]
    assert all(call["ok"] for call in calls)


async def test_a_reply_goes_out_even_when_its_message_is_gone(channel, siti, people):
    await channel.send(to(siti, "jawaban", reply_to="99999"))
    (call,) = await people.calls(method="sendMessage")
    assert call["params"]["reply_parameters"]["allow_sending_without_reply"] is True


async def test_one_photo_carries_text_and_buttons(channel, siti, people):
    await channel.send(to(siti, "Sudah beres?", files=[photo()], buttons=((button("Sudah"),),)))
    assert await methods(people) == ["sendPhoto"]


async def test_a_text_too_long_for_a_caption_follows_its_photo(channel, siti, people):
    await channel.send(to(siti, "x" * 1025, files=[photo()]))
    assert await methods(people) == ["sendPhoto", "sendMessage"]


async def test_photos_go_as_albums_of_ten(channel, siti, people):
    result = await channel.send(
        to(siti, "dua belas", files=[photo(colour=f"#0000{n:02x}") for n in range(12)])
    )
    assert await methods(people) == ["sendMediaGroup", "sendMediaGroup", "sendMessage"]
    assert len(result.refs) == 13


async def test_what_telegram_does_not_mix_goes_apart(channel, siti, people):
    files = [photo(), photo("document"), photo("document"), photo("voice"), photo("animation")]
    await channel.send(to(siti, files=files))
    assert await methods(people) == ["sendPhoto", "sendMediaGroup", "sendVoice", "sendAnimation"]


async def test_asking_for_the_location(channel, siti):
    await channel.send(to(siti, "Di mana?", ask_location=True))
    message = await siti.wait_for(text="Di mana?")
    assert message.key_labels == ["📍 Kirim lokasi saya"]


async def test_asking_for_the_location_beside_other_buttons(channel, siti):
    delivery = to(siti, "Di mana?", ask_location=True, buttons=((button("Lewati"),),))
    result = await channel.send(delivery)
    assert len(result.refs) == 2
    question = await siti.wait_for(text="Di mana?")
    assert question.labels == ["Lewati"]


async def test_buttons_telegram_would_refuse_become_a_list(channel, siti):
    rows = ((button("Jalan", "/SetSlots(category=" + "j" * 60 + ")"), button("Lampu")),)
    await channel.send(to(siti, "Pilih", buttons=rows))
    message = await siti.wait_for(text="Pilih\n\n1. Jalan\n2. Lampu")
    assert message.labels == []


async def test_a_message_that_got_halfway_goes_on_there(channel, siti, people):
    await people.fault("flood", method="sendMessage", retry_after=7)
    delivery = to(siti, "x" * 1025, files=[photo()])
    with pytest.raises(SendError) as caught:
        await channel.send(delivery)
    problem = caught.value
    assert (problem.code, problem.retryable, problem.retry_after, len(problem.refs)) == (
        "rate_limited",
        True,
        7,
        1,
    )
    result = await channel.send(
        Delivery(delivery.address, delivery.message, delivery.files, sent=problem.refs)
    )
    assert await methods(people) == ["sendPhoto", "sendMessage", "sendMessage"]
    assert result.refs[:1] == problem.refs
    assert len(result.refs) == 2


@pytest.mark.parametrize(
    ("fault", "code", "retryable"),
    [
        ({"kind": "error", "code": 500, "description": "Internal Server Error"}, "server", True),
        ({"kind": "error", "code": 502, "description": "Bad Gateway"}, "server", True),
        (
            {"kind": "error", "code": 403, "description": "Forbidden: bot was blocked by the user"},
            "blocked",
            False,
        ),
        (
            {"kind": "error", "code": 400, "description": "Bad Request: chat not found"},
            "chat_not_found",
            False,
        ),
        (
            {"kind": "error", "code": 400, "description": "Bad Request: BUTTON_URL_INVALID"},
            "bad_request",
            False,
        ),
        ({"kind": "error", "code": 401, "description": "Unauthorized"}, "unauthorized", False),
        ({"kind": "error", "code": 413, "description": "Request Entity Too Large"}, "file_too_large", False),
        ({"kind": "drop"}, "unknown_outcome", True),
        ({"kind": "drop_after"}, "unknown_outcome", True),
    ],
)
async def test_what_goes_wrong_has_a_code(channel, siti, people, fault, code, retryable):
    await people.fault(method="sendMessage", **fault)
    with pytest.raises(SendError) as caught:
        await channel.send(to(siti, "halo"))
    assert (caught.value.code, caught.value.retryable) == (code, retryable)
    assert caught.value.__cause__ is None


async def test_a_block_is_found_out_when_sending(channel, siti):
    await siti.block("kentongan_bot")
    with pytest.raises(SendError) as caught:
        await channel.send(to(siti, "halo"))
    assert caught.value.code == "blocked"


async def test_silence_leaves_the_outcome_unknown(channel, siti, people, monkeypatch):
    monkeypatch.setattr("bot.channels.telegram.channel.CALL_SECONDS", 1.0)
    await people.fault("timeout_after", method="sendMessage", seconds=3)
    with pytest.raises(SendError) as caught:
        await channel.send(to(siti, "halo"))
    assert caught.value.code == "unknown_outcome"


async def test_no_connection_means_nothing_was_sent(inbox, unused_tcp_port):
    channel = TelegramChannel(TOKEN, api=f"http://127.0.0.1:{unused_tcp_port}", intake=inbox.intake)
    with pytest.raises(SendError) as caught:
        await channel.send(Delivery("5", OutboundMessage("halo")))
    assert (caught.value.code, caught.value.retryable) == ("network", True)
    await channel.stop()


@pytest.mark.parametrize(("address", "text", "code"), [("x", "halo", "chat_not_found"), ("5", "  ", "empty")])
async def test_what_cannot_be_sent_at_all(channel, address, text, code):
    with pytest.raises(SendError) as caught:
        await channel.send(Delivery(address, OutboundMessage(text)))
    assert (caught.value.code, caught.value.retryable) == (code, False)


async def test_a_file_that_cannot_be_read_is_retried(channel, siti):
    async def gone():
        raise FileNotFoundError("/data/media/ab")

    with pytest.raises(SendError) as caught:
        await channel.send(to(siti, files=[OutboundFile("photo", "image/jpeg", "a.jpg", gone)]))
    assert (caught.value.code, caught.value.retryable) == ("file_unreadable", True)


@pytest.mark.parametrize("ref", ["tidak-ada", ""])
async def test_an_unknown_file_cannot_be_fetched(channel, siti, ref):
    with pytest.raises(FetchError) as caught:
        await channel.fetch(Attachment("photo", ref))
    assert not caught.value.retryable
    assert TOKEN not in str(caught.value)


async def test_a_failing_download_names_no_token(channel, siti, people, sandbox):
    await channel.send(to(siti, files=[photo()]))
    call = (await people.calls(method="sendPhoto"))[0]
    ref = call["result"]["photo"][-1]["file_id"]
    await people.fault("drop", method="getFile")
    with pytest.raises(FetchError) as caught:
        await channel.fetch(Attachment("photo", ref))
    assert caught.value.retryable
    assert TOKEN not in str(caught.value)
    assert await channel.fetch(Attachment("photo", ref))


def test_the_token_is_scrubbed_in_every_form():
    text = f"GET https://api.example/bot{TOKEN}/x and /bot42%3ARahasiaSekali/x"
    assert "Rahasia" not in scrubbed(text, TOKEN)


async def test_sends_at_once_share_the_connections(channel, siti, people):
    await asyncio.gather(*(channel.send(to(siti, f"n{number}")) for number in range(50)))
    assert len(await people.calls(method="sendMessage")) == 50


async def test_nothing_is_sent_that_the_bot_api_does_not_know(channel, siti, people):
    await channel.send(to(siti, "a", files=[photo(), photo()], buttons=((button("b"),),), ask_location=True))
    assert await people.ignored_parameters() == {}
