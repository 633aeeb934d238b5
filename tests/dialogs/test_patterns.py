"""What happens in between: corrections, ways back, interruptions, emergencies, silence, a person."""

from dataclasses import replace

import pytest

from dialogs.events import (
    BotUttered,
    Failed,
    FlowEnded,
    LanguageChanged,
    TicketRequested,
)
from dialogs.turn import ActionResult
from nlu.interpretation import CategoryGuess, Place

OPEN_TEXT = "utter_ask_bukti"


def test_a_place_is_corrected_in_words(asked, kit) -> None:
    text = "eh salah, bukan Depok, Mlati"
    place = Place(kit.DEPOK, 0.6, ambiguous=(kit.MLATI,))
    asked.say(text, kit.mean(text, "koreksi", 0.9, place=place))
    assert asked.responses == ["utter_dikoreksi", OPEN_TEXT]
    assert asked.slots["lokasi"]["kapanewon"] == "Mlati"


def test_two_things_are_corrected_at_once(asked, kit) -> None:
    text = "maaf salah, itu sampah di Mlati"
    guess = (CategoryGuess("sampah", "menumpuk", 0.9),)
    said = asked.say(text, kit.mean(text, "koreksi", 0.9, place=Place(kit.MLATI, 0.9), categories=guess))
    assert asked.slots["kategori"] == "sampah"
    assert asked.slots["subkategori"] == "menumpuk"
    assert asked.slots["lokasi"]["kapanewon"] == "Mlati"
    assert "Sampah" in said
    assert "Mlati" in said


def test_a_correction_on_the_card_shows_the_new_card(talk, kit) -> None:
    talk.report()
    text = "bukan di situ, di Mlati"
    talk.say(text, kit.mean(text, "koreksi", 0.9, place=Place(kit.MLATI, 0.9)))
    assert talk.responses == ["utter_dikoreksi", "utter_ask_tinjau"]
    assert "Mlati" in talk.said[-1].text


def test_an_old_button_still_corrects_what_was_told(asked) -> None:
    asked.payload("/SetSlots(kategori=sampah)")
    assert asked.slots["kategori"] == "sampah"
    assert asked.responses == [OPEN_TEXT]


@pytest.mark.parametrize(
    "payload",
    [
        "/SetSlots(tinjau=ya)",
        "/SetSlots(kategori=hantu)",
        "/SetSlots(hantu=1)",
        "/hantu",
        "ngawur",
        "/SetSlots(",
    ],
)
def test_a_button_that_no_longer_fits_is_answered_not_obeyed(asked, payload: str) -> None:
    before = dict(asked.slots)
    asked.payload(payload)
    assert asked.responses == ["utter_tombol_lama", OPEN_TEXT]
    assert {name: asked.slots.get(name) for name in before} == before


def test_back_goes_through_answered_questions(talk, kit) -> None:
    talk.report()
    for expected in (OPEN_TEXT, "utter_ask_catatan"):
        talk.say("kembali")
        assert talk.responses == [expected]
    talk.say("kembali")
    assert talk.responses == ["utter_tidak_bisa_kembali", "utter_ask_catatan"]
    talk.press("Betul")
    assert talk.slots["uraian"] == kit.REPORT


def test_back_out_of_an_interruption(asked) -> None:
    asked.say("status")
    assert asked.responses == ["utter_ask_nomor"]
    asked.say("kembali")
    assert asked.responses == [OPEN_TEXT]


def test_a_number_typed_anywhere_shows_its_status_then_returns(asked) -> None:
    asked.desk.add("SLM-26-7K3QX")
    for typed in ("SLM-26-7K3QX", "slm-26-7k3qx", "cek slm 26 7k3qx dong"):
        said = asked.say(typed)
        assert "Laporan SLM-26-7K3QX: Lampu jalan mati" in said
        assert asked.responses[-2:] == ["utter_lanjutkan_pertanyaan", OPEN_TEXT]
    asked.say("dan 20 meter dari situ")
    assert "utter_status_tidak_ada" not in asked.responses


def test_a_question_in_between_is_answered(asked, kit) -> None:
    said = asked.say("berapa lama diproses?", kit.mean("", "info_pertanyaan", 0.95))
    assert "3 hari kerja" in said
    assert asked.responses == ["utter_faq_lama_proses", "utter_lanjutkan_pertanyaan", OPEN_TEXT]


def test_a_question_nobody_answers_becomes_a_request(talk, kit) -> None:
    talk.say("di mana kantor dinas anu", kit.mean("", "info_pertanyaan", 0.95))
    assert talk.buttons == ["Kirim pertanyaan", "Menu"]
    talk.press("Kirim pertanyaan")
    talk.press("Setuju")
    assert talk.responses == ["utter_ask_tinjau"], "the question is not asked for twice"
    talk.press("Kirim")
    assert talk.happened(TicketRequested)[0].slots["klasifikasi"] == "informasi"


@pytest.mark.parametrize(
    ("word", "response"),
    [
        ("bantuan", "utter_bantuan"),
        ("/help", "utter_bantuan"),
        ("Menu", "utter_menu"),
        ("terima kasih", "utter_sama_sama"),
        ("halo", "utter_sapa"),
        ("rahasia", "utter_rahasia_menyala"),
        ("anonim!", "utter_anonim_menyala"),
    ],
)
def test_words_heard_anywhere_and_then_back_to_the_question(asked, word: str, response: str) -> None:
    asked.say(word)
    assert asked.responses == [response, "utter_lanjutkan_pertanyaan", OPEN_TEXT]


def test_cancel_ends_the_report(asked) -> None:
    asked.say("batal")
    assert asked.responses == ["utter_dibatalkan"]
    assert FlowEnded("lapor", "cancelled") in asked.events
    assert asked.slots.get("uraian") is None
    assert asked.conversation.stack == ()


def test_restart_begins_anew(asked) -> None:
    asked.say("ulang")
    assert asked.responses == ["utter_diulang", "utter_ask_uraian"]


def test_lapor_in_the_middle_goes_on_with_the_same_report(asked) -> None:
    asked.say("lapor")
    assert asked.responses == [OPEN_TEXT]
    assert len(asked.conversation.stack) == 1


@pytest.mark.parametrize("kind", ["sticker", "contact", "poll", "edited", "unsupported", "too_large"])
def test_every_kind_of_input_is_answered_and_the_question_stays(asked, kind: str) -> None:
    asked.say("", kind=kind)
    assert asked.responses == ["utter_kiriman", OPEN_TEXT]
    fresh = asked.said[0].text
    asked.say("", kind="text")
    assert asked.said[0].text != fresh


def test_a_voice_message_is_kept_and_words_are_asked_for(talk, kit) -> None:
    talk.say("lapor")
    talk.press("Setuju")
    talk.send(talk.message("", attachments=(kit.photo("v1", "voice"),)))
    assert talk.responses == ["utter_suara_disimpan", "utter_ask_uraian"]
    assert talk.slots["bukti"][0]["kind"] == "voice"


def test_a_story_told_before_consent_is_taken_and_not_asked_for(talk, kit) -> None:
    said = talk.send(talk.message("", attachments=(kit.photo("v1", "voice"),)))
    assert "sudah saya baca" not in said, "nobody has heard the voice note"
    said = talk.say(kit.REPORT, kit.lamp())
    assert talk.responses == ["utter_ask_persetujuan"]
    assert "tidak perlu diketik ulang" in said
    talk.press("Setuju")
    assert talk.responses == ["utter_ask_catatan"]
    assert talk.slots["uraian"] == kit.REPORT
    assert [one["ref"] for one in talk.slots["bukti"]] == ["v1"]


def test_words_that_are_no_story_are_no_story_at_the_consent_either(talk, kit) -> None:
    talk.say("lapor")
    talk.say("apa maksudnya data saya disimpan", kit.mean("x", "jawaban", 1.0))
    assert talk.responses == ["utter_tidak_paham", "utter_ask_persetujuan"]
    talk.press("Setuju")
    assert talk.responses == ["utter_ask_uraian"]


def test_not_understood_twice_shows_examples(talk) -> None:
    talk.say("asdf")
    assert talk.responses == ["utter_tidak_paham"]
    talk.say("qwer")
    assert talk.responses == ["utter_contoh"]
    talk.say("menu")
    talk.say("asdf")
    assert talk.responses == ["utter_tidak_paham"]


def test_language_follows_the_first_sentence_and_can_be_changed(talk, kit) -> None:
    text = "the street light is broken"
    assert "Do you agree?" in talk.say(text, kit.lamp(text, language="en"))
    assert talk.happened(LanguageChanged) == [LanguageChanged("en")]
    talk.say("bahasa")
    talk.say("jawa")
    assert talk.happened(LanguageChanged) == [LanguageChanged("jv")]
    assert talk.said[-1].text.endswith("Sarujuk?")
    talk.say("I agree")
    assert talk.responses == ["utter_ask_catatan"], "a label counts in any language"


@pytest.mark.parametrize("typed", ["1", "Betul", "betul!", "btul", "inggih", "leres", "yes"])
def test_typed_numbers_and_labels_press_buttons(talk, kit, typed: str) -> None:
    talk.say(kit.REPORT, kit.lamp())
    talk.say("setuju")
    talk.say(typed)
    if typed != "btul":
        assert talk.responses == [OPEN_TEXT]


def test_a_failing_action_is_apologised_for_and_costs_no_words(talk) -> None:
    async def broken() -> str:
        raise ConnectionError("basis data mati")

    talk.report()
    before = dict(talk.slots)
    talk.desk.new_number = broken
    talk.press("Kirim")
    assert talk.responses == ["utter_galat", "utter_ask_tinjau"]
    (failed,) = talk.happened(Failed)
    assert (failed.flow, failed.step) == ("lapor", "kirim")
    assert "basis data mati" in failed.detail
    for name in ("uraian", "kategori", "lokasi", "bukti"):
        assert talk.slots[name] == before[name]
    del talk.desk.new_number
    talk.press("Kirim")
    assert talk.happened(TicketRequested)


def test_a_loop_ends_in_an_apology_not_in_a_hang(kit, bundle) -> None:
    steps = "[{id: a, noop: true, next: b}, {id: b, noop: true, next: a}]"
    flows = f"flows:\n  putar:\n    commands: [putar]\n    steps: {steps}\n"
    looping = type(bundle).from_sources(bundle.sources | {"flows/putar.yml": flows})
    talk = kit.Talk(looping)
    talk.say("putar")
    assert talk.responses == ["utter_galat"]
    assert talk.happened(Failed)[0].kind == "loop"
    talk.say("menu")
    assert talk.responses == ["utter_menu"]


def test_a_flow_gone_from_the_bundle_is_left_without_a_word_lost(asked, kit, bundle) -> None:
    frame = replace(asked.conversation.stack[0], step="langkah_yang_dihapus")
    asked.conversation = replace(asked.conversation, stack=(frame,))
    asked.say("menu")
    assert asked.responses == ["utter_menu"]
    assert asked.slots["uraian"] == kit.REPORT


def test_a_very_long_message_is_cut_and_said_so(talk, kit) -> None:
    text = "lampu mati " * 1000
    talk.say(text, kit.lamp(text))
    assert talk.responses[0] == "utter_pesan_dipotong"
    assert len(talk.slots["uraian"]) <= 4000
    talk.press("Setuju")
    talk.press("Betul")
    talk.say("lewati")
    assert len(talk.said[0].text) < 1500, "the card shows a part of it"


def test_a_result_without_a_pending_action_changes_nothing(asked, bundle) -> None:
    from dialogs.engine import resume  # noqa: PLC0415
    from dialogs.turn import Turn  # noqa: PLC0415

    turn = Turn(asked.conversation, (BotUttered(asked.said[0]),))
    assert resume(turn, ActionResult({"uraian": "x"}), bundle, asked.context) == turn
