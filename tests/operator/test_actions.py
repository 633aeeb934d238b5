"""Buttons and the words they ask for: closing with proof, refusing with a reason, asking, handing over."""

import pytest
from structlog.testing import capture_logs

from dialogs.messages import Attachment
from storage.reports import media
from storage.reports.media import Kept, Owner
from tickets.evidence.findings import Facts
from tickets.ticket import Finding, ScreeningResult

NUMBER = "SLM-26-7XW2T"
OTHER = "SLM-26-7JCMX"
BOT = "petugas_bot"


@pytest.fixture
def carded(house, joined):
    """An operator with the card of an open ticket in their chat."""

    async def make(name: str = "Rina", agency: str = "dishub", role: str = "penghubung", **report):
        person = await joined(name, agency, role)
        await house.open(**report)
        card = await person.wait_for(lambda m: NUMBER in m.text and "masuk" in m.text)
        await house.settled()
        return person, card

    return make


async def test_closing_asks_for_proof_and_takes_no_words_without(house, carded, photo):
    rina, card = await carded()
    await rina.press("Selesai", card)
    prompt = await rina.wait_for("apa yang sudah dikerjakan")
    await rina.reply(prompt, "Lampu sudah diganti")
    await rina.wait_for("Perlu bukti")
    await rina.reply(prompt, photo=photo(110))
    await rina.wait_for("Tulis juga kata-katanya")
    assert (await house.ticket()).status == "DISPOSISI"

    await rina.reply(prompt, "Lampu sudah diganti", photo=photo(120))
    await rina.wait_for(lambda m: m.id == card.id and "Menunggu konfirmasi warga" in m.text)
    await house.settled()
    (asked,) = [one for one in house.citizens.read if "sudah beres?" in one.message.text]
    assert asked.message.text == "sudah beres? Lampu sudah diganti"
    assert [file.kind for file in asked.files] == ["photo"]
    await rina.reply(prompt, "Sekali lagi", photo=photo(130))
    await rina.wait_for("Selesai tidak bisa dilakukan selagi laporan menunggu konfirmasi warga.")


async def test_refusing_takes_a_reason_from_the_list_and_a_sentence(house, carded):
    rina, card = await carded()
    await rina.press("Tolak", card)
    choice = await rina.wait_for("apa alasannya")
    await rina.press("sudah selesai ditangani", choice)
    prompt = await rina.wait_for("akan ditolak dengan alasan: Hal ini sudah selesai ditangani")
    await rina.reply(prompt, "Sudah diganti kemarin.")
    await rina.wait_for(lambda m: m.id == card.id and "Ditutup" in m.text)
    assert (await house.ticket()).status == "ARSIP"
    assert "Hal ini sudah selesai ditangani. Sudah diganti kemarin." in house.citizens.texts[-1]


async def test_asking_for_data_reaches_the_citizen_and_the_answer_comes_back(house, carded):
    rina, card = await carded()
    await rina.press("Minta data", card)
    prompt = await rina.wait_for("data apa yang perlu dilengkapi")
    await rina.reply(prompt, "Nomor tiang lampunya berapa?")
    await rina.wait_for(lambda m: m.id == card.id and "Menunggu data dari warga" in m.text)
    assert house.citizens.texts[-1] == "Dishub bertanya: Nomor tiang lampunya berapa?"
    await house.citizen("give_data", text="tiang 12")
    await rina.wait_for(lambda m: "melengkapi data" in m.text and "tiang 12" in m.text)


async def test_not_ours_goes_back_to_the_coordinator_with_the_reason(house, carded, joined):
    dian = await joined("Dian", "koordinator", "koordinator")
    rina, card = await carded()
    await rina.press("Bukan wewenang", card)
    await rina.press("Tidak tahu", await rina.wait_for("wewenang siapa"))
    prompt = await rina.wait_for("bukan wewenang dinas Anda")
    await rina.reply(prompt, "Lampu milik kalurahan")
    new = await dian.wait_for(lambda m: NUMBER in m.text and "Lampu milik kalurahan" in m.text)
    assert (await house.ticket()).agency == "koordinator"
    await rina.wait_for(lambda m: m.id == card.id and "sekarang ditangani Diskominfo" in m.text)

    await house.settled()
    await dian.press("Verifikasi", new)
    choice = await dian.wait_for("teruskan ke mana")
    await dian.press("DPUPKP", choice) if "DPUPKP" in choice.labels else await _on_next_page(dian, choice)
    await dian.wait_for(lambda m: m.id == new.id and "DPUPKP" in m.text)
    assert (await house.ticket()).agency == "pu"


async def _on_next_page(who, choice):
    await who.press("▶", choice)
    await who.wait_for(lambda m: m.id == choice.id)
    await who.press("DPUPKP", choice)


async def test_a_report_is_joined_to_one_that_exists_by_its_number(house, carded):
    rina, card = await carded()
    await rina.press("Gabungkan", card)
    prompt = await rina.wait_for("digabung ke laporan mana")
    await rina.reply(prompt, "yang kemarin")
    await rina.wait_for("nomor laporan tujuannya")
    await rina.reply(prompt, OTHER)
    await rina.wait_for("tidak ada")
    await rina.send(BOT, f"/gabung {NUMBER} {NUMBER}")
    await rina.wait_for("Itu laporan yang sama")
    assert (await house.ticket()).status == "DISPOSISI"
    await house.open(OTHER)
    await rina.send(BOT, f"/gabung {NUMBER} {OTHER}")
    await rina.press("tempat dan masalahnya sama", await rina.wait_for(f"Gabungkan {NUMBER} ke {OTHER}?"))
    await rina.wait_for(lambda m: m.id == card.id and "Gabungkan · tempat dan masalahnya sama" in m.text)


async def test_a_prompt_is_understood_after_a_restart(core, sandbox, sandbox_url, house, carded, restarted):
    rina, card = await carded()
    await rina.press("Tolak", card)
    choice = await rina.wait_for("apa alasannya")
    await rina.press("iklan", choice)
    prompt = await rina.wait_for("akan ditolak dengan alasan")
    await house.settled()
    await house.stop_polling()
    async with restarted() as again:
        await rina.reply(prompt, "Ini iklan.")
        await rina.wait_for(lambda m: m.id == card.id and "Ditutup" in m.text)
        assert (await again.ticket()).status == "ARSIP"


async def test_the_same_update_many_times_has_one_effect(house, sandbox, carded):
    rina, card = await carded()
    chat = {"id": rina.id, "type": "private", "first_name": "Rina"}
    message = {
        "message_id": 900,
        "date": 1_800_000_000,
        "chat": chat,
        "from": {"id": rina.id, "is_bot": False, "first_name": "Rina"},
        "text": "Satu kali saja.",
        "reply_to_message": {key: value for key, value in card.items() if key != "reply_markup"},
    }
    await sandbox.push_update(BOT, {"message": message}, duplicate=3)
    await rina.wait_for(lambda m: m.id == card.id and "Satu kali" in m.text)
    await house.settled()
    assert [text for _, text in await house.history()].count("Satu kali saja.") == 1
    assert house.citizens.texts.count("Dishub: Satu kali saja.") == 1


async def test_a_held_report_is_let_pass_by_the_coordinator(house, joined):
    dian = await joined("Dian", "koordinator", "koordinator")
    rina = await joined("Rina")
    text = "bakar saja kantornya, lampu mati terus"
    finding = Finding("hasutan", "incitement", ((0, 10),), "Tulis tanpa ajakan.")
    await house.open(narrative=text, screening=ScreeningResult("hold", (finding,), text))
    card = await dian.wait_for(lambda m: NUMBER in m.text and "masuk" in m.text)
    assert "Ditahan untuk ditinjau (hasutan)" in card.text
    assert "“bakar saja”" in card.text
    await house.settled()
    await dian.press("Loloskan", card)
    await rina.wait_for(lambda m: NUMBER in m.text and "masuk" in m.text)
    assert (await house.ticket()).status == "DISPOSISI"


async def test_a_citizens_photo_comes_with_the_card(house, joined, photo, sandbox):
    rina = await joined()
    digest = await house.core.files.put(photo(60))
    file = Attachment("photo", "ref", "image/jpeg", media_id="bukti-1")
    await house.open()
    await rina.wait_for(NUMBER)

    def keep(connection):
        media.owe(connection, [file], Owner(NUMBER, "telegram", "message"), house.clock())
        facts = Facts("jpeg", "image/jpeg")
        media.kept(connection, "bukti-1", Kept(digest, 10, facts, None, digest, "image/jpeg"))

    await house.core.database.write(keep)
    await house.citizen("message", text="ini fotonya", proof=("bukti-1",))
    shown = await rina.wait_for(lambda m: "ini fotonya" in m.text and "photo" in m)
    assert "pesan dari warga" in shown.text


async def test_flood_limits_only_delay_the_card(house, joined, sandbox):
    rina = await joined()
    await sandbox.fault("flood", method="sendMessage", times=1, retry_after=1)
    await house.open()
    await rina.wait_for(NUMBER)


async def test_an_operator_who_blocked_the_bot_holds_nobody_up(house, joined):
    rina, agus = await joined("Rina"), await joined("Agus")
    await rina.block(BOT)
    await house.open()
    await agus.wait_for(NUMBER)
    await house.settled()


async def test_a_fault_inside_is_tried_again_and_in_the_end_told(house, carded, monkeypatch):
    rina, card = await carded()
    calls = []

    async def broken(*_a, **_k):
        calls.append(1)
        raise ValueError("disk on fire")

    monkeypatch.setattr(house.ticketing, "act", broken)
    monkeypatch.setattr("bot.operator.front.TRY_AGAIN", 0.01)
    with capture_logs() as logs:
        await rina.reply(card, "Besok dicek.")
        await rina.wait_for("gagal diproses")
    assert len(calls) == 3
    assert "Besok" not in str(logs)
    monkeypatch.undo()
    await rina.reply(card, "Lusa dicek.")
    await rina.wait_for(lambda m: m.id == card.id and "Lusa" in m.text)
