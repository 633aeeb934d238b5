import pytest

LAWFUL = [
    "anjing liar berkeliaran di perumahan",
    "asu galak tanggane nyokot bocah",
    "sampah menumpuk di TPS",
    "bakar sampah tiap sore bikin sesak",
    "dinas PU korupsi semua, jalan tidak pernah bagus",
    "pemkab tidak becus mengurus jalan",
    "kantor kelurahan pelayanannya buruk sekali",
    "pak lurah tolong jalan diperbaiki",
    "bu camat kapan lampu dipasang",
    "petugas katanya nunggu blangko",
    "mati lampu dari sore",
    "telur ayam mahal, tai ayam bau",
    "warung cina itu parkirnya makan jalan",
    "ular kobra masuk kamar mandi",
    "saya diancam dibunuh preman, minta perlindungan",
    "salon plus plus meresahkan warga, tolong ditutup",
    "warnet jadi tempat judi online, tolong ditindak",
    "jembatan itu rawan, pengen mati lampu terus",
    "kepala udang dan sampah pasar dibuang ke kali",
    "lampu mau mati, tolong diganti",
]


@pytest.mark.parametrize("text", LAWFUL)
def test_lawful_reports_raise_nothing_that_could_hold_them(interpreter, text):
    kinds = {signal.kind for signal in interpreter.interpret(text).signals}
    assert not kinds & {"threat", "hate", "incitement", "sexual", "abuse", "accusation", "spam", "self_harm"}


RAISED = [
    ("tak bunuh kowe", "threat", 3),
    ("bakar saja kantornya", "threat", 3),
    ("tak obong omahmu", "threat", 3),
    ("saya akan bacok kalian semua", "threat", 3),
    ("dasar cina babi", "hate", 3),
    ("usir semua orang papua dari sini", "hate", 3),
    ("ayo rame rame bakar kantor lurah", "incitement", 3),
    ("geruduk kantor bupati ramai-ramai", "incitement", 2),
    ("open bo wa aja", "sexual", 2),
    ("bot goblok", "abuse", 2),
    ("a n j i n g kalian", "abuse", 2),
    ("dasar b4ngs4t", "abuse", 2),
    ("jaaancuuuk tenan", "abuse", 1),
    ("Pak Lurah Sutrisno korupsi dana desa", "accusation", 3),
    ("lurah Sidoarum makan uang bansos", "accusation", 3),
    ("bendahara RT ngemplang uang kas", "accusation", 2),
    ("katanya ada penculikan anak", "hearsay", 1),
    ("info dari grup wa, tolong sebarkan", "hearsay", 2),
    ("SLOT GACOR MAXWIN daftar sekarang di gacor88.com", "spam", 3),
    ("pinjaman cepat cair tanpa jaminan hub 081234567890", "spam", 3),
    ("asdfghjkl qwrtplk", "spam", 2),
    ("beli beli beli beli beli beli beli beli", "spam", 2),
    ("nik saya 3404071204900001", "personal_data", 2),
    ("hubungi 0812-3456-7890", "personal_data", 1),
    ("saya pengen mati aja", "self_harm", 3),
    ("I want to die", "self_harm", 3),
    ("murid dicabuli guru ngaji", "child_safety", 3),
    ("anak tetangga sering dipukuli bapaknya", "child_safety", 2),
]


@pytest.mark.parametrize(("text", "kind", "severity"), RAISED)
def test_what_screening_must_see(interpreter, text, kind, severity):
    found = {signal.kind: signal for signal in interpreter.interpret(text).signals}
    assert kind in found, text
    assert found[kind].severity == severity


def test_spans_point_at_the_words_in_the_original(interpreter):
    text = "Selamat pagi, dasar b4ngs4t semua"
    signal = interpreter.interpret(text).signals[0]
    assert [text[span.start : span.end] for span in signal.spans] == ["b4ngs4t"]


def test_an_accusation_names_the_person_and_the_deed(interpreter):
    text = "tolong diusut, Pak Dukuh Wagiman nilep uang kas"
    signal = next(found for found in interpreter.interpret(text).signals if found.kind == "accusation")
    pointed = " ".join(text[span.start : span.end] for span in signal.spans)
    assert "Wagiman" in pointed
    assert "nilep uang" in pointed


def test_a_link_to_a_map_or_an_office_is_no_advert(interpreter):
    for link in ("https://maps.google.com/?q=-7.7,110.4", "disdukcapil.slemankab.go.id"):
        assert not interpreter.interpret(f"lokasinya {link}").signals
