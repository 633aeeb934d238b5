"""Places and photos in a report: left out, sent twice, sent late, sent first."""

import pytest

from dialogs.events import TicketActionRequested


@pytest.mark.parametrize("words", ["lewati", "skip", "kirim", "cukup", "tidak ada", "/lewati", "gak punya"])
def test_photos_may_be_left_out(talk, kit, words: str) -> None:
    talk.say(kit.REPORT, kit.lamp())
    talk.press("Setuju")
    talk.press("Betul")
    talk.say(words)
    assert talk.responses == ["utter_ask_tinjau"]
    assert "📎" not in talk.said[0].text


def test_a_place_is_asked_for_twice_before_it_is_left_out(talk, kit) -> None:
    talk.say(kit.REPORT, kit.lamp(place=None))
    talk.press("Setuju")
    talk.say("lewati")
    assert talk.responses == ["utter_lokasi_perlu", "utter_ask_lokasi"]
    talk.say("lewati")
    assert talk.responses == ["utter_ask_bukti"]
    assert (talk.slots["lokasi"]["kode"], talk.slots["lokasi"]["text"]) == ("", "")


@pytest.mark.parametrize("together", [True, False])
def test_the_same_photo_twice_counts_once_whether_it_comes_together_or_apart(talk, together) -> None:
    talk.say("sapa")
    talk.report()
    before = len(talk.slots["bukti"])
    for photos in [("q1", "q1")] if together else [("q1",), ("q1",)]:
        talk.photos(*photos, group="g")
    assert len(talk.slots["bukti"]) == before + 1


def test_late_photos_of_an_album_join_it_with_one_short_line(talk) -> None:
    talk.say("sapa")
    talk.report()
    talk.photos("q1", group="g")
    talk.photos("q2", group="g")
    assert talk.responses == ["utter_foto_ditambah"]
    assert len(talk.slots["bukti"]) == 5
    talk.press("Kirim")
    talk.photos("q3", group="g")
    (action,) = talk.happened(TicketActionRequested)
    assert (action.number, action.action) == ("SLM-26-00001", "message")
    assert [one.ref for one in action.evidence] == ["q3"]
    assert talk.responses == ["utter_foto_ke_laporan"]


def test_a_photo_that_comes_first_is_kept_for_the_report(talk, kit) -> None:
    talk.photos("p1")
    talk.press("Setuju")
    assert talk.responses == ["utter_ask_uraian"]
    talk.say(kit.REPORT, kit.lamp())
    talk.press("Betul")
    assert "📎 1 foto" in talk.said[0].text


def test_a_caption_tells_the_report(talk, kit) -> None:
    talk.photos("p1", text=kit.REPORT, meaning=kit.lamp())
    talk.press("Setuju")
    talk.press("Betul")
    assert talk.responses == ["utter_ask_tinjau"]
    assert talk.slots["uraian"] == kit.REPORT


def test_a_pin_starts_a_report(talk, kit) -> None:
    talk.pin(kit.GODEAN)
    talk.press("Setuju")
    talk.say(kit.REPORT, kit.lamp(place=None))
    assert talk.responses == ["utter_ask_catatan"]
    assert talk.slots["lokasi"]["lat"] == -7.7


def test_a_photo_after_filing_is_offered_to_the_last_report(talk) -> None:
    talk.report()
    talk.press("Kirim")
    talk.photos("z1")
    assert talk.buttons == ["Ya, tambahkan", "Laporan baru"]
    talk.press("Ya, tambahkan")
    (action,) = talk.happened(TicketActionRequested)
    assert [one.ref for one in action.evidence] == ["z1"]
    talk.photos("z2")
    talk.press("Laporan baru")
    assert talk.responses == ["utter_ask_uraian"]
    assert [one["ref"] for one in talk.slots["bukti"]] == ["z2"]


def test_words_said_at_another_question_are_added_not_lost(talk) -> None:
    talk.report()
    talk.say("kemarin ada ibu yang jatuh di situ")
    assert talk.responses == ["utter_ditambahkan", "utter_ask_tinjau"]
    assert talk.slots["uraian"].endswith("\nkemarin ada ibu yang jatuh di situ")
