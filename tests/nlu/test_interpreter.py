"""Whole messages, as people write them, and what must be read from them."""

from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlu.interpreter import Interpreter

NOW = datetime(2026, 11, 22, 10, 0)  # noqa: DTZ001  (local time, as the dialog hands it over)


def test_the_first_message_may_be_the_whole_report(interpreter):
    reading = interpreter.interpret("lampu jalan depan pasar Godean mati udah seminggu", None, NOW)
    assert reading.intent.name == "lapor"
    assert (reading.categories[0].category, reading.categories[0].subcategory) == ("lampu_jalan", "mati")
    assert reading.categories[0].confidence >= interpreter.silent_above
    assert reading.place.area.kalurahan == "Sidoagung"
    assert reading.place.area.kapanewon == "Godean"
    assert reading.place.label == "Pasar Godean"
    assert reading.entity("time").value == "sejak seminggu"
    assert reading.entity("date").value == "2026-11-15"
    assert reading.emergency is None


def test_javanese_and_indonesian_in_one_breath(interpreter):
    reading = interpreter.interpret(
        "jalan di depan rumahku bolong gede, dalane bodhol wis suwe ora didandani"
    )
    assert reading.intent.name == "lapor"
    assert (reading.categories[0].category, reading.categories[0].subcategory) == ("jalan", "berlubang")
    assert reading.language == "jv"
    assert any("bolong" in word for word in reading.categories[0].words)


def test_angry_words_do_not_hide_a_report(interpreter):
    reading = interpreter.interpret("anjing, lampu jembatan mati lagi")
    assert reading.intent.name == "lapor"
    assert reading.categories[0].category == "lampu_jalan"
    assert [(signal.kind, signal.severity) for signal in reading.signals] == [("abuse", 1)]


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("lapor", "lapor"),
        ("halo min", "sapa"),
        ("batal", "batal"),
        ("BATALKAN!!", "batal"),
        ("kembali", "kembali"),
        ("menu", "menu"),
        ("bantuan", "bantuan"),
        ("ulang", "ulang"),
        ("status", "status"),
        ("petugas", "petugas"),
        ("SLM-26-7K3QX", "status"),
        ("slm 26 7k3qx", "status"),
        ("slm267k3qx piye kabare", "status"),
        ("jam buka dukcapil hari sabtu?", "info_pertanyaan"),
        ("syarat ganti ktp rusak apa saja", "info_pertanyaan"),
        ("matur nuwun nggih", "terima_kasih"),
        ("eh salah, bukan Depok, Mlati", "koreksi"),
        ("bot goblok", "keluhan_bot"),
        ("asdfghjkl", "di_luar"),
        ("", "di_luar"),
        ("🙃🙃", "di_luar"),
        ("hapus data saya", "data_saya"),
        ("English please", "ganti_bahasa"),
    ],
)
def test_intents_with_nothing_asked(interpreter, text, intent):
    assert interpreter.interpret(text).intent.name == intent


@pytest.mark.parametrize(
    ("text", "asked", "intent"),
    [
        ("depan pasar godean", "lokasi", "jawaban"),
        ("deket rumah pak rt", "lokasi", "jawaban"),
        ("kemarin sore", "waktu", "jawaban"),
        ("lampu jalan", "kategori", "jawaban"),
        ("karena belum diperbaiki", "alasan", "jawaban"),
        ("Budi", "nama", "jawaban"),
        ("batal", "lokasi", "batal"),
        ("kembali", "waktu", "kembali"),
        ("lewati", "bukti", "lewati"),
        ("tidak ada", "bukti", "lewati"),
        ("ora duwe fotone", "bukti", "lewati"),
        ("ya", "setuju", "setuju"),
        ("nggih leres", "setuju", "setuju"),
        ("sudah", "setuju", "setuju"),
        ("belum", "setuju", "tidak"),
        ("tidak ada", "setuju", "tidak"),
        ("bukan Depok, tapi Mlati", "setuju", "koreksi"),
        ("4", "nilai", "nilai"),
        ("puas", "nilai", "nilai"),
        ("jalan berlubang di depan sekolah", "uraian", "lapor"),
        ("SLM-26-7K3QX", "lokasi", "status"),
    ],
)
def test_what_is_asked_decides_what_an_answer_means(interpreter, text, asked, intent):
    assert interpreter.interpret(text, asked).intent.name == intent


@pytest.mark.parametrize(
    ("text", "classification"),
    [
        ("jalan berlubang parah di depan sekolah", "pengaduan"),
        ("usul dipasang lampu di gang kami", "aspirasi"),
        ("syarat bikin ktp apa aja", "informasi"),
        ("lampunya udah nyala, makasih dinas", "apresiasi"),
        ("petugas minta uang pelicin, ini pungli", "wbs"),
    ],
)
def test_classes_of_report(interpreter, text, classification):
    assert interpreter.interpret(text).classification == classification


def test_a_correction_carries_the_new_place_and_not_the_old(interpreter):
    reading = interpreter.interpret("bukan Depok tapi Mlati", "setuju")
    assert reading.place.area.kapanewon == "Mlati"


def _check(interpreter: Interpreter, text: str) -> None:
    reading = interpreter.interpret(text, None, NOW)
    assert reading.text == text
    assert 0 <= reading.intent.confidence <= 1
    spans = [(entity.start, entity.end) for entity in reading.entities]
    spans += [(span.start, span.end) for signal in reading.signals for span in signal.spans]
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(signal.severity in (1, 2, 3) and signal.spans for signal in reading.signals)
    assert interpreter.interpret(text, None, NOW) == reading


@settings(max_examples=150, deadline=None)
@given(text=st.text(max_size=300))
def test_any_text_is_read_without_failing_and_always_alike(interpreter, text):
    _check(interpreter, text)


WORDS = (
    *(
        "jalan",
        "rusak",
        "km",
        "9",
        "jakal",
        "depok",
        "SLM-26",
        "0812",
        "anjing!!",
        "senin",
        "12/13/2026",
        "rt",
        "05",
    ),
    *("4nj1ng", "a.b.c", "@", "ß", "İ", "½", "²", "3404", "sejak", "se"),
)


@settings(max_examples=150, deadline=None)
@given(text=st.lists(st.sampled_from(WORDS), max_size=30).map(" ".join))
def test_pieces_of_real_words_in_any_order(interpreter, text):
    _check(interpreter, text)


@pytest.mark.parametrize(
    "piece", ["a", "rt ", "jalan rusak ", "a b ", "0", "SLM", "😀", "kebakaran rumah ", ".", "1a"]
)
@pytest.mark.timeout(10)
def test_ten_thousand_characters_in_bounded_time(interpreter, piece):
    _check(interpreter, (piece * 10_000)[:10_000])
