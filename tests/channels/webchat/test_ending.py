"""A talk on the page ends: by itself when nobody uses it, and when its holder leaves."""

import asyncio
from datetime import timedelta

import pytest
from playwright.async_api import expect

from bot.channels.base import Delivery, SendError
from bot.channels.webchat import events
from dialogs.messages import Button, OutboundMessage

HEADER = "Kentongan-Session"
DOORS = [
    ("POST", "messages"),
    ("POST", "files"),
    ("GET", "events"),
    ("GET", "files/x"),
    ("DELETE", "session"),
]
LONG = timedelta(days=31)


async def ask(client, auth, method, path, **more):
    return await client.request(method, f"/chat/api/{path}", headers=auth, **more)


async def write(client, auth, id_, text="halo"):
    return await client.post("/chat/api/messages", json={"id": id_, "text": text}, headers=auth)


def bearer(token):
    return {"Authorization": f"Bearer {token}"}


@pytest.mark.parametrize(("language", "word"), [("id", "ditutup"), ("jv", "ditutup"), ("en", "closed")])
@pytest.mark.parametrize("door", DOORS, ids=" ".join)
async def test_a_talk_nobody_used_is_shut_at_every_door(client, auth, memory, door, language, word):
    memory.later = LONG
    answer = await ask(client, auth | {"Accept-Language": language}, *door)
    told = await answer.json()
    assert (answer.status, told["error"]) == (401, "session_over")
    assert word in told["text"]
    assert not memory.heard


async def test_a_talk_in_use_goes_on_by_tokens_given_anew_until_it_is_too_old(client, auth, memory):
    for day in range(0, 360, 20):
        memory.later = timedelta(days=day)
        answer = await write(client, auth, f"pesan-{day:04}")
        assert answer.status == 200
        assert (HEADER in answer.headers) is (day > 0)
        auth = bearer(answer.headers.get(HEADER, auth["Authorization"].removeprefix("Bearer ")))
    assert len({one.address for one in memory.heard}) == 1
    memory.later = timedelta(days=366)
    assert (await write(client, auth, "pesan-terakhir")).status == 401


async def test_opening_the_page_counts_as_use_but_an_open_page_does_not(client, auth, memory):
    await write(client, auth, "pesan-0001")
    memory.later = timedelta(days=5)
    opened = await ask(client, auth, "GET", "events?after=0.0")
    assert opened.headers[HEADER]
    read_on = await ask(client, auth | {"Accept": "text/event-stream"}, "GET", "events?after=1.0")
    assert HEADER not in read_on.headers
    read_on.close()


async def test_an_open_stream_ends_with_its_session(client, auth, memory, monkeypatch):
    monkeypatch.setattr(events, "BEAT", 0.02)
    await write(client, auth, "pesan-0001")
    async with client.get("/chat/api/events", headers={**auth, "Accept": "text/event-stream"}) as answer:
        memory.later = LONG
        async with asyncio.timeout(3):
            await answer.content.read()


async def test_who_left_has_left_at_every_door_whoever_holds_the_token(client, auth, memory, channel, said):
    await write(client, auth, "pesan-0001")
    waiting = asyncio.create_task(ask(client, auth, "GET", "events?after=1.0"))
    await asyncio.sleep(0.05)
    assert (await ask(client, auth, "DELETE", "session")).status == 204
    assert (
        await client.delete("/chat/api/session", headers={**auth, "Origin": "https://jahat.example"})
    ).status == 403
    for method, path in DOORS:
        assert (await ask(client, auth, method, path)).status == 401
    address = memory.heard[0].address
    with pytest.raises(SendError) as refused:
        await channel.send(Delivery(address, said, id="1"))
    assert (refused.value.code, refused.value.retryable) == ("blocked", False)
    waiting.cancel()


@pytest.fixture
async def page(browser, client):
    context = await browser.new_context(viewport={"width": 360, "height": 740}, locale="id-ID")
    page = await context.new_page()
    await page.goto(str(client.make_url("/chat")))
    await expect(page.locator("#status")).to_have_text("Tersambung")
    yield page
    await context.close()


async def say(page, text):
    await page.get_by_label("Tulis pesan").fill(text)
    await page.get_by_role("button", name="Kirim", exact=True).click()
    await expect(page.get_by_role("log")).to_contain_text(text)


async def heard(memory, number):
    async with asyncio.timeout(5):
        while len(memory.heard) < number:  # noqa: ASYNC110 - the page sets no event here
            await asyncio.sleep(0.02)
    return memory.heard[-1]


@pytest.mark.browser
async def test_what_is_written_after_the_end_is_told_and_sent_in_a_new_talk(page, memory, channel):
    await say(page, "rahasia lama")
    old = (await heard(memory, 1)).address
    question = OutboundMessage("Betul?", ((Button("Betul", "/affirm"),),))
    await memory.say(channel, old, question)
    await expect(page.get_by_role("button", name="Betul")).to_be_visible()
    memory.later = LONG
    await say(page, "lampu pasar mati")
    await expect(page.get_by_role("alert")).to_contain_text("ditutup karena lama tidak dipakai")
    assert (await heard(memory, 2)).text == "lampu pasar mati"
    assert memory.heard[1].address != old
    await expect(page.locator(".line")).to_have_count(1)
    await expect(page.get_by_role("log")).not_to_contain_text("rahasia lama")
    await page.reload()
    await expect(page.locator(".line")).to_have_count(1)
    await expect(page.get_by_role("log")).to_contain_text("lampu pasar mati")


@pytest.mark.browser
async def test_leaving_empties_the_device_and_says_which_numbers_to_keep(page, memory, channel, tmp_path):
    assert not await page.get_by_role("button", name="Keluar").is_visible()
    await say(page, "rahasia saya")
    address = (await heard(memory, 1)).address
    await memory.say(channel, address, OutboundMessage("Diterima, SLM-26-7K3QX."))
    await expect(page.get_by_role("log")).to_contain_text("SLM-26-7K3QX")
    other = await page.context.new_page()
    await other.goto(page.url)
    await expect(other.get_by_role("log")).to_contain_text("rahasia saya")
    await page.get_by_label("Tulis pesan").fill("belum terkirim")
    await page.get_by_role("button", name="Keluar").click()
    dialog = page.get_by_role("dialog")
    await expect(dialog).to_contain_text("SLM-26-7K3QX")
    await expect(dialog).to_contain_text("belum terkirim")
    for button in await dialog.get_by_role("button").all():
        box = await button.bounding_box()
        assert min(box["width"], box["height"]) > 43.9
        assert box["x"] + box["width"] <= 360
    await page.screenshot(path=tmp_path / "leave.png")
    await dialog.get_by_role("button", name="Batal").click()
    await expect(page.get_by_role("log")).to_contain_text("rahasia saya")
    await page.get_by_role("button", name="Keluar").click()
    await dialog.get_by_role("button", name="Keluar dan hapus").click()
    for shown in (page, other):
        await expect(shown.get_by_role("alert")).to_contain_text("Anda sudah keluar")
        await expect(shown.locator(".line")).to_have_count(0)
    assert await page.get_by_label("Tulis pesan").input_value() == ""
    async with asyncio.timeout(5):
        while address not in memory.ended:  # noqa: ASYNC110 - likewise
            await asyncio.sleep(0.02)
    await page.reload()
    await expect(page.locator("#status")).to_have_text("Tersambung")
    await expect(page.locator(".line")).to_have_count(0)
    kept = await page.evaluate("JSON.stringify(localStorage)")
    assert "rahasia" not in kept
    assert "belum" not in kept
    await say(page, "orang lain")
    assert (await heard(memory, 2)).address != address
