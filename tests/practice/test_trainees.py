"""Whole practice sessions in the operators' chat: one keeps to the procedure, one breaks every rule."""

from tests.practice.conftest import MARK, card_of
from tests.scenarios.kit import OPERATORS, onward

GOOD = ("lampu-sopan", "jalan-kurang", "pohon-salah", "lubang-kembar", "pohon-darurat", "lampu-marah")
BAD = (*GOOD, "kk-kurang", "cepat")


async def test_who_keeps_to_the_procedure_reaches_every_point(town, photo):
    rina = await town.operator("Rina", "dishub")
    await town.begins(rina, *GOOD)

    fallen = await rina.wait_for(card_of("TOLONG pohon tumbang"), since=0)
    assert "🚨 DARURAT" in fallen.text
    await rina.reply(
        fallen, "Telepon 112 sekarang juga. Laporan ini kami teruskan ke BPBD saat ini, hari ini."
    )
    await rina.press("Teruskan", fallen)
    await town.chooses(rina, "BPBD")
    why = await rina.wait_for(text="alasan")
    await rina.reply(why, "Pohon menimpa orang, perlu evakuasi.")
    await rina.wait_for(text="sekarang ditangani BPBD")

    vague = await rina.wait_for(card_of("jalan rusak parah"), since=0)
    await rina.press("Minta data", vague)
    ticks = await rina.wait_for(lambda m: "Titik lokasi" in " ".join(m.labels))
    await rina.press("Titik lokasi", ticks)
    await rina.press("Minta 1", await rina.wait_for(lambda m: "☑ Titik lokasi" in m.labels))
    wrong = await rina.wait_for(card_of("tertutup dahan pohon"), since=0)
    await rina.press("Bukan wewenang", wrong)
    await town.chooses(rina, "DLH")
    why = await rina.wait_for(text="bukan wewenang dinas Anda")
    await rina.reply(why, "Lampunya menyala, yang perlu dipangkas pohonnya.")

    angry = await rina.wait_for(card_of("jembatan Trihanggo mati LAGI"), since=0)
    await rina.reply(angry, "Mohon maaf, Bapak/Ibu. Regu kami memeriksa lampunya hari ini pukul 19.00.")
    lamp = await rina.wait_for(card_of("depan Pasar Godean"), since=0)
    await rina.reply(lamp, "Terima kasih laporannya. Besok pagi petugas kami ke lokasi.")
    first = await rina.wait_for(card_of("kemarin ada motor jatuh"), since=0)
    await rina.reply(first, "Terima kasih. Lubangnya ditambal besok.")
    twin = await rina.wait_for(card_of("bolong gede banget"), since=0)
    await rina.press("Gabungkan", twin)
    offered = await rina.wait_for(lambda m: "LAT-" in " ".join(m.labels))
    await rina.press("LAT-", offered)
    sure = await rina.wait_for(text="Gabungkan LAT-")
    await rina.press(sure.labels[0], sure)
    await rina.wait_for(text="Digabung")

    town.clock.forward(seconds=10)
    await rina.wait_for(text="depan SPBU", since=0)
    await rina.wait_for(text="Saya pegang kata-katanya", since=0)
    for shade, card in enumerate((lamp, first, vague, angry)):
        await town.closes(rina, card, "Sudah dikerjakan, fotonya terlampir.", photo(20 + shade * 30))
    town.clock.forward(seconds=10)
    await rina.wait_for(text="ujung utara masih mati", since=0)
    await town.closes(rina, angry, "Lampu ujung utara juga sudah menyala.", photo(200))
    town.clock.forward(seconds=10)
    report = await town.report(rina)
    assert "Nilai: 100 dari 100" in report
    assert "❌" not in report
    assert report.count("✅") == len(GOOD) + 1
    assert "Hebat" in report


async def test_every_mistake_is_named_with_its_rule_and_its_source(town):
    budi = await town.operator("Budi", "dishub")
    await town.begins(budi, *BAD)

    angry = await budi.wait_for(card_of("jembatan Trihanggo mati LAGI"), since=0)
    await budi.reply(angry, "Sabar dong. Nanti juga diperbaiki.")
    await budi.press("Selesai", angry)
    asked = await budi.wait_for(text="apa yang sudah dikerjakan")
    await budi.reply(asked, "Sudah beres.")
    await budi.wait_for(text="Belum bisa")

    slow = await budi.wait_for(card_of("KK kula dereng"), since=0)
    await budi.reply(slow, "Inggih, Bu Marsinah sampun rampung, NIK 3404011203900001.")
    vague = await budi.wait_for(card_of("jalan rusak parah"), since=0)
    await budi.press("Tolak", vague)
    reasons = await budi.wait_for(lambda m: "alasan" in m.text.lower() and bool(m.labels))
    await budi.press(reasons.labels[0], reasons)
    await budi.reply(await budi.wait_for(text="Balas"), "Tidak jelas.")
    wrong = await budi.wait_for(card_of("tertutup dahan pohon"), since=0)
    await budi.press("Bukan wewenang", wrong)
    await town.chooses(budi, "Satpol PP")
    await budi.reply(await budi.wait_for(text="bukan wewenang dinas Anda"), "Urusan ketertiban.")

    town.clock.forward(minutes=6)
    town.clock.forward(seconds=1)
    late = await budi.wait_for(card_of("Rambu ayam jago"), since=0)
    await budi.reply(late, "Terima kasih, besok kami cek.")
    await budi.wait_for(text="ayam jagonya", since=0)
    report = await town.report(budi)
    for rule, said in (
        ("Ditanggapi tepat waktu", "batasnya 5 menit latihan (5 hari kerja)"),
        ("Dinas yang tepat", "Urusan ini milik DLH"),
        ("Menanyakan yang kurang", "Belum ditanyakan: “lokasi”"),
        ("Menutup dengan bukti", "tanpa bukti baru dari lapangan (1 kali)"),
        ("Mengenali laporan ganda", "sudah ada di LAT-"),
        ("Darurat dinaikkan segera", "dalam 3 menit"),
        ("Memberi nomor darurat", "tidak menyebut 112"),
        ("Kata-kata yang sopan", "sabar dong"),
        ("Menjaga data pribadi", "Marsinah, 3404011203900001"),
        ("Janji dengan tanggal", "tanpa menyebut kapan: nanti"),
        ("Tidak menolak yang berhak", "tidak boleh ditolak"),
        ("Dituntaskan", "belum tuntas"),
    ):
        assert f"• {rule}: " in report
        assert said in report
    assert report.count("📖") == report.count("• ")
    assert "tidak apa-apa" in report.lower()


async def test_a_citizen_who_was_asked_badly_does_not_tell_what_is_missing(town):
    tono = await town.operator("Tono", "pu")
    await town.begins(tono, "jalan-kurang")
    card = await tono.wait_for(card_of("jalan rusak parah"), since=0)
    await tono.press("Minta data", card)
    asked = await tono.wait_for(lambda m: "Titik lokasi" in " ".join(m.labels))
    await tono.reply(asked, "Tolong dilengkapi laporannya.")
    await tono.wait_for(lambda m: m.id == card.id and "Menunggu data" in m.text, since=0)
    town.clock.forward(seconds=10)
    await tono.wait_for(text="kurang paham maksudnya")
    await tono.send(OPERATORS, "/latihan nilai")
    standing = await tono.wait_for(text="Sejauh ini")
    assert "Belum ditanyakan: “lokasi”" in standing.text


async def test_the_coordinators_desk_is_practised_by_coordinators(town):
    dian = await town.operator("Dian", "koordinator", "koordinator")
    await town.begins(dian, "kobongan-darurat", "air-salah")
    fire = await dian.wait_for(card_of("omah kobongan"), since=0)
    await dian.wait_for(text="Kemungkinan darurat", since=0)
    await dian.press("Naikkan", fire)
    await town.answers(dian, fire, "Telpun 112 saiki nggih, damkar dikirim saiki.")
    town.clock.forward(seconds=6)
    await dian.wait_for(text="damkar lagi mangkat")
    dry = await dian.wait_for(card_of("tidak keluar air"), since=0)
    await dian.press("Ganti kategori", dry)
    await town.chooses(dian, "🚰 Air bersih")
    await dian.wait_for(lambda m: "PDAM" in m.text and "LAT-" in m.text)
    assert "Nilai: 100 dari 100" in await town.report(dian)


async def test_the_counter_is_practised_too(town):
    rina = await town.operator("Rina", "dishub")
    await rina.send(OPERATORS, "/latihan mulai cepat")
    await rina.wait_for(card_of("Rambu ayam jago"))
    await rina.send(OPERATORS, "/loket")
    await rina.wait_for(text="melayani seorang warga")
    await rina.send(OPERATORS, "lampu jalan depan pasar Godean mati udah seminggu, gelap bgt")
    message = await rina.wait_for(lambda m: "Setuju" in m.labels)
    for _ in range(10):
        await rina.press(onward(message.labels), message)
        message = await rina.wait_for(lambda m: bool(m.labels) or "LAT-" in m.text)
        if "Diterima" in message.text:
            break
    assert message.text.startswith(MARK)
    assert await town.cases() == ()
