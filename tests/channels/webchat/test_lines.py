"""Lines of a talk read back by its pages: by asking, waiting and streaming."""

import asyncio
import json

import pytest

from bot.channels.base import Delivery
from bot.channels.webchat import events, streams
from bot.channels.webchat.lines import Cursor

ID = "a1b2c3d4e5f6"


async def post(client, auth, **body):
    return await client.post("/chat/api/messages", json={"id": ID, **body}, headers=auth)


async def poll(client, auth, after="0.0"):
    return await (await client.get(f"/chat/api/events?after={after}", headers=auth)).json()


async def test_a_waiting_page_hears_at_once(client, auth, memory, channel, said):
    await post(client, auth, text="halo")
    waiting = asyncio.create_task(poll(client, auth, "1.0"))
    await asyncio.sleep(0.05)
    assert not waiting.done()
    result = await memory.say(channel, memory.heard[0].address, said)
    told = await asyncio.wait_for(waiting, 2)
    assert [line["ref"] for line in told["lines"]] == list(result.refs) == ["1"]


async def read_events(answer, number):
    found = []
    while len(found) < number:
        async with asyncio.timeout(3):
            row = await answer.content.readline()
        if row.startswith(b"data: "):
            found.append(json.loads(row[6:]))
        elif row.startswith(b"id: "):
            found_at = row[4:].decode().strip()
    return found, found_at


async def test_a_stream_goes_on_after_its_cursor(client, auth, memory, channel, said):
    await post(client, auth, text="halo")
    address = memory.heard[0].address
    headers = {**auth, "Accept": "text/event-stream"}
    async with client.get("/chat/api/events?after=0.0", headers=headers) as answer:
        (first,), cursor = await read_events(answer, 1)
    assert (first["text"], cursor) == ("halo", "1.0")
    await memory.say(channel, address, said)
    async with client.get(f"/chat/api/events?after={cursor}", headers=headers) as answer:
        assert answer.content_type == "text/event-stream"
        (second,), cursor = await read_events(answer, 1)
        await memory.say(channel, address, said)
        (third,), cursor = await read_events(answer, 1)
    assert (second["seq"], third["seq"], cursor) == (1, 2, "1.2")


def opened(client, auth, after="0.0"):
    return client.get(f"/chat/api/events?after={after}", headers={**auth, "Accept": "text/event-stream"})


async def nothing_comes(answer, seconds=0.1):
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(seconds):
            await answer.content.readany()


async def test_a_single_page_reads_its_own_line_with_the_answer(client, auth, memory, channel, said):
    async with opened(client, auth) as page:
        assert await page.content.readany() == events.SIGN_OF_LIFE
        await post(client, auth, text="halo")
        await nothing_comes(page)
        await memory.say(channel, memory.heard[0].address, said)
        found, cursor = await read_events(page, 2)
    assert ([line["from"] for line in found], cursor) == (["citizen", "bot"], "1.1")


async def test_a_line_that_nobody_answers_is_shown_soon(client, auth, monkeypatch):
    monkeypatch.setattr(streams, "ECHO", 0.05)
    async with opened(client, auth) as page:
        await post(client, auth, text="halo")
        (line,), cursor = await read_events(page, 1)
    assert (line["text"], cursor) == ("halo", "1.0")


async def test_what_one_page_writes_another_shows_at_once(client, auth, monkeypatch):
    monkeypatch.setattr(streams, "ECHO", 60.0)
    async with opened(client, auth) as one, opened(client, auth) as other:
        await post(client, auth, text="halo")
        for page in (one, other):
            (line,), cursor = await read_events(page, 1)
            assert (line["text"], cursor) == ("halo", "1.0")


async def test_a_page_woken_for_what_it_has_is_sent_nothing(client, auth, memory, channel, said):
    await post(client, auth, text="halo")
    address = memory.heard[0].address
    async with opened(client, auth, "1.0") as page:
        await page.content.readany()
        await memory.say(channel, address, said)
        await read_events(page, 1)
        await page.content.readline()
        channel.wake(address)
        await nothing_comes(page)
        await memory.say(channel, address, said)
        (line,), cursor = await read_events(page, 1)
    assert (line["seq"], cursor) == (2, "1.2")


async def test_an_open_page_reads_on_after_the_database_was_away(
    client, auth, memory, channel, said, monkeypatch
):
    monkeypatch.setattr(events, "AWAY", 0.02)
    await post(client, auth, text="halo")
    headers = {**auth, "Accept": "text/event-stream"}
    async with client.get("/chat/api/events?after=0.0", headers=headers) as answer:
        await read_events(answer, 1)
        memory.away = True
        await memory.say(channel, memory.heard[0].address, said)
        async with asyncio.timeout(3):
            while memory.in_vain < 2:  # noqa: ASYNC110 the page looks by itself
                await asyncio.sleep(0.01)
        memory.away = False
        (told,), cursor = await read_events(answer, 1)
    assert (told["text"], cursor) == (said.text, "1.1")


async def test_nobody_reads_anothers_lines(client, auth, memory, channel, said):
    await post(client, auth, text="rahasia")
    token = (await (await client.post("/chat/api/session")).json())["token"]
    waiting = asyncio.create_task(poll(client, {"Authorization": f"Bearer {token}"}))
    await memory.say(channel, memory.heard[0].address, said)
    await asyncio.sleep(0.05)
    assert not waiting.done()
    await channel.stop()
    await channel.send(Delivery("x", said, id="1"))
    waiting.cancel()


@pytest.mark.parametrize(
    "after", ["", "x", "1", "1.x", "-1.0", "1.2.3", "9" * 50, f"{2**63}.0", f"0.{2**63}"]
)
async def test_a_bad_cursor_is_refused(client, auth, after):
    assert (await client.get("/chat/api/events", params={"after": after}, headers=auth)).status == 400


async def test_one_person_may_not_open_pages_without_end(client, auth):
    headers = {**auth, "Accept": "text/event-stream"}
    answers = [await client.get("/chat/api/events", headers=headers) for _ in range(7)]
    assert [one.status for one in answers] == [200] * 6 + [429]
    for one in answers:
        one.close()


async def test_streams_end_when_the_channel_stops(client, auth, channel):
    async with client.get("/chat/api/events", headers={**auth, "Accept": "text/event-stream"}) as answer:
        await channel.stop()
        async with asyncio.timeout(3):
            await answer.content.read()


async def test_the_page_is_strict_and_light(client):
    answer = await client.get("/chat")
    assert answer.status == 200
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    again = await client.get("/chat", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status == 304


@pytest.mark.parametrize("name", ["..%2fchannel.py", "x.js", "%2e%2e%2f%2e%2e%2fbase.py", "index.htm"])
async def test_nothing_but_the_pages_files_is_served(client, name):
    assert (await client.get(f"/chat/static/{name}")).status == 404


def test_a_cursor_only_grows():
    assert str(Cursor.read("4.9").past([])) == "4.9"
