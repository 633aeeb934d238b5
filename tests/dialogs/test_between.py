"""An emergency, a person who takes over, and silence, in the middle of a report."""

from dataclasses import replace

from dialogs.events import (
    EmergencyRaised,
    HandoffEnded,
    HandoffStarted,
    TicketActionRequested,
    TicketRequested,
)
from nlu.interpretation import Place, Signal, Span

OPEN_TEXT = "utter_ask_bukti"


def test_emergency_numbers_come_first_then_the_offer(asked, kit) -> None:
    text = "tolong rumah tetangga kebakaran"
    asked.say(text, kit.emergency(text))
    assert asked.events[0] == EmergencyRaised("kebakaran", text)
    assert asked.responses == ["utter_darurat", "utter_ask_darurat_lapor"]
    assert "112" in asked.said[0].text
    asked.press("Ya, catat")
    asked.say("lewati")
    (request,) = asked.happened(TicketRequested)
    assert request.slots["darurat"] == "kebakaran"
    assert request.slots["uraian"] == text
    assert asked.responses[-1] == OPEN_TEXT, "the draft goes on"
    assert asked.slots["uraian"] == kit.REPORT


def test_an_emergency_needs_no_consent_category_or_photo(talk, kit) -> None:
    text = "ada orang tenggelam di selokan mataram"
    talk.say(text, replace(kit.emergency(text), place=Place(kit.MLATI, 0.9, "Selokan Mataram")))
    talk.say("ya")
    assert talk.happened(TicketRequested)
    assert talk.sent == 2


def test_each_emergency_message_shows_the_numbers_again(talk, kit) -> None:
    for _ in range(5):
        talk.say("kebakaran cepat tolong", kit.emergency("kebakaran cepat tolong"))
        assert talk.responses[0] == "utter_darurat"
    assert len(talk.conversation.stack) == 1
    talk.press("Tidak")
    assert talk.responses == ["utter_darurat_tutup"]


def test_somebody_in_despair_is_given_a_line_to_call(talk, kit) -> None:
    text = "saya sudah tidak kuat hidup"
    said = talk.say(text, kit.mean(text, signals=(Signal("self_harm", 3, (Span(0, 4),)),)))
    assert said.startswith("Anda tidak sendirian")
    assert "112" in said


def test_a_person_takes_over_and_the_bot_keeps_silent(asked) -> None:
    asked.say("petugas")
    assert asked.happened(HandoffStarted) == [HandoffStarted("petugas")]
    assert asked.responses[0] == "utter_petugas"
    asked.say("halo pak")
    assert asked.responses == ["utter_diteruskan_petugas"]
    asked.say("masih di situ?")
    assert asked.said == []
    assert asked.happened(HandoffStarted) == [HandoffStarted("masih di situ?")]
    asked.say("bot")
    assert asked.happened(HandoffEnded)
    assert asked.responses == ["utter_bot_kembali", OPEN_TEXT]


def test_words_to_a_person_belong_to_the_last_report(talk) -> None:
    talk.report()
    talk.press("Kirim")
    talk.say("petugas")
    talk.say("kapan diperbaiki pak")
    (action,) = talk.happened(TicketActionRequested)
    assert (action.number, action.action, action.data) == (
        "SLM-26-00001",
        "message",
        {"text": "kapan diperbaiki pak"},
    )


def test_an_emergency_is_heard_while_a_person_talks(talk, kit) -> None:
    talk.say("petugas")
    talk.say("kebakaran pak", kit.emergency("kebakaran pak"))
    assert talk.responses[0] == "utter_darurat"


def test_silence_one_reminder_then_the_draft_is_offered_again(asked, kit) -> None:
    assert asked.conversation.quiet_at is not None
    assert asked.silence(minutes=10) == ""
    asked.silence(minutes=21)
    assert asked.responses == ["utter_pengingat", OPEN_TEXT]
    assert asked.silence(hours=2) == ""
    assert asked.silence(hours=23) == ""
    assert asked.conversation.expired
    assert asked.conversation.quiet_at is None
    asked.say("sampah numpuk di kali", kit.lamp("sampah numpuk di kali"))
    assert asked.buttons == ["Lanjutkan", "Mulai baru"]
    asked.press("Lanjutkan")
    assert asked.responses == [OPEN_TEXT]
    assert asked.slots["uraian"] == kit.REPORT


def test_after_silence_the_new_message_may_become_a_new_report(asked, kit) -> None:
    asked.silence(hours=1)
    asked.silence(hours=25)
    asked.say("sampah numpuk di kali", kit.lamp("sampah numpuk di kali"))
    asked.press("Mulai baru")
    assert asked.responses == ["utter_diulang", "utter_ask_catatan"]
    assert asked.slots["uraian"] == "sampah numpuk di kali"


def test_a_short_answer_after_silence_is_simply_an_answer(asked) -> None:
    asked.silence(hours=1)
    asked.silence(hours=25)
    asked.say("lewati")
    assert asked.responses == ["utter_ask_tinjau"]


def test_a_draft_without_consent_is_not_kept(talk, kit) -> None:
    talk.say(kit.REPORT, kit.lamp())
    talk.silence(hours=1)
    talk.silence(hours=25)
    assert talk.slots.get("uraian") is None
    assert talk.conversation.stack == ()
