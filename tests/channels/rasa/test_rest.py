"""Rasa's REST channel, as any client of it speaks."""

import asyncio
import json

import aiohttp
import pytest

from bot.channels.base import Delivery
from bot.channels.rasa import render, talks
from bot.channels.rasa.parse import address_of
from bot.serving import Opened, opened
from bot.settings import Settings
from dialogs.messages import Attachment, Button, OutboundMessage
from storage.reports import cases
from storage.talks import outbox
from storage.talks.outbox import Outgoing

SITI = "3f0c1b9e-0f6a-4a41-9a75-2f6f6f6f0001"


class Client:
    """A widget that knows nothing of us but the address."""

    def __init__(self, http: aiohttp.ClientSession, base: str, sender: str = SITI) -> None:
        self.http, self.base, self.sender = http, base, sender
        self.says: list[dict] = []

    async def say(self, text: str) -> list[dict]:
        body = {"sender": self.sender, "message": text}
        async with self.http.post(f"{self.base}/webhooks/rest/webhook", json=body) as answer:
            assert answer.status == 200, await answer.text()
            assert answer.content_type == "application/json"
            self.says = await answer.json()
        return self.says

    async def press(self, title: str) -> list[dict]:
        offered = {one["title"]: one["payload"] for say in self.says for one in say.get("buttons", ())}
        return await self.say(offered[title])


@pytest.fixture
async def siti(widgets: Opened):
    async with aiohttp.ClientSession() as http:
        yield Client(http, widgets.address)


async def file_report(siti: Client) -> str:
    await siti.say("lampu jalan depan pasar Godean mati udah seminggu, gelap bgt")
    for title in ("Setuju", "Betul", "Lewati"):
        await siti.press(title)
    (receipt, *_) = await siti.press("Kirim")
    assert "SLM-" in receipt["text"]
    return receipt["text"].split("SLM-")[1].split()[0]


async def test_a_report_from_the_first_words_to_its_number(widgets, siti):
    number = await file_report(siti)
    (case,) = await widgets.house.core.database.read(cases.all_cases)
    assert case.ticket.number == f"SLM-{number}"
    assert (case.home.channel, case.home.address) == ("rasa", address_of(SITI))
    assert all(say["recipient_id"] == SITI for say in siti.says)


async def test_a_line_a_message_when_streaming(widgets, siti):
    url = f"{widgets.address}/webhooks/rest/webhook?stream=true"
    async with siti.http.post(url, json={"sender": SITI, "message": "lampu jalan mati di Godean"}) as answer:
        lines = (await answer.text()).strip().split("\n")
    assert "Setuju" in [one["title"] for line in lines for one in json.loads(line).get("buttons", ())]


async def test_news_waits_for_the_next_message_and_comes_first(widgets, siti):
    number = f"SLM-{await file_report(siti)}"
    core = widgets.house.core
    home = (await core.database.read(cases.all_cases))[0].home
    news = Outgoing(home.channel, home.address, OutboundMessage("Petugas sudah di jalan.", ticket=number))
    await core.database.write(lambda c: outbox.add(c, [news], core.clock()))
    widgets.house.deliveries.wake(home.channel, home.address)
    await widgets.house.settle()
    assert await core.database.read(outbox.addresses_waiting) == ()
    says = await siti.say(number)
    assert says[0]["text"] == "Petugas sudah di jalan."
    assert number in says[1]["text"]


async def test_two_people_at_once_are_not_mixed_up(widgets, siti):
    others = [Client(siti.http, widgets.address, f"warga-{n:02d}-abcdefghijkl") for n in range(8)]
    answers = await asyncio.gather(*(one.say("jalan rusak di Sinduadi") for one in [siti, *others]))
    for one, says in zip([siti, *others], answers, strict=True):
        assert says
        assert {say["recipient_id"] for say in says} == {one.sender}


async def test_half_a_character_is_no_reason_to_turn_words_down(widgets, siti):
    url = f"{widgets.address}/webhooks/rest/webhook"
    said = {"sender": SITI, "message": "halo \ud83d", "metadata": {"language": "id\ud83d"}}
    async with siti.http.post(url, data=json.dumps(said)) as answer:
        assert (answer.status, bool(await answer.json())) == (200, True)


@pytest.mark.parametrize(
    ("body", "status", "reason"),
    [
        (b"{", 400, "malformed"),
        (b"[]", 400, "malformed"),
        (b'{"sender": "' + SITI.encode() + b'", "message": 5}', 400, "malformed"),
        (b'{"sender": "' + SITI.encode() + b'", "message": "  "}', 400, "empty"),
        (b'{"message": "halo"}', 400, "sender"),
        (b'{"sender": "' + SITI.encode() + b'", "message": "' + b"a" * 20_001 + b'"}', 413, "too_long"),
        (b" " * 200_000, 413, "too_long"),
    ],
)
async def test_what_is_no_message_is_told_so(widgets, siti, body, status, reason):
    url = f"{widgets.address}/webhooks/rest/webhook"
    async with siti.http.post(url, data=body, headers={"Accept-Language": "en"}) as answer:
        found = await answer.json()
    assert (answer.status, found["reason"]) == (status, reason)
    assert found["message"]


async def test_only_named_pages_may_call_from_a_browser(widgets, siti):
    url = f"{widgets.address}/webhooks/rest/webhook"
    for origin, allowed in (
        ("https://kelurahan.example", "https://kelurahan.example"),
        ("https://jahat.example", None),
        ("http://[", None),
    ):
        async with siti.http.options(url, headers={"Origin": origin}) as answer:
            assert answer.headers.get("Access-Control-Allow-Origin") == allowed
        said = {"sender": SITI, "message": "halo"}
        async with siti.http.post(url, json=said, headers={"Origin": origin}) as answer:
            assert answer.status == (200 if allowed else 403)


async def test_too_many_messages_are_told_when_to_come_again(widgets, siti, monkeypatch):
    monkeypatch.setattr(talks.Rates, "wait", lambda *_: 0.5)
    said = {"sender": SITI, "message": "halo"}
    async with siti.http.post(f"{widgets.address}/webhooks/rest/webhook", json=said) as answer:
        assert (answer.status, answer.headers["Retry-After"]) == (429, "1")
        assert "Tunggu sebentar" in (await answer.json())["message"]


async def test_beyond_this_machine_a_name_that_can_be_guessed_needs_the_token(tmp_path):
    settings = Settings(
        data_dir=tmp_path, port=0, rasa_web=True, public_url="https://lapor.example", _env_file=None
    )
    async with opened(settings) as running, aiohttp.ClientSession() as http:
        url = f"{running.address}/webhooks/rest/webhook"
        async with http.post(url, json={"sender": "default", "message": "halo"}) as answer:
            assert (await answer.json())["reason"] == "sender"
        async with http.post(url, json={"sender": SITI, "message": "halo"}) as answer:
            assert answer.status == 200
    secret = Settings(data_dir=tmp_path, port=0, rasa_web=True, rasa_token="rahasia", _env_file=None)
    async with opened(secret) as running, aiohttp.ClientSession() as http:
        url = f"{running.address}/webhooks/rest/webhook"
        for query, status in (("", 401), ("?token=salah", 401), ("?token=rahasia", 200)):
            async with http.post(url + query, json={"sender": "default", "message": "halo"}) as answer:
                assert answer.status == status


async def test_a_file_is_seen_only_under_the_address_made_for_its_owner():
    async def kept(address, ref):
        return address, ref

    one, other = (
        talks.Talks(talks.House(*[None] * 4, file=kept, clock=None), key * 32, talks.Options())
        for key in (b"k", b"x")
    )
    photo = Attachment("photo", "ref", media_id="m1")
    mine, theirs = one.seen_at("a", "http://x")(photo), one.seen_at("b", "http://x")(photo)
    assert mine.startswith("http://x/webhooks/rest/files/a/m1/")
    seal, foreign = mine.rsplit("/", 1)[1], theirs.rsplit("/", 1)[1]
    assert await one.file("a", "m1", seal) == ("a", "m1")
    for address, ref, shown in (("b", "m1", seal), ("a", "m2", seal), ("a", "m1", foreign), ("a", "m1", "")):
        assert await one.file(address, ref, shown) is None
    assert await other.file("a", "m1", seal) is None


@pytest.mark.parametrize("buttons", [0, 1, 40])
def test_no_words_begin_a_link_of_markdown(buttons: int):
    choices = tuple((Button("Ya", "/ya"),) for _ in range(buttons))
    said = Delivery("a", OutboundMessage("[x](javascript:y) <javascript:z> https://a.example/b", choices))
    for told in (*render.rest(said, SITI, str), *render.socket(said, str)):
        assert not {"[", "]", "<"} & set(told["text"])
        assert "https://a.example/b" in told["text"]
