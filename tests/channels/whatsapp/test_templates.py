"""The file of templates: what is wrong with it is said by line, and nothing unapproved is ever sent."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.channels.base import Delivery
from bot.channels.whatsapp.templates import load_templates
from bot.doors.meta import slots_of
from dialogs.loader import load_bundle
from dialogs.messages import Button, OutboundMessage
from tickets.policies import PolicyFaults

GOOD = """templates:
  kabar:
    category: utility
    approved: true
    text: {id: "Kabar laporan {{1}}: {{2}} ya.", en: "Report {{1}}: {{2}} so."}
messages:
  utter_kabar_diproses: {template: kabar, parameters: [nomor, teks]}
"""


@pytest.fixture(scope="module")
def slots():
    return slots_of(load_bundle())


def load(tmp_path: Path, text: str, slots):
    path = tmp_path / "templat.yml"
    path.write_text(text, encoding="utf-8")
    return load_templates(path, slots)


def late(text="x", **more):
    message = OutboundMessage(text, response="utter_kabar_diproses", ticket="SLM-1", **more)
    return Delivery("628", message, language="id", silent_for=timedelta(days=2))


def test_the_delivered_ones_have_no_fault(slots):
    found = load_templates(None, slots)
    assert len(found.templates) >= 5
    assert {"utter_kabar_balasan", "utter_kabar_konfirmasi"} <= set(found.uses)


@pytest.mark.parametrize(
    ("old", "new", "line", "complaint"),
    [
        ("[nomor, teks]", "[nomor]", 7, "asks for 2 values in 'id', 1 are given"),
        ("[nomor, teks]", "[nomor, dinsa]", 7, "has no 'dinsa'"),
        ("utter_kabar_diproses:", "utter_hantu:", 7, "There is no message 'utter_hantu'"),
        ("template: kabar,", "template: kabr,", 7, "'kabr' is not a known value. Use 'kabar'"),
        ("approved: true", "approved: mungkin", 4, "must be true or false"),
        ("category: utility", "category: iklan", 3, "not a known value"),
        ("{{2}} ya.", "{{3}} ya.", 5, "not numbered in order"),
        ("Kabar laporan {{1}}", "{{1}}", 5, "at the edge"),
        ("{{1}}: {{2}} ya", "{{1}} {{2}} ya", 5, "right beside another"),
        ("{id:", "{jv:", 5, "no templates in 'jv'"),
        ("    approved: true\n", "    setuju: true\n", 4, "Unknown key 'setuju'"),
        ("  kabar:\n", "  Kabar Baru:\n", 2, "is no name for a template"),
        ("    category", "    buttons: {id: [Baca]}\n    category", 3, "Languages differ in their buttons"),
        ("templates:", "templates: [", 3, "Not valid YAML"),
    ],
)
def test_a_fault_is_named_with_its_line(tmp_path, slots, old, new, line, complaint):
    assert old in GOOD
    with pytest.raises(PolicyFaults) as caught:
        load(tmp_path, GOOD.replace(old, new), slots)
    texts = [str(fault) for fault in caught.value.faults]
    assert any(complaint in text for text in texts), texts
    assert any(fault.line == line for fault in caught.value.faults), texts
    assert all(fault.remedy for fault in caught.value.faults)


def test_what_is_not_approved_is_never_sent(tmp_path, slots):
    assert load(tmp_path, GOOD, slots).fill(late()) is not None
    assert load(tmp_path, GOOD.replace("approved: true", "approved: false"), slots).fill(late()) is None
    assert load(tmp_path, GOOD.replace("    approved: true\n", ""), slots).fill(late()) is None


def test_values_stand_on_one_line_and_are_never_empty(tmp_path, slots):
    filled = load(tmp_path, GOOD, slots).fill(late("satu\n\ndua    tiga"))
    (body,) = filled.content["components"]
    assert [one["text"] for one in body["parameters"]] == ["SLM-1", "satu dua tiga"]
    filled = load(tmp_path, GOOD, slots).fill(late("  "))
    assert filled.content["components"][0]["parameters"][1]["text"] == "-"


@pytest.mark.parametrize(("text", "whole"), [("pendek", True), ("panjang " * 300, False)])
def test_what_had_to_be_cut_follows_later(tmp_path, slots, text, whole):
    filled = load(tmp_path, GOOD, slots).fill(late(text))
    assert filled.whole == whole
    values = [one["text"] for one in filled.content["components"][0]["parameters"]]
    assert len("Kabar laporan : ya.") + sum(map(len, values)) <= 1024


def test_javanese_is_said_in_indonesian_and_english_in_english(tmp_path, slots):
    templates = load(tmp_path, GOOD, slots)
    message = OutboundMessage("x", response="utter_kabar_diproses", ticket="SLM-1")
    codes = [
        templates.fill(Delivery("1", message, language=one)).content["language"]["code"]
        for one in ("jv", "en", "")
    ]
    assert codes == ["id", "en", "id"]


def test_buttons_mean_what_the_messages_own_mean(slots):
    buttons = ((Button("Sudah", "/a"), Button("Belum", "/b")),)
    message = OutboundMessage("?", buttons, response="utter_kabar_konfirmasi", ticket="SLM-1")
    filled = load_templates(None, slots).fill(Delivery("1", message, language="id"))
    pressed = [one for one in filled.content["components"] if one["type"] == "button"]
    assert [(one["index"], one["parameters"][0]["payload"]) for one in pressed] == [("0", "/a"), ("1", "/b")]
