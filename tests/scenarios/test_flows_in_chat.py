"""An admin changes the dialog from inside the chat: citizens hear it, colleagues are told, others refused."""

import re

from bot.sandbox.client import User
from storage import publishing as store
from tests.scenarios.kit import CITIZENS, OPERATORS, Town

GREETING = "utter_ask_uraian"


async def admin(town: Town, name: str = "Ani") -> User:
    return await town.operator(name, "koordinator", "admin")


async def opened(who: User, flow: str = "Lapor") -> None:
    """/alur, then the flow's own message."""
    await who.send(OPERATORS, "/alur")
    await who.wait_for(lambda m: flow in m.labels)
    await who.press(flow)


async def change_question(who: User, words: str, language: str = "id"):
    """From /alur to new words for the first question of a report; the review that comes of it."""
    await opened(who)
    await who.wait_for(lambda m: "ask_uraian" in m.labels)
    await who.press("ask_uraian")
    await who.wait_for(lambda m: f"✏️ {language}" in m.labels)
    await who.press(f"✏️ {language}")
    prompt = await who.wait_for(f"balas pesan ini dengan tulisan baru untuk {GREETING}")
    await who.reply(prompt, words)
    return await who.wait_for("Draf Anda")


async def asked(town: Town, name: str) -> str:
    """What a citizen is asked who wants to report."""
    citizen = await town.sandbox.user(name)
    await citizen.send(CITIZENS, "/lapor")
    await citizen.wait_for(lambda m: "Setuju" in m.labels)
    await citizen.press("Setuju")
    return (await citizen.wait_for()).text


async def test_one_text_from_the_chat_to_the_citizen_and_back(town: Town):
    ani = await admin(town)
    review = await change_question(ani, "Sugeng rawuh! Apa yang perlu dibenahi?")
    assert "1 perubahan, tanpa kesalahan" in review.text
    assert f"~ teks {GREETING} (id)" in review.text
    assert "“Sugeng rawuh! Apa yang perlu dibenahi?”" in review.text
    assert "0 percakapan terbuka" in review.text
    assert review.labels == ["Coba", "Terbitkan", "Lihat baris", "Buang"]
    assert "Sugeng rawuh" not in await asked(town, "Siti")

    await ani.press("Terbitkan", review)
    published = await ani.wait_for("✅ Terbit")
    assert "1 percakapan terbuka: 1 lanjut" in published.text
    assert "Sugeng rawuh! Apa yang perlu dibenahi?" in await asked(town, "Budi")

    await ani.press("↩️ Kembalikan", published)
    await ani.wait_for("✅ Terbit")
    assert "Sugeng rawuh" not in await asked(town, "Candra")

    history = await town.house.publishing.history()
    assert [(one.kind, one.author) for one in history] == [
        ("rollback", "Ani"),
        ("publish", "Ani"),
        ("delivered", "program"),
    ]
    assert history[1].note == f"{GREETING} (id)"
    await ani.send(OPERATORS, "/alur")
    await ani.wait_for(lambda m: "🕘 Riwayat" in m.labels)
    await ani.press("🕘 Riwayat")
    told = await ani.wait_for("Riwayat terbitan")
    assert [line.split(" · ")[2] for line in told.text.splitlines()[1:]] == ["kembali", "terbit", "bawaan"]
    assert await town.sandbox.ignored_parameters() == {}


async def test_the_label_of_an_option(town: Town):
    ani = await admin(town)
    await opened(ani, "Persetujuan")
    await ani.wait_for(lambda m: "ask_persetujuan" in m.labels)
    await ani.press("ask_persetujuan")
    shown = await ani.wait_for(lambda m: "🔘 6 Setuju" in m.labels)
    assert "id 6: Sebelum mulai" in shown.text
    await ani.press("🔘 6 Setuju", shown)
    prompt = await ani.wait_for("tulisan baru")
    await ani.reply(prompt, "Saya setuju")
    review = await ani.wait_for("Draf Anda")
    assert "[Saya setuju]" in review.text
    await ani.press("Terbitkan", review)
    await ani.wait_for("✅ Terbit")
    siti = await town.sandbox.user("Siti")
    await siti.send(CITIZENS, "/lapor")
    await siti.wait_for(lambda m: "Saya setuju" in m.labels)


async def taken(town: Town, who: User) -> str:
    """The file of `lapor`, handed out by the bot; its text as it was handed out."""
    await opened(who)
    await who.wait_for(lambda m: "⬇ flows/lapor.yml" in m.labels)
    await who.press("⬇ flows/lapor.yml")
    await who.wait_for("kirim kembali berkasnya")
    (handed,) = await town.sandbox.calls(OPERATORS, method="sendDocument")
    assert handed["params"]["chat_id"] == str(who.id)
    return town.house.core.bundles.live.sources["flows/lapor.yml"]


async def sent(who: User, tmp_path, name: str, text: str, caption: str = "") -> None:
    path = tmp_path / name
    path.write_text(text)
    await who.send_document(OPERATORS, path, caption)


async def test_a_file_sent_back_shows_faults_by_line_then_goes_live(town: Town, tmp_path):
    ani = await admin(town)
    text = await taken(town, ani)
    await sent(ani, tmp_path, "lapor.yml", text.replace("then: uraian", "then: nirwana", 1))
    faults = await ani.wait_for("kesalahan; draf ini belum bisa diterbitkan")
    line = text[: text.index("then: uraian")].count("\n")
    assert re.search(rf"flows/lapor.yml:{line - 2}\d?: |flows/lapor.yml:\d+: \[lapor izin\]", faults.text)
    assert "nirwana" in faults.text
    assert faults.labels == ["Lihat baris", "Buang"]

    await sent(ani, tmp_path, "flows__lapor.yml", text.replace("name: Lapor", "name: Lapor masalah", 1))
    review = await ani.wait_for("Draf Anda")
    assert "~ alur lapor" in review.text
    await ani.press("Lihat baris", review)
    lines = await ani.wait_for("+    name: Lapor masalah")
    assert "-    name: Lapor" in lines.text
    await ani.press("Terbitkan", review)
    await ani.wait_for("✅ Terbit")
    assert town.house.core.bundles.live.flows["lapor"].name == "Lapor masalah"


async def test_files_that_cannot_be_placed_or_read(town: Town, tmp_path):
    ani = await admin(town)
    await sent(ani, tmp_path, "id.yml", "responses: {}")
    asked_where = await ani.wait_for("Berkas ini untuk yang mana?")
    assert "responses/petugas/id.yml" in asked_where.text
    path = tmp_path / "lapor.yml"
    path.write_bytes(b"\xff\xfe\x00")
    await ani.send_document(OPERATORS, path)
    await ani.wait_for("tidak bisa dibaca sebagai teks")
    await sent(ani, tmp_path, "x.yml", "flows: [", "flows/baru.yml")
    await ani.wait_for("flows/baru.yml:")
    await ani.press("Buang")
    await ani.wait_for("Draf dibuang")
    assert "flows/baru.yml" not in town.house.core.bundles.live.sources


async def test_trying_a_draft_is_talking_to_it(town: Town):
    ani = await admin(town)
    review = await change_question(ani, "Coba ceritakan masalahnya:")
    await ani.press("Coba", review)
    tests = await ani.wait_for("percakapan uji berjalan seperti yang tertulis", timeout=60)
    assert "Sekarang Anda menjadi warga" in tests.text
    await ani.send(OPERATORS, "lapor")
    await ani.wait_for(lambda m: m.text.startswith("🧪") and "Setuju" in m.labels)
    await ani.press("Setuju")
    await ani.wait_for("🧪 Coba ceritakan masalahnya:")
    await ani.send(OPERATORS, "lampu jalan di Sidoagung mati total seminggu")
    await ani.wait_for(lambda m: m.text.startswith("🧪"))
    assert await town.cases() == (), "nothing of a trial is filed"
    await ani.send(OPERATORS, "selesai")
    again = await ani.wait_for("Draf Anda")
    await ani.press("Terbitkan", again)
    await ani.wait_for("✅ Terbit")
    await ani.send(OPERATORS, "halo")
    await ani.wait_for("Laporan yang mana?")


async def test_the_second_admin_is_told_by_whom_and_brings_the_draft_up_to_date(town: Town):
    ani, budi = await admin(town), await admin(town, "Budi")
    hers = await change_question(ani, "Punya Ani")
    his = await change_question(budi, "What is wrong?", "en")
    await ani.send(OPERATORS, "/alur")
    await ani.wait_for("Sedang mengubah juga: Budi")
    await ani.press("Terbitkan", hers)
    await ani.wait_for("✅ Terbit")

    await budi.press("Terbitkan", his)
    told = await budi.wait_for("Sejak draf ini dimulai sudah ada terbitan lain")
    assert "Ani" in told.text
    assert f"{GREETING} (id)" in told.text
    await budi.press("Susulkan", told)
    renewed = await budi.wait_for(lambda m: "Draf Anda" in m.text and "Terbitkan" in m.labels)
    await budi.press("Terbitkan", renewed)
    await budi.wait_for("✅ Terbit")
    live = town.house.core.bundles.live.responses
    assert live["id"][GREETING].variations[0].text.source == "Punya Ani"
    assert live["en"][GREETING].variations[0].text.source == "What is wrong?"


async def test_the_same_line_changed_by_two_is_no_ones_guess(town: Town):
    ani, budi = await admin(town), await admin(town, "Budi")
    hers, his = await change_question(ani, "Punya Ani"), await change_question(budi, "Punya Budi")
    await ani.press("Terbitkan", hers)
    await ani.wait_for("✅ Terbit")
    await budi.press("Terbitkan", his)
    told = await budi.wait_for("terbitan lain")
    await budi.press("Susulkan", told)
    await budi.wait_for("responses/id.yml diubah di baris yang sama")
    assert town.house.core.bundles.live.responses["id"][GREETING].variations[0].text.source == "Punya Ani"


async def test_an_old_review_does_not_publish_what_it_did_not_show(town: Town):
    ani = await admin(town)
    first = await change_question(ani, "Pertama")
    await change_question(ani, "Kedua")
    await ani.press("Terbitkan", first)
    shown = await ani.wait_for("Draf Anda")
    assert "Kedua" in shown.text
    assert len(await town.house.publishing.history()) == 1


async def test_nobody_but_an_admin_gets_in(town: Town, tmp_path):
    rina = await town.operator("Rina", "dishub")
    await rina.send(OPERATORS, "/alur")
    await rina.wait_for("Hanya admin")
    text = town.house.core.bundles.live.sources["flows/lapor.yml"]
    await sent(rina, tmp_path, "lapor.yml", text.replace("name: Lapor", "name: Palsu", 1))
    await rina.wait_for("Laporan yang mana?")
    stranger = await town.sandbox.user("Eko")
    await stranger.start(OPERATORS)
    await stranger.wait_for("meja kerja petugas")
    await stranger.send(OPERATORS, "/alur")
    await stranger.wait_for("meja kerja petugas")

    ani = await admin(town)
    review = await change_question(ani, "Dulu admin")
    await town.house.roster.revoke(str(ani.id))
    query = await ani.press("Terbitkan", review)
    assert "Hanya" in (await ani.wait_for_answer(query))["text"]
    assert len(await town.house.publishing.history()) == 1
    assert await town.house.core.database.glance(lambda c: store.open_draft(c, str(ani.id))) is not None


async def test_words_that_cannot_stand_there(town: Town):
    ani = await admin(town)
    await opened(ani)
    await ani.wait_for(lambda m: "ask_uraian" in m.labels)
    await ani.press("ask_uraian")
    await ani.wait_for(lambda m: "✏️ jv" in m.labels)
    await ani.press("✏️ jv")
    prompt = await ani.wait_for("tulisan baru")
    await ani.reply(prompt, "x" * 3001)
    await ani.wait_for("tidak bisa dipasang di sana")
    await ani.reply(prompt, "Halo {siluman}")
    faults = await ani.wait_for("kesalahan; draf ini belum bisa diterbitkan")
    assert "tidak ada yang mengisi `{siluman}`" in faults.text
