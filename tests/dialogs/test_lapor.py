"""Whole conversations that file a report."""

from dataclasses import replace

import pytest

from dialogs.engine import advance
from dialogs.events import ConsentGiven, TicketActionRequested, TicketRequested
from nlu.interpretation import CategoryGuess, Place

LAMP_NAME = "💡 Lampu mati"


def test_a_report_with_photos_takes_five_turns(talk, kit) -> None:
    said = talk.say(kit.REPORT, kit.lamp())
    assert "tidak perlu diketik ulang" in said
    assert talk.buttons == ["Setuju", "Tidak"]
    said = talk.press("Setuju")
    assert talk.happened(ConsentGiven) == [ConsentGiven("2026-1")]
    assert f"Saya catat:\n{LAMP_NAME}\n📍 Pasar Godean (Kalurahan Sidoagung, Kapanewon Godean)" in said
    assert talk.buttons == ["Betul", "Lokasi lain", "Kategori lain"]
    assert "foto atau video" in talk.say("betul")
    said = talk.photos("p1", "p2", "p3", group="album")
    assert "📎 3 foto" in said
    assert talk.buttons == ["Kirim", "Ubah", "Jadikan rahasia"]
    said = talk.press("Kirim")
    assert "SLM-26-00001" in said
    assert "Dinas Perhubungan" in said
    assert "Rabu, 25 November 2026" in said
    (request,) = talk.happened(TicketRequested)
    assert request.number == "SLM-26-00001"
    assert [one.ref for one in request.evidence] == ["p1", "p2", "p3"]
    assert request.slots["kategori"] == "lampu_jalan"
    assert request.slots["subkategori"] == "mati"
    assert request.slots["uraian"] == kit.REPORT
    assert request.slots["lokasi"]["kode"] == "34.04.02.2003"
    assert request.slots["waktu"] == "seminggu"
    assert request.slots["saringan"]["verdict"] == "pass"
    assert talk.conversation.stack == ()
    assert talk.sent <= 6


def test_only_slots_that_hold_something_are_kept_with_the_talk(talk, kit, bundle) -> None:
    before = replace(talk.conversation, slots={"anonim": None, "pesan": None, "uraian": kit.REPORT})
    turn = advance(before, talk.message("apa kabar"), kit.mean("apa kabar"), bundle, talk.context)
    kept = turn.conversation.slots
    assert kept["uraian"] == kit.REPORT
    assert bundle.initial["anonim"] is False
    assert [name for name, value in kept.items() if value is None] == ["anonim"]  # it does not begin so


def test_the_longest_happy_path_still_takes_six_turns(talk, kit) -> None:
    unsure = (CategoryGuess("sampah", "menumpuk", 0.4), CategoryGuess("drainase", "tersumbat", 0.3))
    talk.say("di kampung kami ada yang numpuk dan bau", kit.mean("x", "lapor", 0.9, categories=unsure))
    talk.press("Setuju")
    assert talk.buttons[:2] == ["🗑️ Sampah menumpuk", "🌊 Saluran tersumbat"]
    talk.say("1")
    assert talk.said[-1].ask_location
    talk.pin(kit.GODEAN)
    talk.photos("p1")
    talk.press("Kirim")
    assert talk.happened(TicketRequested)[0].slots["subkategori"] == "menumpuk"
    assert talk.sent == 6


def test_consent_once_is_enough(talk, kit) -> None:
    talk.report()
    talk.press("Kirim")
    talk.say("sampah numpuk di kali", kit.lamp("sampah numpuk di kali"))
    assert talk.responses == ["utter_ask_catatan"]
    assert talk.slots.get("bukti") is None, "the photos of the first report are not those of the second"


def test_a_new_privacy_notice_is_agreed_to_anew_and_only_once(talk, kit) -> None:
    talk.report()
    talk.press("Kirim")
    talk.context = replace(talk.context, values={**talk.context.values, "versi_privasi": "2027-1"})
    talk.say("sampah numpuk di kali", kit.lamp("sampah numpuk di kali"))
    assert "Setuju" in talk.buttons
    assert talk.conversation.consent == "2026-1"
    talk.press("Setuju")
    assert talk.conversation.consent == "2027-1"
    assert "Setuju" not in talk.buttons
    talk.payload("/batal")
    talk.say("lampu mati", kit.lamp("lampu mati"))
    assert "Setuju" not in talk.buttons


def test_without_consent_nothing_is_kept(talk, kit) -> None:
    talk.say(kit.REPORT, kit.lamp())
    said = talk.press("Tidak")
    assert "tidak ada yang saya simpan" in said
    assert "112" in said
    for name in ("uraian", "kategori", "lokasi", "bukti", "waktu"):
        assert talk.slots.get(name) is None
    assert not talk.conversation.consent


def test_the_old_one_line_form_works(talk, kit) -> None:
    text = "LAPOR Sidoagung lampu jalan mati seminggu"
    talk.say(text, kit.lamp(text))
    assert talk.slots["uraian"] == "Sidoagung lampu jalan mati seminggu"


def test_a_bare_command_asks_for_what_is_missing(talk, kit) -> None:
    talk.say("lapor")
    talk.say("setuju")
    assert talk.responses == ["utter_ask_uraian"]
    talk.say("rusak")
    assert talk.responses == ["utter_uraian_terlalu_pendek"]
    talk.say(kit.REPORT, kit.lamp())
    assert talk.responses == ["utter_ask_catatan"]


def test_all_categories_are_reached_page_by_page(talk, kit, bundle) -> None:
    talk.say(kit.REPORT, kit.lamp(place=None))
    talk.press("Setuju")
    talk.say("kembali")
    talk.say("ulang")
    talk.say("ada yang rusak di kampung", kit.mean("", "lapor", 0.9))
    seen: set[str] = set()
    while True:
        seen |= {choice.payload for choice in talk.conversation.choices}
        if "Lainnya…" not in talk.buttons:
            break
        talk.press("Lainnya…")
    for name in bundle.categories:
        assert f"/SetSlots(kategori={name})" in seen


def test_a_name_with_two_readings_is_asked_about(talk, kit) -> None:
    talk.say(kit.REPORT, kit.lamp(place=Place(kit.DEPOK, 0.5, ambiguous=(kit.MLATI,))))
    talk.press("Setuju")
    assert talk.buttons == ["Kapanewon Depok", "Kapanewon Mlati"]
    talk.say("mlati")
    assert talk.slots["lokasi"]["kapanewon"] == "Mlati"


def test_an_unknown_place_is_taken_as_written_at_the_second_try(talk, kit) -> None:
    talk.say(kit.REPORT, kit.lamp(place=None))
    talk.press("Setuju")
    talk.say("dekat rumah pak RT")
    assert "utter_lokasi_belum_ketemu" in talk.responses
    talk.say("dekat rumah pak RT Paijo")
    assert talk.slots["lokasi"]["text"] == "dekat rumah pak RT Paijo"
    assert talk.slots["lokasi"]["kode"] == ""


def test_a_no_is_no_place(talk, kit) -> None:
    talk.say(kit.REPORT, kit.lamp(place=None))
    talk.press("Setuju")
    for _ in range(3):
        talk.say("tidak ada")
        assert talk.responses[-1] == "utter_ask_lokasi"


@pytest.mark.parametrize("words", ["mau lapor dong", "saya mau melapor pak", "I want to report a problem"])
def test_wanting_to_report_is_not_yet_a_report(talk, kit, words: str) -> None:
    talk.say(words, kit.mean(words, "lapor", 0.5, categories=kit.LAMP))
    talk.press(talk.buttons[0])
    assert talk.responses == ["utter_ask_uraian"]


def test_a_place_elsewhere_is_taken_and_passed_on(talk, kit) -> None:
    outside = Place(kit.MLATI, 0.9, "Malioboro", outside=True)
    talk.say(kit.REPORT, kit.lamp(place=outside))
    talk.press("Setuju")
    assert "di luar Kabupaten Sleman" in talk.press("Betul")
    assert talk.responses[-1] == "utter_ask_bukti"


def test_a_report_like_another_is_offered_to_follow(talk, kit) -> None:
    talk.desk.near = [{"number": "SLM-26-0000X", "title": "Lampu mati", "followers": 3}]
    talk.say(kit.REPORT, kit.lamp())
    talk.press("Setuju")
    assert "3 orang menunggu kabarnya" in talk.press("Betul")
    talk.press("Ikuti")
    (action,) = talk.happened(TicketActionRequested)
    assert (action.number, action.action) == ("SLM-26-0000X", "follow")
    assert action.data == {"text": kit.REPORT}
    assert talk.conversation.stack == ()


def test_a_report_like_another_may_still_be_filed(talk, kit) -> None:
    talk.desk.near = [{"number": "SLM-26-0000X", "title": "Lampu mati", "followers": 3}]
    talk.report()
    talk.press("Tetap lapor")
    talk.say("lewati") if talk.responses == ["utter_ask_bukti"] else None
    talk.press("Kirim")
    assert talk.happened(TicketRequested)


def test_extra_questions_belong_to_a_category(talk, kit) -> None:
    guess = (CategoryGuess("aparatur", "pungli", 0.9),)
    talk.say("petugas minta uang di kantor", kit.lamp("petugas minta uang di kantor", categories=guess))
    talk.press("Setuju")
    talk.press("Betul")
    assert talk.responses == ["utter_ask_asal_tahu"]
    talk.say("saya lihat sendiri kemarin")
    assert talk.responses == ["utter_ask_bukti"]


def verdict(name: str, rule: str = "", advice: str = "Nasihat.") -> dict[str, object]:
    return {"verdict": name, "advice": advice, "rules": [{"id": rule}] if rule else []}


def test_screening_asks_once_and_keeps_both_tellings(talk, kit) -> None:
    talk.desk.verdicts = [verdict("ask", "kabar_angin"), verdict("ask", "kabar_angin")]
    talk.say(kit.REPORT, kit.lamp())
    assert "Nasihat." in talk.press("Setuju")
    talk.say("saya lihat sendiri tadi malam")
    assert talk.responses == ["utter_ask_catatan"]
    assert talk.slots["uraian"] == f"{kit.REPORT}\nsaya lihat sendiri tadi malam"
    assert talk.slots["lokasi"] is not None
    assert talk.slots["saringan_diminta"] == ["kabar_angin"]


def test_abuse_is_replaced_by_the_new_telling(talk, kit) -> None:
    talk.desk.verdicts = [verdict("ask", "makian")]
    talk.say(kit.REPORT, kit.lamp())
    talk.press("Setuju")
    talk.say("lampu di depan pasar mati sudah seminggu")
    assert talk.slots["uraian"] == "lampu di depan pasar mati sudah seminggu"


def test_a_private_report_says_why(talk, kit) -> None:
    talk.desk.verdicts = [verdict("pass_private", "tuduhan")]
    talk.say(kit.REPORT, kit.lamp())
    assert talk.press("Setuju").startswith("🔒 Nasihat.")
    assert talk.slots["rahasia"] is True


def test_a_held_report_is_filed_and_explained(talk) -> None:
    talk.desk.verdicts = [verdict("hold", "ancaman")]
    talk.report()
    said = talk.press("Kirim")
    assert said.startswith("Tercatat dengan nomor SLM-")
    assert "Nasihat." in said
    assert talk.happened(TicketRequested)[0].slots["saringan"]["verdict"] == "hold"
    talk.desk.add(talk.slots["tiket"], actions=["appeal"])
    talk.press("Keberatan")
    assert talk.happened(TicketActionRequested)[0].action == "appeal"
    assert "sudah saya kirim" not in talk.say("lewati")


def test_a_refused_report_has_a_reason_a_way_to_help_and_an_appeal(talk, kit) -> None:
    talk.desk.verdicts = [verdict("refuse", "spam", "Ini terbaca sebagai iklan.")]
    talk.say(kit.REPORT, kit.lamp())
    said = talk.press("Setuju")
    assert "Ini terbaca sebagai iklan." in said
    assert talk.buttons == ["Tulis ulang", "Ajukan keberatan"]
    assert talk.happened(TicketRequested)[0].slots["saringan"]["verdict"] == "refuse"
    talk.desk.add(talk.slots["tiket"], actions=["appeal"])
    talk.press("Ajukan keberatan")
    assert [one.action for one in talk.happened(TicketActionRequested)] == ["appeal"]
    talk.say("ini bukan iklan, lampunya benar mati")
    (action,) = talk.happened(TicketActionRequested)
    assert action.action == "message"
    assert action.data["text"] == "ini bukan iklan, lampunya benar mati"
