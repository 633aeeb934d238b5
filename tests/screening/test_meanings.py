"""Pairs that share their words and differ in what they mean."""

import pytest

CASES = [
    ("Pak Lurah Sukirman minta uang 500 ribu buat ngurus surat tanah", "accusation", "pass_private"),
    ("dasar wong cino, usir kabeh seko Depok", "hate", "hold"),
    ("tak pateni kowe nek ora didandani", "threat", "hold"),
    ("rumahmu saya bakar malam ini", "threat", "hold"),
    ("pantasnya digantung itu kepala dinasnya", "threat", "hold"),
    ("ayo rame-rame bakar kantor lurah", "incitement", "hold"),
    ("link alternatif slot gacor, bonus new member 100%", "spam", "refuse"),
    ("info dari grup sebelah, tolong sebarkan ke semua kontak", "hearsay", "ask"),
]
LAWFUL = [
    "Pak Lurah Sukirman tolong berantas pungli di pasar",
    "saya diancam preman, dia bilang tak pateni kowe",
    "di tembok balai ada coretan 'usir cina', mohon dicat ulang",
    "saya bakar sampah sendiri karena truk tidak datang ke kantor desa",
    "ayo rame-rame kerja bakti, tapi alatnya kurang",
    "warung madura depan gang itu kotor dan bau",
    "iklan slot gacor menempel di tiang listrik, mohon dibersihkan",
    "ular itu harus dibunuh sebelum masuk SD",
    "dinas itu sarang korupsi, benahi dong",
    "remaja bawa celurit keliling kampung tiap malam, mohon patroli",
    "pecinan Ketandan gelap dan kampung arab banjir",
]


@pytest.mark.parametrize(("text", "signal", "verdict"), CASES)
def test_what_must_be_seen(judge, text, signal, verdict):
    result = judge(text)
    assert signal in {finding.signal for finding in result.findings}
    assert result.verdict == verdict


@pytest.mark.parametrize("text", LAWFUL)
def test_what_must_get_through(judge, text):
    assert judge(text).verdict in {"pass", "pass_private"}


MASKED = [
    ("NIK pelaku 3404-0712-0490-0002 tolong dicek", "3404-0712-0490-0002"),
    ("nomornya 0 8 1 2 3 4 5 6 7 8 9 0 tukang tipu", "0 8 1 2 3 4 5 6 7 8 9 0"),
    ("mobil AD 1 KM ngebut di depan sekolah", "AD 1 KM"),
    ("kontaknya info@contoh.com dan 0813-9988-7766", "info@contoh.com"),
    ("alamat pelaku Perum Indah Blok C2 No 5 Mlati", "Perum Indah Blok C2 No 5"),
]


@pytest.mark.parametrize(("text", "secret"), MASKED)
def test_personal_data_is_hidden_and_the_rest_stays(judge, text, secret):
    masked = judge(text).masked
    assert secret not in masked
    assert masked.startswith(text.split()[0])
    assert len(masked) == len(text)
