"""After a report was filed: seeing, answering, confirming, rating, appealing, withdrawing; and one's data."""

from dataclasses import replace

import pytest

from dialogs.events import DataRequested, TicketActionRequested

A, B = "SLM-26-0000A", "SLM-26-0000B"


@pytest.fixture
def filed(talk):
    """A citizen with two reports: one at work, one waiting for a word."""
    talk.desk.add(A, actions=["message", "cancel", "make_confidential"])
    talk.desk.add(
        B, actions=["message", "confirm", "deny", "make_confidential"], status_text="Menunggu konfirmasi"
    )
    return talk


def done(talk) -> list[tuple[str, str, dict[str, object]]]:
    return [(one.number, one.action, dict(one.data)) for one in talk.happened(TicketActionRequested)]


def test_status_of_several_asks_which(filed) -> None:
    assert f"{B}: Lampu jalan mati (Menunggu konfirmasi)" in filed.say("status")
    assert "Minggu, 22 November 2026: Diteruskan ke Dishub" in filed.say("2")
    assert filed.buttons == ["Sudah beres", "Belum beres", "Tambah keterangan"]


def test_status_of_the_only_one_is_shown_at_once(talk) -> None:
    talk.desk.add(A)
    assert f"Laporan {A}" in talk.say("status")


def test_status_without_reports_asks_for_a_number(talk) -> None:
    talk.say("status")
    assert talk.responses == ["utter_ask_nomor"]
    talk.say("SLM-26-XXXXX")
    assert talk.responses == ["utter_status_tidak_ada"]


def test_of_somebody_elses_report_only_the_public_part_is_shown(talk) -> None:
    talk.desk.add(A, own=False, title="Rahasia orang", actions=["follow"])
    said = talk.say(A)
    assert "Rahasia orang" not in said
    assert "Diteruskan" not in said
    talk.press("Ikuti")
    assert done(talk) == [(A, "follow", {})]


@pytest.mark.parametrize(
    ("payload", "answers", "expected"),
    [
        (f"/SetSlots(tiket={B},selesai=ya)", [], (B, "confirm", {})),
        (f"/SetSlots(tiket={B},selesai=belum)", ["masih gelap"], (B, "deny", {"reason": "masih gelap"})),
        (f"/SetSlots(tiket={B},selesai=belum)", ["lewati"], (B, "deny", {"reason": "belum beres"})),
        (f"/SetSlots(tiket={B},nilai=4)", [], (B, "rate", {"value": 4})),
        (f"/SetSlots(tiket={B},survei=ya)", ["34 4", "344433343"], (B, "survey", {"text": "344433343"})),
        (f"/SetSlots(tiket={A},buka=ya)", ["rusak lagi"], (A, "reopen", {"reason": "rusak lagi"})),
        (f"/SetSlots(tiket={A},batalkan=ya)", ["ya"], (A, "cancel", {})),
        (f"/SetSlots(tiket={A},jawab=ya)", ["RT 3 RW 2"], (A, "give_data", {"text": "RT 3 RW 2"})),
        (
            f"/SetSlots(tiket={A},keberatan=ya)",
            ["itu bukan iklan"],
            (A, "message", {"text": "itu bukan iklan", "reason": "itu bukan iklan"}),
        ),
    ],
)
def test_buttons_under_news_act_on_their_own_report(
    filed, payload: str, answers: list[str], expected
) -> None:
    assert len(payload.encode()) <= 64
    able = ["confirm", "rate", "survey", "reopen", "cancel", "give_data", "appeal"]
    filed.desk.add(expected[0], actions=able)
    filed.payload(payload)
    for answer in answers:
        filed.say(answer)
    assert done(filed) == [expected]
    assert filed.conversation.stack == ()


def test_a_button_under_news_works_in_the_middle_of_a_new_report(filed, kit) -> None:
    filed.say(kit.REPORT, kit.lamp())
    filed.press("Setuju")
    filed.payload(f"/SetSlots(tiket={B},selesai=ya)")
    assert done(filed) == [(B, "confirm", {})]
    assert filed.responses[-2:] == ["utter_lanjutkan_pertanyaan", "utter_ask_catatan"]
    assert filed.slots["uraian"] == kit.REPORT


def test_withdrawing_is_asked_about_first(filed) -> None:
    filed.payload(f"/SetSlots(tiket={A},batalkan=ya)")
    filed.press("Tidak jadi")
    assert done(filed) == []
    assert filed.responses == ["utter_tidak_jadi"]


def test_what_only_one_report_allows_needs_no_choice(filed) -> None:
    filed.say("batal")
    assert filed.responses == ["utter_ask_yakin_batal"]
    assert A in filed.said[0].text


def test_what_several_allow_is_asked_about(filed) -> None:
    filed.say("/pesan")
    assert filed.responses == ["utter_ask_tiket_mana"]
    filed.say("1")
    filed.say("tambahan: dekat gardu")
    assert done(filed) == [(A, "message", {"text": "tambahan: dekat gardu"})]


def test_what_none_allows_is_said(talk) -> None:
    talk.say("nilai", None)
    assert talk.responses == ["utter_tidak_ada_laporan"]


def test_a_reply_to_news_belongs_to_that_report(filed) -> None:
    filed.context = replace(filed.context, ticket=B)
    filed.say("terus kapan dipasang lampunya pak")
    assert done(filed) == [(B, "message", {"text": "terus kapan dipasang lampunya pak"})]
    filed.photos("p9")
    (action,) = filed.happened(TicketActionRequested)
    assert (action.number, [one.ref for one in action.evidence]) == (B, ["p9"])


def test_words_for_somebody_elses_report_are_not_taken_for_its_reporters(filed) -> None:
    filed.desk.add("SLM-26-0000C", own=False, actions=["follow"])
    filed.say("SLM-26-0000C sampahnya di sisi selatan pak, tolong cepat")
    assert done(filed) == []
    assert filed.responses == ["utter_status_publik"]
    filed.desk.add("SLM-26-0000C", own=False, actions=["unfollow"])
    filed.say("SLM-26-0000C sampahnya di sisi selatan pak, tolong cepat")
    assert [(number, action) for number, action, _ in done(filed)] == [("SLM-26-0000C", "message")]


def test_words_under_a_number_there_is_not_are_promised_to_nobody(filed) -> None:
    filed.say("SLM-26-9999Z sampahnya di sisi selatan pak, tolong cepat")
    assert done(filed) == []
    assert filed.responses == ["utter_status_tidak_ada"]


def test_with_two_numbers_in_one_message_the_bot_asks_which(filed) -> None:
    filed.say(f"{A} dan {B} sama-sama belum ada kabar petugasnya, mohon dicek lagi")
    assert done(filed) == []
    assert filed.responses == ["utter_ask_tiket_mana"]
    filed.say("2")
    assert [(number, action) for number, action, _ in done(filed)] == [(B, "message")]


def test_a_reply_with_a_command_is_a_command(filed) -> None:
    filed.context = replace(filed.context, ticket=B)
    filed.say("menu")
    assert done(filed) == []
    assert filed.responses == ["utter_menu"]


def test_confidential_after_filing(filed) -> None:
    filed.say("/rahasia")
    filed.say(A)
    assert done(filed) == [(A, "make_confidential", {})]


def test_old_words_are_not_sent_again(filed) -> None:
    filed.say("/pesan")
    filed.say("1")
    filed.say("keterangan pertama")
    filed.payload(f"/SetSlots(tiket={B},selesai=ya)")
    assert done(filed) == [(B, "confirm", {})]


@pytest.mark.parametrize(
    ("presses", "right"),
    [
        (("Minta salinan", "Ya, kirim"), "salinan"),
        (("Hapus data saya", "Ya, hapus", "Ya, hapus sekarang"), "delete"),
    ],
)
def test_rights_over_ones_data(talk, presses: tuple[str, ...], right: str) -> None:
    assert "laporan: SLM-26-00001" in talk.say("/datasaya")
    for press in presses:
        assert talk.happened(DataRequested) == []
        talk.press(press)
    assert talk.happened(DataRequested) == [DataRequested(right)]


def test_what_is_to_be_corrected_is_asked_for_and_passed_on(talk) -> None:
    talk.say("/datasaya")
    assert "bagaimana seharusnya" in talk.press("Perbaiki data")
    assert "24 jam" in talk.say("nama saya Sri Wahyuni, bukan Sri")
    assert talk.happened(DataRequested) == [DataRequested("correct", "nama saya Sri Wahyuni, bukan Sri")]


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("berapa lama diproses ya min?", "lama_proses"),
        ("Ini bayar nggak sih?", "biaya"),
        ("nama saya ketahuan ga?", "nama_tampil"),
        ("apa saja yang bisa dilaporkan", "bisa_dilaporkan"),
        ("jam layanan sampai jam berapa", "jam_layanan"),
        ("gimana lapor yang benar", "cara_lapor"),
        ("how long does it take", "lama_proses"),
        ("pira suwene digarap", "lama_proses"),
    ],
)
def test_questions_people_ask(talk, kit, question: str, topic: str) -> None:
    talk.say(question, kit.mean(question, "info_pertanyaan", 0.9))
    assert talk.responses == [f"utter_faq_{topic}"]
