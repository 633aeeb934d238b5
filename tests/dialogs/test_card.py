"""The card before a report is sent: what each of its buttons changes."""

import pytest

from dialogs.events import TicketRequested
from nlu.interpretation import Place


@pytest.mark.parametrize(
    ("press", "slot", "asked"),
    [("Lokasi lain", "lokasi", "utter_ask_lokasi"), ("Kategori lain", "kategori", "utter_ask_kategori")],
)
def test_what_was_understood_can_be_put_right(talk, kit, press: str, slot: str, asked: str) -> None:
    talk.say(kit.REPORT, kit.lamp())
    talk.press("Setuju")
    talk.press(press)
    assert talk.responses == [asked]
    assert talk.slots.get(slot) is None


@pytest.mark.parametrize(
    ("label", "asked"),
    [
        ("Isi laporan", "utter_ask_uraian"),
        ("Kategori", "utter_ask_kategori"),
        ("Lokasi", "utter_ask_lokasi"),
        ("Waktu", "utter_ask_waktu"),
        ("Foto", "utter_ask_bukti"),
        ("Sudah benar", "utter_ask_tinjau"),
    ],
)
def test_every_field_of_the_card_can_be_changed(talk, label: str, asked: str) -> None:
    talk.report()
    talk.press("Ubah")
    talk.press(label)
    assert talk.responses == [asked]


def test_changing_a_field_leads_back_to_the_card(talk, kit) -> None:
    talk.report()
    talk.press("Ubah")
    talk.press("Lokasi")
    talk.pin(Place(kit.MLATI, 1.0))
    assert talk.responses == ["utter_ask_tinjau"]
    assert talk.slots["lokasi"]["kapanewon"] == "Mlati"
    talk.press("Ubah")
    talk.press("Waktu")
    talk.say("kemarin sore")
    assert "🕒 kemarin sore" in talk.said[0].text


def test_confidential_and_anonymous_are_switches(talk) -> None:
    talk.report()
    assert "🔒" in talk.press("Jadikan rahasia")
    assert talk.slots["rahasia"] is True
    assert "🔒" not in talk.press("Buka rahasia")
    talk.press("Ubah")
    assert "🙈" in talk.press("Sembunyikan nama")
    talk.say("rahasia")
    assert "rahasia dan anonim" in talk.said[-1].text.casefold()
    talk.press("Kirim")
    slots = talk.happened(TicketRequested)[0].slots
    assert slots["rahasia"] is slots["anonim"] is True
