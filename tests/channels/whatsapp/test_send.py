"""What is sent, and what the Cloud API answers: against the strict stand-in, without a house."""

from datetime import UTC, datetime

import pytest

from bot.channels.base import DOOR_CODES, Delivery, HeldError, OutboundFile, SendError
from bot.channels.graph.client import GraphClient
from bot.channels.whatsapp.channel import House, WhatsAppChannel
from bot.channels.whatsapp.templates import Templates
from bot.sandbox.graph.server import choices, start_graph, text_of
from dialogs.messages import Button, OutboundMessage
from tests.channels.wires.meta import NUMBER, SECRET

PHONE = "6281234567890"


class Book:
    """Knows people by their number; remembers uploads."""

    def __init__(self):
        self.refs = {}

    async def reach(self, _channel, address):
        return {"phone": address}

    async def find(self, _channel, sha256):
        return self.refs.get(sha256, "")

    async def keep(self, _channel, sha256, ref, _lasts):
        self.refs[sha256] = ref

    async def take(self, *_things):
        return True


@pytest.fixture
async def sandbox():
    running = await start_graph([NUMBER], app_secret=SECRET)
    yield running
    await running.stop()


@pytest.fixture
def siti(sandbox):
    person = sandbox.person(NUMBER, "Siti", PHONE)
    person.wrote_at = sandbox.graph.clock()
    return person


@pytest.fixture
async def channel(sandbox, siti):
    book = Book()
    house = House(book.take, book.take, book, book, lambda: datetime.now(UTC))
    channel = WhatsAppChannel(
        GraphClient(sandbox.base_url, "v25.0", NUMBER.token), NUMBER.id, house, Templates()
    )
    yield channel
    await channel.stop()


def row(*labels):
    return (tuple(Button(label, f"/{number}") for number, label in enumerate(labels)),)


async def say(channel, text, **more):
    return await channel.send(Delivery(PHONE, OutboundMessage(text, **more)))


async def test_three_short_choices_are_buttons_and_more_a_list(channel, siti):
    await say(channel, "Betul?", buttons=row("Betul", "Lokasi lain", "Kategori lain"))
    await say(channel, "Pilih", buttons=row(*(f"Pilihan {n}" for n in range(10))))
    kinds = [one["interactive"]["type"] for one in siti.seen]
    assert kinds == ["button", "list"]
    assert len(choices(siti.seen[-1])) == 10


async def test_long_labels_stand_whole_in_a_list(channel, siti):
    await say(channel, "Pilih", buttons=row("Sampah menumpuk di tepi sungai", "Lainnya"))
    assert list(choices(siti.seen[-1])) == ["Sampah menumpuk di tepi sungai", "Lainnya"]


async def test_more_than_ten_choices_are_paged(channel, siti):
    await say(channel, "Pilih", buttons=row(*(f"Pilihan {n}" for n in range(23))))
    assert [len(choices(one)) for one in siti.seen] == [10, 10, 3]
    assert [text_of(one) for one in siti.seen] == ["Pilih", "Pilihan lainnya:", "Pilihan lainnya:"]


async def test_labels_that_are_the_same_make_a_list(channel, siti):
    await say(channel, "Pilih", buttons=((Button("Ya", "/a"), Button("Ya", "/b")),))
    assert siti.seen[-1]["interactive"]["type"] == "list"


async def test_a_link_is_a_button_alone_and_a_line_beside_others(channel, siti):
    link = Button("Buka peta", "", "https://peta.example/a")
    await say(channel, "Lihat", buttons=((link,),))
    assert siti.seen[-1]["interactive"]["type"] == "cta_url"
    await say(channel, "Lihat", buttons=((link, Button("Ya", "/ya")),))
    assert "Buka peta: https://peta.example/a" in text_of(siti.seen[-1])


async def test_a_place_is_asked_for_alone_and_beside_choices(channel, siti):
    await say(channel, "Di mana?", ask_location=True)
    await say(channel, "Di mana?", ask_location=True, buttons=row("Lewati"))
    kinds = [one["interactive"]["type"] for one in siti.seen]
    assert kinds == ["location_request_message", "button", "location_request_message"]


async def test_a_long_question_keeps_its_choices_at_the_end(channel, siti):
    await say(channel, "kata 🌊 " * 900, buttons=row("Ya"))
    assert [one["type"] for one in siti.seen][-1] == "interactive"
    assert sum(text_of(one).count("kata") for one in siti.seen) == 900


async def test_a_reply_quotes_what_it_answers(channel, siti):
    await say(channel, "Baik", reply_to="wamid.X")
    assert siti.seen[-1]["reply_to"] == "wamid.X"


async def test_nothing_at_all_cannot_be_sent(channel):
    with pytest.raises(SendError) as caught:
        await say(channel, "  ")
    assert caught.value.code == "empty"


async def test_nobody_there_means_nothing_was_sent(unused_tcp_port):
    book = Book()
    house = House(book.take, book.take, book, book, lambda: datetime.now(UTC))
    graph = GraphClient(f"http://127.0.0.1:{unused_tcp_port}", "v25.0", "t")
    channel = WhatsAppChannel(graph, NUMBER.id, house, Templates())
    with pytest.raises(SendError) as caught:
        await say(channel, "halo")
    assert (caught.value.code, caught.value.retryable) == ("network", True)
    await channel.stop()


@pytest.mark.parametrize(
    ("status", "code", "short", "retryable"),
    [
        (429, 130429, "rate_limited", True),
        (400, 131056, "rate_limited", True),
        (400, 131026, "undeliverable", False),
        (400, 131009, "bad_request", False),
        (401, 190, "token", True),
        (403, 10, "account", True),
        (403, 33, "account", True),
        (400, 80007, "rate_limited", True),
        (400, 80008, "rate_limited", True),
        (500, 131000, "server", True),
        (503, 0, "server", True),
    ],
)
async def test_refusals_have_a_code(channel, sandbox, status, code, short, retryable):
    sandbox.fault("/messages", status, code)
    with pytest.raises(SendError) as caught:
        await channel.send(Delivery(PHONE, OutboundMessage("halo")))
    assert (caught.value.code, caught.value.retryable) == (short, retryable)
    assert "token-whatsapp" not in str(caught.value)


@pytest.mark.parametrize("code", [131047, 132001, 132000, 132015])
async def test_what_only_the_person_can_open_is_held(channel, sandbox, code):
    sandbox.fault("/messages", 400, code)
    with pytest.raises(HeldError) as caught:
        await channel.send(Delivery(PHONE, OutboundMessage("halo")))
    assert "24 jam" in caught.value.text


async def test_a_token_that_expired_is_waited_for(channel, sandbox):
    sandbox.fault("/messages", 401, 190)
    with pytest.raises(SendError) as caught:
        await channel.send(Delivery(PHONE, OutboundMessage("halo")))
    assert caught.value.code in DOOR_CODES
    assert caught.value.retry_after == 300


async def no_file():
    raise FileNotFoundError


async def some_bytes():
    return b"\xff\xd8\xff" * 30


async def test_a_file_is_uploaded_once(channel, sandbox, siti):
    file = OutboundFile("photo", "image/jpeg", "a.jpg", some_bytes, "f00d")
    for _ in range(2):
        await channel.send(Delivery(PHONE, OutboundMessage("lihat"), (file,)))
    paths = [one.path.rsplit("/", 1)[-1] for one in sandbox.graph.calls]
    assert (paths.count("media"), siti.seen[-1]["image"]["caption"]) == (1, "lihat")


async def test_a_long_message_that_got_halfway_goes_on_there(channel, sandbox, siti):
    files = tuple(OutboundFile("photo", "image/jpeg", f"{n}.jpg", some_bytes, f"{n}") for n in range(2))
    message = OutboundMessage("Sudah?", ((Button("Ya", "/affirm"),),))
    before = len(siti.seen)
    first = Delivery(PHONE, message, files)
    original, sent = channel._send_part, []

    async def breaking(address, part):
        if len(sent) == 1:
            sent.append("")
            raise SendError("server", "5xx", retryable=True)
        sent.append(await original(address, part))
        return sent[-1]

    channel._send_part = breaking
    with pytest.raises(SendError) as caught:
        await channel.send(first)
    assert len(caught.value.refs) == 1
    result = await channel.send(Delivery(PHONE, message, files, sent=caught.value.refs))
    assert len(result.refs) == 3
    assert [one["type"] for one in siti.seen[before:]] == ["image", "image", "interactive"]


async def test_a_file_that_cannot_be_read_is_tried_again(channel, sandbox, siti):
    file = OutboundFile("photo", "image/jpeg", "a.jpg", no_file)
    with pytest.raises(SendError) as caught:
        await channel.send(Delivery(PHONE, OutboundMessage(""), (file,)))
    assert (caught.value.code, caught.value.retryable) == ("file_unreadable", True)
