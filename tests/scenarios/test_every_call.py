"""Hostile words and names in everything the staff are sent: no call of the Bot API is shaped by them."""

import json
import re

import pytest

from bot.sandbox.entities import parse_html
from bot.services.people.breaches import Breaches
from bot.services.reports.ticketing import Act
from storage.people.breaches import Account
from tests.scenarios.kit import CITIZENS, OPERATORS, Town, led_on
from tickets.ticket import Actor, Command

UNSEEN = "\u202e\u2066\u200b"
WORDS = (
    '<b>tebal</b> <a href="tg://user?id=1">klik</a> [klik](tg://user?id=1) *a* _b_ ~c~ `d` ||e|| &lt;i&gt; '
    "<tg-spoiler>f</tg-spoiler> </blockquote> {nomor} %s ${x} /tutup javascript:x"
)
WELL_FORMED = '<b>tebal</b> <a href="tg://user?id=1">klik</a>'
"""What a template that forgot to escape would show as its own, with nothing in it to be noticed by."""
NAME = f"Siti {UNSEEN}<b>&{{nama}}"
STORY = "lampu jalan mati di depan SD Sidoagung."
SHAPES = {"bold", "italic", "underline", "blockquote"}
"""What our own templates are made of."""


def shaped_by_words(call) -> list[str]:
    """What is in a call that nobody but a citizen or a colleague can have put there."""
    given = call["params"]
    text = str(given.get("text") or given.get("caption") or given.get("name") or "")
    found = [
        f"unseen sign in {name}" for name, value in given.items() if re.search(f"[{UNSEEN}]", str(value))
    ]
    if call["method"] == "createForumTopic" and "\n" in text:
        found.append("a topic of several lines")
    if given.get("parse_mode") is None:
        return found
    for one in parse_html(text)[1]:
        link = str(one.get("url", ""))
        if one["type"] == "text_link" and link.startswith(
            "https://www.google.com/maps/search/?api=1&query=-"
        ):
            continue
        if one["type"] not in SHAPES:
            found.append(f"{one['type']} {link}")
    return found


@pytest.fixture
async def staff(town: Town):
    rina = await town.operator(f"Rina {UNSEEN}<i>&{{x}}", "dishub")
    group = await town.sandbox.forum("Meja <b>Dishub", owner=rina)
    await group.add(OPERATORS, admin=True)
    await rina.wait_for(text="/pasang")
    await rina.send(group, "/pasang dishub")
    await rina.wait_for(text="satu topik")
    dian = await town.operator(f"Dian {UNSEEN}<a>", "koordinator", "koordinator")
    return rina, dian, await town.operator("Dewi", "koordinator", "pengawas")


@pytest.mark.parametrize("words", [WORDS, WELL_FORMED], ids=["broken", "well-formed"])
async def test_no_call_is_shaped_by_anybodys_words(town: Town, staff, words):
    rina, dian, _ = staff
    siti = await town.sandbox.user(NAME)
    await siti.send(CITIZENS, f"{STORY} {words} {UNSEEN}")
    number = await led_on(siti)
    card = await rina.wait_for(lambda m: number in m.text and m.buttons)
    reporter = Actor("citizen", (await town.case(number)).ticket.reporter)
    actor = Actor("operator", str(rina.id), "dishub", "penghubung")
    for action, more in (("note", {}), ("reply", {}), ("ask_data", {}), ("forward", {"target": "dlh"})):
        command = Command(action, actor, text=words, reason=words, **more)
        await town.house.ticketing.act(number, Act(command))
        await town.house.settle()
        if action == "ask_data":
            await town.house.ticketing.act(number, Act(Command("give_data", reporter, text=words)))
    for typed in (
        f"/batasi {number} 7 {words}",
        "/batasan",
        "/antrian",
        f"/tiket {number}",
        "/cari lampu",
        "/pantau",
    ):
        await dian.send(OPERATORS, typed)
        await dian.wait_for(timeout=20)
    await Breaches(town.house.core, town.house.deliveries).record(
        Account(words, words, words), town.house.core.clock(), "dewi"
    )
    await town.house.requests.run_once()
    await siti.block(CITIZENS)
    await town.house.ticketing.act(
        number,
        Act(Command("reply", Actor("operator", str(dian.id), "koordinator", "koordinator"), text=words)),
    )
    await town.house.settle()
    calls = [
        one for one in await town.sandbox.calls() if one["params"].get("text") or one["params"].get("name")
    ]
    assert {"createForumTopic", "sendMessage", "editMessageText"} <= {one["method"] for one in calls}
    assert sum("tebal" in json.dumps(one["params"]) for one in calls) >= 8
    wrong = [(one["method"], shaped_by_words(one)) for one in calls]
    assert [one for one in wrong if one[1]] == []
    assert card
