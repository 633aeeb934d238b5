"""Several reports of one citizen kept apart: by reply, number, the one open question; else the bot asks."""

import pytest

from bot.services.reports.ticketing import Act
from storage.reports import cases
from tests.scenarios.kit import CITIZENS, NUMBER, file_report
from tickets.ticket import Actor, Command

FILING = ("Setuju", "Betul", "Lewati", "Kirim")
COORDINATOR = Actor("operator", "0", "koordinator", "koordinator")


@pytest.fixture
async def siti(town, photo):
    """A citizen with two reports."""
    siti = await town.sandbox.user("Siti")
    first = await file_report(siti, photo)
    await siti.send(CITIZENS, "sampah numpuk di depan SMP Condongcatur sejak kemarin, bau sekali")
    for _ in range(8):
        seen = await siti.wait_for(lambda m: bool(m.labels))
        for label in ("Betul", "Tambahan", "Bukan, lanjut", "Lewati", "Kirim"):
            if label in seen.labels:
                await siti.press(label, seen)
                break
        else:
            await siti.press(seen.labels[-1], seen)
        if "Kirim" in seen.labels:
            break
    receipt = await siti.wait_for(text="SLM-")
    second = NUMBER.search(receipt.text)[0]
    assert second != first
    return siti, first, second


async def asked(town, number, words):
    await town.house.ticketing.act(number, Act(Command("ask_data", COORDINATOR, text=words)))


async def words_of(town, number):
    found = await town.house.core.database.read(lambda c: _said(c, number))
    await town.house.settle()
    return found


def _said(connection, number):
    return [one.text for one in cases.history(connection, number) if one.actor.kind == "citizen"]


async def test_a_free_word_goes_to_the_one_open_question(town, siti):
    siti, first, second = siti
    await asked(town, second, "Di sisi mana sampahnya?")
    await siti.wait_for(text="Di sisi mana")
    await siti.send(CITIZENS, "sisi utara, dekat gerbang")
    await siti.wait_for(text="petugas")
    assert "sisi utara, dekat gerbang" in await words_of(town, second)
    assert "sisi utara, dekat gerbang" not in await words_of(town, first)
    assert (await town.case(second)).ticket.status != "PERLU_DATA"


async def test_with_two_open_questions_the_bot_asks_which(town, siti):
    siti, first, second = siti
    await asked(town, first, "Nomor tiangnya?")
    await siti.wait_for(text="Nomor tiangnya")
    await asked(town, second, "Di sisi mana?")
    await siti.wait_for(text="Di sisi mana")
    await siti.send(CITIZENS, "yang nomor dua belas")
    which = await siti.wait_for(text="Laporan yang mana")
    await siti.press(first, which)
    await siti.wait_for(text="petugas")
    assert "yang nomor dua belas" in await words_of(town, first)
    assert "yang nomor dua belas" not in await words_of(town, second)


async def test_a_reply_and_a_number_decide_whatever_is_open(town, siti):
    siti, first, second = siti
    await asked(town, first, "Nomor tiangnya?")
    one = await siti.wait_for(text="Nomor tiangnya")
    await asked(town, second, "Di sisi mana?")
    await siti.wait_for(text="Di sisi mana")
    await siti.reply(one, "PJU tujuh tujuh")
    await siti.wait_for(text="petugas")
    assert "PJU tujuh tujuh" in await words_of(town, first)
    await siti.send(CITIZENS, f"{second} sampahnya di sisi selatan pak")
    await siti.wait_for(text="petugas")
    assert any("sisi selatan" in words for words in await words_of(town, second))
    assert not any("sisi selatan" in words for words in await words_of(town, first))


async def test_what_reads_like_a_new_report_is_asked_about(town, siti):
    siti, first, _ = siti
    await asked(town, first, "Nomor tiangnya?")
    await siti.wait_for(text="Nomor tiangnya")
    await siti.send(CITIZENS, "jalan berlubang besar di depan balai desa Caturtunggal, tolong diperbaiki")
    ask = await siti.wait_for(lambda m: "Laporan baru" in m.labels)
    await siti.press("Laporan baru", ask)
    await siti.wait_for()
    assert (await town.case(first)).ticket.status == "PERLU_DATA"


async def test_a_word_for_the_one_report_called_done(town, siti):
    siti, first, _ = siti
    close = Command("close", COORDINATOR, text="Sudah diganti.", proof=("bukti",))
    await town.house.ticketing.act(first, Act(close))
    await siti.wait_for(lambda m: "Sudah" in m.labels)
    await siti.send(CITIZENS, "belum pak, masih gelap sebelah timur")
    await siti.wait_for(text="kembalikan ke dinas")
    await town.house.settle()
    assert (await town.case(first)).ticket.status == "PROSES"


async def test_two_things_in_one_message_become_two_reports(town):
    budi = await town.sandbox.user("Budi")
    await budi.send(
        CITIZENS, "lampu jalan depan pasar godean mati, terus sampah juga numpuk di depan SD Sidoagung"
    )
    numbers = []
    for label in (*FILING, "Ya, laporkan", *FILING[1:]):
        shown = await budi.wait_for(lambda m, label=label: label in m.labels)
        await budi.press(label, shown)
        if label == "Kirim":
            numbers.append(NUMBER.search((await budi.wait_for(text="SLM-")).text)[0])
    await budi.send(CITIZENS, "jangan kasih tau suami")
    assert "rahasia" in (await budi.wait_for(text=numbers[1])).text
    first, second = [(await town.case(one)).ticket for one in numbers]
    assert (first.report.category, second.report.category) == ("lampu_jalan", "sampah")
    assert second.report.narrative == "sampah juga numpuk di depan SD Sidoagung"
    assert "RAHASIA" in second.flags
    assert "RAHASIA" not in first.flags
