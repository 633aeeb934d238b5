"""A reply to news long past: the words reach whoever deals with it now, or their writer learns what to do."""

import re

import pytest

from bot.services.reports.ticketing import Act
from storage.reports import cases
from tests.scenarios.kit import CITIZENS, OPERATORS
from tickets.ticket import Actor, Command

PLACES = ("Pasar Godean", "Pasar Tempel", "Pasar Pakem", "Pasar Cebongan", "Pasar Prambanan")


@pytest.fixture
async def told(town):
    """A citizen with a report about each place, the agency's old answer to it, and who gave it."""
    siti, rina = await town.sandbox.user("Siti"), await town.operator("Rina", "dishub")
    liaison = Actor("operator", str(rina.id), "dishub", "penghubung")

    async def report(place):
        await siti.send(CITIZENS, f"lampu jalan depan {place} mati udah seminggu, gelap bgt")
        for wanted in ("Setuju", "Betul", "Lewati", "Kirim")[place != PLACES[0] :]:
            await siti.press(wanted, await siti.wait_for(lambda m, w=wanted: w in m.labels))
        receipt = await siti.wait_for(text="Diterima")
        number = re.search(r"SLM-\d\d-[0-9A-Z]{5}", receipt.text)[0]
        await town.house.ticketing.act(number, Act(Command("reply", liaison, text=f"{place} dicek.")))
        return number, await siti.wait_for(text=f"{place} dicek")

    return siti, rina, liaison, [await report(place) for place in PLACES]


async def test_words_for_a_report_that_has_gone_on_or_ended(town, told):
    siti, _, liaison, ((open_one, _), (merged, m), (closed, c), (withdrawn, w), (refused, r)) = told
    me = Actor("citizen", (await town.case(closed)).ticket.reporter)

    async def act(number, action, actor=liaison, **words):
        await town.house.ticketing.act(number, Act(Command(action, actor, **words)))

    await act(merged, "merge", target=open_one, reason="sama")
    await act(closed, "close", text="Sudah diganti", proof=("m",))
    await act(closed, "confirm", me)
    await act(withdrawn, "cancel", me)
    await act(refused, "refuse", reason="spam", text="Maaf.")
    for number, end in (
        (merged, "digabung"),
        (closed, "nilai"),
        (withdrawn, "ditarik"),
        (refused, "Alasannya"),
    ):
        await siti.wait_for(lambda m, n=number, e=end: n in m.text and e in m.text, since=0)

    await siti.reply(m, "masih gelap")
    assert open_one in (await siti.wait_for("sudah digabung dengan")).text
    await siti.reply(c, "kok mati lagi")
    assert (await siti.wait_for("sudah dinyatakan selesai")).labels == ["Buka kembali"]
    await siti.reply(w, "masih mati lho")
    assert (await siti.wait_for("tidak saya teruskan")).labels == ["Lapor"]
    await siti.reply(r, "ini bukan iklan pak")
    assert (await siti.wait_for("sudah ditutup")).labels == ["Ajukan keberatan"]

    async def said(number):
        found = (await town.house.core.database.read(lambda c: cases.history(c, number)))[-1]
        return found.action, found.text

    assert await said(open_one) == ("message", "masih gelap")
    assert await said(closed) == ("message", "kok mati lagi")
    assert (await said(withdrawn))[0] == "cancel"
    assert await said(refused) == ("message", "ini bukan iklan pak")


async def test_the_staff_answer_a_refused_report_and_are_shown_the_way_from_a_merged_one(town, told):
    siti, rina, liaison, ((open_one, _), (merged, _), *_, (refused, _)) = told
    await town.house.ticketing.act(merged, Act(Command("merge", liaison, target=open_one, reason="sama")))
    await town.house.ticketing.act(refused, Act(Command("refuse", liaison, reason="spam", text="Maaf.")))

    async def card(number):
        await rina.send(OPERATORS, f"/tiket {number}")
        return await rina.wait_for(lambda m: m.text[2:].startswith(number))

    await rina.reply(await card(merged), "Kami cek lagi.")
    assert f"/tiket {open_one}" in (await rina.wait_for("digabung ke")).text
    await rina.reply(await card(refused), "Mohon kirim foto lampunya.")
    await siti.wait_for("Mohon kirim foto lampunya.")
