"""The staff reads its own language, citizens theirs."""

from datetime import UTC, datetime

from bot.operator.flow_views import Views
from storage.publishing import Publication
from tests.operator.conftest import BOT, NUMBER

JAVANESE, ENGLISH = "Basa Jawa", "English"


async def chosen(rina, language):
    await rina.send(BOT, "/bahasa")
    offer = await rina.wait_for(lambda m: language in m.labels)
    query = await rina.press(language, offer)
    return (await rina.wait_for_answer(query))["text"]


async def test_a_chosen_language_holds_for_cards_buttons_news_and_lists(house, joined):
    rina, agus = await joined("Rina"), await joined("Agus")
    assert await chosen(rina, JAVANESE) == "Sae, wiwit saiki nganggo basa Jawa."
    await house.open()
    hers = await rina.wait_for(lambda m: NUMBER in m.text and "Wates wektu" in m.text)
    his = await agus.wait_for(lambda m: NUMBER in m.text and "Tenggat" in m.text)
    assert "kari" in hers.text
    assert "dina" in hers.text
    assert "Jupuk" in hers.labels
    assert "Ambil" in his.labels
    await house.citizen("message", text="masih gelap")
    await rina.wait_for("pesen saka warga")
    await agus.wait_for("pesan dari warga")
    await rina.send(BOT, "/antrian")
    await rina.wait_for("lapuran")


async def test_the_choice_can_be_written_and_taken_back(house, joined):
    rina = await joined()
    await rina.send(BOT, "/bahasa en")
    await rina.wait_for("in English from here on")
    await rina.send(BOT, "/antrian")
    await rina.wait_for("No report is waiting")
    await chosen(rina, "Bahasa Indonesia")
    await rina.send(BOT, "/antrian")
    await rina.wait_for("Tidak ada laporan yang menunggu")


async def test_a_group_has_a_language_of_its_own(house, sandbox, joined):
    rina = await joined()
    group = await sandbox.group("Meja", owner=rina)
    await group.add(BOT, admin=True)
    await rina.send(group, "/pasang dishub")
    await rina.wait_for("sekarang meja Dishub")
    await rina.send(group, "/bahasa en")
    await rina.wait_for("in English from here on")
    await house.open()
    await rina.wait_for(lambda m: NUMBER in m.text and "Claim" in m.labels)
    await rina.send(BOT, "/saya")
    await rina.wait_for("penghubung dinas")


async def test_an_answer_reaches_the_citizen_as_it_was_written(house, joined):
    rina = await joined()
    await chosen(rina, ENGLISH)
    await house.open()
    card = await rina.wait_for(NUMBER)
    await rina.reply(card, "Besok dicek.")
    await rina.wait_for(lambda m: "Besok dicek" in m.text and m.id == card.id)
    assert house.citizens.texts[-1] == "Dishub: Besok dicek."


async def test_days_of_the_dialogs_history_are_told_in_the_chats_language(house):
    published = Publication("a" * 64, "publish", "Ani", datetime(2026, 11, 23, 3, 0, tzinfo=UTC))
    told = {one: Views(house.office.speaking(one)).history([published]).text for one in ("id", "en")}
    assert "Senin" in told["id"]
    assert "Monday" in told["en"]
