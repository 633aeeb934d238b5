"""The staff's desk keeps Telegram's pace by itself, and nothing overtakes anything.

`make soak` plays four hundred topics and fifty operators: an hour and a quarter at Telegram's own pace.
That nothing overtakes four hundred deep shows without the pace, in a minute and a half.
"""

import asyncio
import os
from bisect import bisect_left

import pytest
from telegram.request import HTTPXRequest

from tests.operator.conftest import BOT

WHOLE = bool(os.environ.get("KENTONGAN_SOAK"))
LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
OPERATORS = 50 if WHOLE else 20
TOPICS = 400 if WHOLE else 3
TURNS = ("satu", "dua")
DEEP = 400 if WHOLE else 8
ALLOWED = 30
"""Messages a second to all chats together, as Telegram's FAQ for bots has it."""


def number(count: int) -> str:
    return f"SLM-26-7X{LETTERS[count // 900 % 30]}{LETTERS[count // 30 % 30]}{LETTERS[count % 30]}"


def most_in_a_second(moments):
    """The most of these moments within any one second."""
    return max(bisect_left(moments, one + 1.0) - at for at, one in enumerate(moments))


async def refused(sandbox):
    """Calls that Telegram would have refused as too fast."""
    calls = await sandbox.calls(BOT)
    return [call["method"] for call in calls if "Too Many Requests" in str(call.get("error", ""))]


@pytest.fixture
def departures(monkeypatch):
    """When each message left, in seconds of the bot's own clock.

    A busy machine lets them arrive in heaps; one refused for that is sent again, and nobody was too fast.
    """
    left = []
    send = HTTPXRequest.do_request

    async def noted(self, url, *args, **more):
        if url.rpartition("/")[2].startswith("send"):
            left.append(asyncio.get_running_loop().time())
        return await send(self, url, *args, **more)

    monkeypatch.setattr(HTTPXRequest, "do_request", noted)
    return left


@pytest.mark.timeout(5400 if WHOLE else 120)
async def test_fifty_operators_at_once_are_served_in_order_and_within_the_pace(
    departures, house, sandbox, joined
):
    people = [await joined(f"Petugas {one}") for one in range(OPERATORS)]
    await sandbox.limits(enabled=True)
    await house.open()
    await asyncio.gather(*(one.wait_for("pasar godean", timeout=60) for one in people))
    for turn in ("satu", "dua", "tiga"):
        await house.citizen("message", text=f"pesan {turn}")
    await asyncio.gather(*(one.send(BOT, "/antrian") for one in people))
    await asyncio.gather(*(one.wait_for("laporan terbuka", timeout=120) for one in people))
    await house.settled()
    for one in people:
        await one.refresh()
        told = [m.text.splitlines()[-1] for m in one.messages if "pesan dari warga" in m.text]
        assert told == ["pesan satu", "pesan dua", "pesan tiga"]
    assert len(departures) >= OPERATORS * 5
    assert most_in_a_second(departures) <= ALLOWED


@pytest.mark.timeout(7200 if WHOLE else 120)
async def test_topics_come_at_the_pace_of_groups(house, sandbox, joined):
    rina = await joined()
    group = await sandbox.forum("Meja", owner=rina)
    await group.add(BOT, admin=True)
    await rina.wait_for("/pasang")
    await rina.send(group, "/pasang dishub")
    await rina.wait_for("satu topik untuk tiap laporan")
    await sandbox.limits(enabled=True)
    for one in range(TOPICS):
        await house.open(number(one))
    await house.settled()
    await rina.refresh()
    cards = [m for m in rina.messages if "Tenggat" in m.text and m["chat"]["id"] == group.id]
    assert [m.text.split()[1] for m in cards] == [number(one) for one in range(TOPICS)]
    assert len({m["message_thread_id"] for m in cards}) == TOPICS
    assert await refused(sandbox) == []


@pytest.fixture
def unpaced(monkeypatch):
    """Without the pace of groups, which counts real minutes: what is left is order."""
    monkeypatch.setattr("bot.operator.client.GROUP", (0, 60))


@pytest.mark.timeout(1800 if WHOLE else 120)
async def test_however_deep_the_group_nothing_overtakes(unpaced, house, sandbox, joined):
    rina = await joined()
    group = await sandbox.forum("Meja", owner=rina)
    await group.add(BOT, admin=True)
    await rina.wait_for("/pasang")
    await rina.send(group, "/pasang dishub")
    await rina.wait_for("satu topik untuk tiap laporan")
    for one in range(DEEP):
        await house.open(number(one))
    for turn in TURNS:
        for one in range(DEEP):
            await house.citizen("message", number(one), text=f"pesan {turn} tentang {number(one)}")
    await house.settled()
    await rina.refresh()
    there = [m for m in rina.messages if m["chat"]["id"] == group.id]
    cards = {m.text.split()[1]: m["message_thread_id"] for m in there if "Tenggat" in m.text}
    assert len(set(cards.values())) == len(cards) == DEEP
    for ticket, topic in cards.items():
        told = [m.text for m in there if m.get("message_thread_id") == topic and "Tenggat" not in m.text]
        words = [turn for text in told for turn in TURNS if f"pesan {turn} tentang {ticket}" in text]
        assert words == list(TURNS)
