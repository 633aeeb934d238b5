"""Whatever a citizen replies with reaches the operators: in their own chat and in the ticket's topic."""

import pytest

from bot.services.reports.ticketing import Act
from tests.pictures import pdf
from tests.scenarios.kit import OPERATORS, Town, file_report
from tickets.ticket import Actor, Command

COORDINATOR = Actor("operator", "0", "koordinator", "koordinator")


@pytest.fixture
async def desks(town: Town, photo):
    """A group with topics, an operator of it who took the report in his own chat, and its reporter."""
    rina, budi = await town.operator("Rina", "dishub"), await town.operator("Budi", "dishub", "petugas")
    group = await town.sandbox.forum("Meja Dishub", owner=rina)
    await group.add(OPERATORS, admin=True)
    await rina.wait_for(text="/pasang")
    await rina.send(group, "/pasang dishub")
    await rina.wait_for(text="satu topik")
    siti = await town.sandbox.user("Siti")
    number = await file_report(siti, photo)
    await budi.send(OPERATORS, f"/tiket {number}")
    card = await budi.wait_for(lambda m: number in m.text and "Ambil" in m.labels)
    await budi.press("Ambil", card)
    await siti.wait_for(text="dikerjakan")
    await budi.reply(card, "Besok kami ke lokasi.")
    news = await siti.wait_for(text="Besok kami ke lokasi")
    await town.house.settle()
    return siti, number, news, rina, budi, group


async def both(town: Town, people, group, fits):
    """The message somebody waits for, in the topic and in the private chat."""
    rina, budi = people
    inside = await rina.wait_for(lambda m: m["chat"]["id"] == group.id and fits(m))
    assert inside["message_thread_id"]
    return inside, await budi.wait_for(lambda m: m["chat"]["type"] == "private" and fits(m))


async def test_every_kind_of_reply_reaches_the_topic_and_the_private_chat(town: Town, desks, photo):
    siti, number, news, rina, budi, group = desks
    there = dict(news.place)
    await siti.reply(news, "ini fotonya", photo=photo(41))
    await both(town, (rina, budi), group, lambda m: "photo" in m and "ini fotonya" in m.get("caption", ""))
    for kind in ("voice", "video"):
        await siti.act("send_sample", kind=kind, reply_to=news.id, **there)
        await both(town, (rina, budi), group, lambda m, k=kind: k in m)
    await siti.send_files(news, [("document", pdf())], reply_to=news)
    await both(town, (rina, budi), group, lambda m: "document" in m)
    await siti.act("send_location", latitude=-7.767, longitude=110.293, reply_to=news.id, **there)
    await both(town, (rina, budi), group, lambda m: "pesan dari warga" in m.text and "110.293" in m.text)
    await siti.act("send_sample", kind="sticker", reply_to=news.id, **there)
    await both(town, (rina, budi), group, lambda m: "pesan dari warga" in m.text and "🙂" in m.text)
    contact = {"phone_number": "+6281234567890", "first_name": "Pak RT", "user_id": 42}
    await siti.act("send", content={"contact": contact}, reply_to=news.id, **there)
    found = await both(town, (rina, budi), group, lambda m: "Pak RT" in m.text and "+6281234567890" in m.text)
    assert all(number in one.text for one in found)
    await siti.wait_for(text="petugas")


async def test_ones_own_contact_is_not_passed_on_and_a_sticker_answers_no_question(town: Town, desks):
    siti, number, news, *_ = desks
    there = dict(news.place)
    await siti.act("send_sample", kind="contact", reply_to=news.id, **there)
    await siti.wait_for(text="Kontak tidak saya simpan")
    await town.house.ticketing.act(number, Act(Command("ask_data", COORDINATOR, text="Nomor tiangnya?")))
    asked = await siti.wait_for(text="Nomor tiangnya")
    await siti.act("send_sample", kind="sticker", reply_to=asked.id, **there)
    await siti.wait_for(text="Stikernya bagus")
    assert (await town.case(number)).ticket.status == "PERLU_DATA"
