"""Two of the staff at work on one report: the second is told who and what before anything goes out."""

import asyncio
from datetime import timedelta

from tests.operator.conftest import BOT, NUMBER
from tickets.ticket import Actor

ASK = "Tetap lanjutkan"


async def at_work(house, joined):
    """A liaison and a coordinator with the card of one report before them."""
    rina, dian = await joined("Rina"), await joined("Dian", "koordinator", "koordinator")
    await house.open()
    hers = await rina.wait_for(lambda m: NUMBER in m.text and "Balas" in m.labels)
    await dian.send(BOT, f"/tiket {NUMBER}")
    mine = await dian.wait_for(lambda m: NUMBER in m.text and "Balas" in m.labels)
    await house.settled()
    return rina, dian, hers, mine


async def heard(house, *answers):
    """The citizen gets these answers, and no others."""
    for _ in range(200):
        await house.settled()
        if len(told(house)) >= len(answers):
            break
        await asyncio.sleep(0.02)
    assert told(house) == [f"Dishub: {one}" for one in answers]


async def toast(sandbox):
    """The last word a pressed button brought."""
    return (await sandbox.calls(BOT, method="answerCallbackQuery"))[-1]["params"].get("text")


def told(house):
    return [text for text in house.citizens.texts if text.startswith("Dishub: ")]


async def test_an_answer_right_after_a_colleagues_is_held_and_sent_when_it_is_wanted(house, joined, sandbox):
    rina, dian, hers, mine = await at_work(house, joined)
    await rina.reply(hers, "Besok dicek.")
    await rina.wait_for(lambda m: m.id == hers.id and "Besok dicek" in m.text)
    await dian.reply(mine, "Sudah kami jadwalkan.")
    held = await dian.wait_for(lambda m: ASK in m.labels)
    assert "Rina sudah menjawab warga 1 menit yang lalu: “Besok dicek.”" in held.text
    await heard(house, "Besok dicek.")

    await dian.press(ASK, held)
    await heard(house, "Besok dicek.", "Sudah kami jadwalkan.")
    await dian.press(ASK, held)
    await dian.reply(mine, "Jam 9 pagi.")  # whoever has been told goes on without being asked again
    await heard(house, "Besok dicek.", "Sudah kami jadwalkan.", "Jam 9 pagi.")
    assert await toast(sandbox) == "Sudah diputuskan, atau ini tulisan rekan Anda."


async def test_a_photo_held_back_arrives_with_its_words(house, joined, photo):
    rina, dian, hers, mine = await at_work(house, joined)
    await rina.press("Ambil", hers)
    await rina.wait_for(lambda m: m.id == hers.id and "Diambil" in m.text)
    await dian.reply(mine, "Ini tiangnya", photo=photo(50))
    held = await dian.wait_for(lambda m: ASK in m.labels)
    assert "dipegang Rina" in held.text
    await dian.press(ASK, held)
    await heard(house, "Ini tiangnya")
    (sent,) = [one for one in house.citizens.read if "Ini tiangnya" in one.message.text]
    assert [file.kind for file in sent.files] == ["photo"]


async def test_while_a_colleague_is_asked_for_words_the_other_is_told(house, joined):
    rina, dian, hers, mine = await at_work(house, joined)
    await rina.press("Balas", hers)
    prompt = await rina.wait_for("tulis jawaban")
    await dian.reply(mine, "Sudah kami jadwalkan.")
    held = await dian.wait_for(lambda m: ASK in m.labels)
    assert "Rina sedang menyiapkan jawaban" in held.text
    await dian.press("Batalkan", held)
    await rina.reply(prompt, "Besok dicek.")
    await heard(house, "Besok dicek.")


async def test_a_question_left_open_holds_nobody_up_for_long(house, joined):
    rina, dian, hers, mine = await at_work(house, joined)
    await rina.press("Balas", hers)
    await rina.wait_for("tulis jawaban")
    house.clock.leap = timedelta(minutes=30)
    await dian.reply(mine, "Sudah kami jadwalkan.")
    await heard(house, "Sudah kami jadwalkan.")


async def test_words_for_a_report_a_colleague_has_claimed_become_a_note(house, joined):
    rina, agus = await joined("Rina"), await joined("Agus")
    await house.open()
    hers, his = [await who.wait_for(lambda m: NUMBER in m.text and "masuk" in m.text) for who in (rina, agus)]
    await rina.press("Ambil", hers)
    await agus.wait_for(lambda m: m.id == his.id and "Rina" in m.text)
    await agus.reply(his, "Saya kenal tukangnya.")
    held = await agus.wait_for(lambda m: "Jadikan catatan untuk rekan" in m.labels)
    assert "sudah diambil Rina" in held.text
    assert ASK not in held.labels
    await agus.press("Jadikan catatan untuk rekan", held)
    await rina.wait_for(lambda m: m.id == hers.id and "Saya kenal tukangnya." in m.text)
    await house.settled()
    assert told(house) == []
    assert ("note", "Saya kenal tukangnya.") in await house.history()


async def test_nobody_decides_about_a_colleagues_words(house, joined, sandbox):
    rina, dian, hers, mine = await at_work(house, joined)
    await rina.reply(hers, "Besok dicek.")
    await house.settled()
    await dian.reply(mine, "Sudah kami jadwalkan.")
    held = await dian.wait_for(lambda m: ASK in m.labels)
    key = next(button["callback_data"] for button in held.buttons if button["text"] == ASK).rpartition(":")[2]
    colleague = Actor("operator", str(rina.id), "dishub", "penghubung")
    assert not await house.office.second_look.release(key, NUMBER, colleague, as_note=False)
    assert not await house.office.second_look.drop(key, NUMBER, colleague)
    assert told(house) == ["Dishub: Besok dicek."]


async def test_what_the_citizen_wrote_meanwhile_is_shown_first(house, joined):
    rina, _, hers, _ = await at_work(house, joined)
    await rina.press("Balas", hers)
    prompt = await rina.wait_for("tulis jawaban")
    await house.citizen("message", text="sudah menyala sendiri")
    new = await rina.wait_for(lambda m: "pesan dari warga" in m.text)
    await rina.reply(prompt, "Besok kami perbaiki.")
    held = await rina.wait_for(lambda m: ASK in m.labels)
    assert "Warga baru saja menulis lagi" in held.text
    assert "“sudah menyala sendiri”" in held.text
    await rina.press("Batalkan", held)
    await rina.reply(new, "Terima kasih kabarnya.")
    await heard(house, "Terima kasih kabarnya.")


async def test_who_answers_a_card_that_has_shown_the_newest_words_has_read_them(house, joined):
    rina, _, hers, _ = await at_work(house, joined)
    await house.citizen("message", text="sudah menyala sendiri")
    await rina.wait_for(lambda m: m.id == hers.id and "sudah menyala sendiri" in m.text)
    await house.settled()
    await rina.reply(hers, "Besok kami perbaiki.")  # typed before the card changed under their eyes
    held = await rina.wait_for(lambda m: ASK in m.labels)
    assert "Warga baru saja menulis lagi" in held.text
    await rina.press("Batalkan", held)
    house.clock.leap = timedelta(seconds=10)
    await rina.reply(hers, "Terima kasih kabarnya.")
    await heard(house, "Terima kasih kabarnya.")
