"""Held, proposed, confirmed, appealed: a citizen and two moderators, through both real bots over HTTP."""

from datetime import timedelta

from bot.services.desk.overturns import Verdicts, decided
from tests.scenarios.kit import CITIZENS, OPERATORS, Town, filed

THREAT = "lampu jalan depan pasar Godean mati, kalau besok belum nyala tak obong kantor kelurahanmu"
ACCUSATION = (
    "Pak Lurah Sukirman memotong bantuan beras warga di Sidoagung Godean, awas saya bacok dia minggu ini"
)
SPAM = "situs slot gacor hari ini, bonus untuk anggota baru yang mendaftar sekarang juga, klik bit.ly/hoki"


async def test_a_held_report_is_decided_with_the_words_marked_and_the_citizen_told(town: Town):
    dian = await town.operator("Dian", "koordinator", "koordinator")
    siti = await town.sandbox.user("Siti")
    number, receipt = await filed(siti, THREAT)
    assert "ancaman" in receipt
    assert "satu hari kerja" in receipt
    card = await dian.wait_for(lambda m: number in m.text and "Loloskan" in " ".join(m.labels))
    assert "tak obong" in card.text

    await dian.send(OPERATORS, "/moderasi")
    queue = await dian.wait_for(text="menunggu keputusan, yang paling")
    assert number in queue.text
    assert "ancaman" in queue.text

    await dian.press("Minta perbaikan", card)
    choice = await dian.wait_for(text="apa yang diminta kepada warga?")
    await dian.press("Kirim saran itu", choice)
    asked = await siti.wait_for(text="petugas perlu tahu")
    assert "ancaman tidak" in asked.text
    await siti.reply(asked, "Maaf, saya kesal. Lampunya mati seminggu.")
    await dian.wait_for(text="Lampunya mati seminggu")

    await town.house.settle()
    await dian.press("Loloskan", card)
    await siti.wait_for(lambda m: number in m.text and "diproses seperti biasa" in m.text)
    assert (await town.case(number)).ticket.status == "DISPOSISI"


async def test_an_accusation_takes_two_and_its_appeal_somebody_else(town: Town):
    dian = await town.operator("Dian", "koordinator", "koordinator")
    siti = await town.sandbox.user("Siti")
    number, _ = await filed(siti, ACCUSATION)
    card = await dian.wait_for(lambda m: number in m.text and "Loloskan" in " ".join(m.labels))

    await dian.press("Tolak", card)
    reasons = await dian.wait_for(text="apa alasannya?")
    await dian.press(next(label for label in reasons.labels if "ancaman" in label), reasons)
    proposed = await dian.wait_for(text="mengusulkan penolakan")
    assert number in proposed.text
    assert (await town.case(number)).ticket.status == "DITAHAN"

    eko = await town.operator("Eko", "koordinator", "koordinator")
    await eko.send(OPERATORS, f"/tiket {number}")
    fresh = await eko.wait_for(lambda m: number in m.text and "Setujui penolakan" in m.labels)
    assert "Diusulkan ditolak oleh Dian" in fresh.text
    await eko.press("Setujui penolakan", fresh)
    refused = await siti.wait_for(text="tidak bisa diteruskan")
    assert "Ajukan keberatan" in refused.labels

    await siti.press("Ajukan keberatan", refused)
    await siti.wait_for(text="orang lain yang memutuskannya")
    await siti.press("Lewati")
    rini = await town.operator("Rini", "koordinator", "admin")
    for who in (dian, eko):
        await who.send(OPERATORS, f"/tiket {number}")
        shown = await who.wait_for(lambda m: number in m.text and "keberatan" in m.text and "masuk" in m.text)
        assert "Loloskan" not in shown.labels
    await rini.send(OPERATORS, f"/tiket {number}")
    shown = await rini.wait_for(lambda m: number in m.text and "Loloskan" in m.labels)
    assert "Tidak boleh diputus lagi oleh: Dian, Eko" in shown.text
    await rini.press("Loloskan", shown)
    assert "Keberatan Anda dikabulkan" in (await siti.wait_for(text="dikabulkan")).text
    assert (await town.case(number)).ticket.agency == "inspektorat"

    now = town.house.core.clock()
    found = await decided(town.house.core.database, now - timedelta(days=7), now + timedelta(seconds=1))
    assert [(one.outcome, one.overturned) for one in found] == [("refused", ""), ("passed", "person")]
    weekly = await Verdicts(town.house.core).weekly("id")
    assert "Putusan petugas dibalik lewat keberatan: 1" in weekly.text


async def test_a_refused_advert_is_appealed_in_one_tap(town: Town):
    dian = await town.operator("Dian", "koordinator", "koordinator")
    siti = await town.sandbox.user("Siti")
    number, receipt = await filed(siti, SPAM)
    assert "iklan" in receipt
    await siti.press("Ajukan keberatan")
    await siti.wait_for(text="orang lain yang memutuskannya")
    card = await dian.wait_for(lambda m: number in m.text and "Loloskan" in m.labels)
    assert "keberatan" in card.text
    await dian.press("Tolak", card)
    reasons = await dian.wait_for(text="apa alasannya?")
    await dian.press(next(label for label in reasons.labels if "iklan" in label), reasons)
    told = await siti.wait_for(text="keputusannya tetap")
    assert "Ombudsman" in told.text


async def test_a_life_and_a_child_bring_a_person_at_once_before_anything_is_filed(town: Town):
    dian = await town.operator("Dian", "koordinator", "koordinator")
    siti = await town.sandbox.user("Siti")
    await siti.send(CITIZENS, "uripku wis ora ana gunane, pengen mati wae")
    said = await siti.wait_for(text="119 ext. 8")
    assert "piyambakan" in said.text or "tidak sendirian" in said.text
    alert = await dian.wait_for(text="darurat")
    assert "pengen mati" in alert.text

    budi = await town.sandbox.user("Budi")
    await budi.send(CITIZENS, "anak tetangga umur 6 tahun dipukuli bapaknya tiap malam di Sidoagung Godean")
    await budi.wait_for(lambda m: "Setuju" in m.labels)
    await budi.press("Setuju")
    assert "SAPA 129" in (await budi.wait_for(text="129")).text
    assert "anak" in (await dian.wait_for(text="Mungkin ada anak")).text


async def test_a_sender_is_limited_with_a_reason_appeals_and_somebody_else_lifts_it(town: Town):
    dian = await town.operator("Dian", "koordinator", "koordinator")
    eko = await town.operator("Eko", "koordinator", "koordinator")
    siti = await town.sandbox.user("Siti")
    number, _ = await filed(siti, SPAM)
    await dian.send(OPERATORS, f"/batasi {number} 3 terus mengirim iklan slot")
    await dian.wait_for(text="Lama yang boleh: 1, 7, 30")
    await dian.send(OPERATORS, f"/batasi {number} 7 terus mengirim iklan slot")
    await dian.wait_for(text="dibatasi sampai")
    told = await siti.wait_for(text="tidak kami proses")
    assert "terus mengirim iklan slot" in told.text

    await siti.press("Ajukan keberatan", told)
    await siti.wait_for(text="orang lain yang memutuskannya")
    await eko.wait_for(text="keberatan atas pembatasan")
    await dian.send(OPERATORS, f"/tetap {number}")
    await dian.wait_for(text="Petugas lain yang harus memutusnya")
    await eko.send(OPERATORS, "/batasan")
    assert "terus mengirim iklan slot" in (await eko.wait_for(text="Pembatasan yang berlaku")).text
    await eko.send(OPERATORS, f"/cabut {number}")
    await siti.wait_for(text="dicabut")

    rina = await town.operator("Rina", "dishub")
    await rina.send(OPERATORS, f"/batasi {number} 7 terus mengirim iklan slot")
    await rina.wait_for(text="Hanya koordinator dan admin")
