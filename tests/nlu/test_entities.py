from datetime import datetime

import pytest

NOW = datetime(2026, 11, 22, 10, 0)  # noqa: DTZ001  (a Sunday)


@pytest.mark.parametrize(
    ("text", "entity", "value"),
    [
        ("SLM-26-7K3QX", "report_number", "SLM-26-7K3QX"),
        ("nomor slm 26 7k3qx gimana", "report_number", "SLM-26-7K3QX"),
        ("slm267k3qx", "report_number", "SLM-26-7K3QX"),
        ("SLM.26.7 k 3 q x", "report_number", "SLM-26-7K3QX"),
        ("hp 0812-3456-7890", "phone", "+6281234567890"),
        ("wa +62 812 3456 7890 ya", "phone", "+6281234567890"),
        ("telp 0274 868405", "phone", "+62274868405"),
        ("NIK 3404071204900001", "nik", "3404071204900001"),
        ("mobil AB 1234 XY ngebut", "plate", "AB 1234 XY"),
        ("platnya ab1234xy", "plate", "AB 1234 XY"),
        ("email budi.s@gmail.com", "email", "budi.s@gmail.com"),
        ("lihat https://contoh.id/a?b=1", "link", "https://contoh.id/a?b=1"),
        ("rt 5 rw 12", "rt_rw", "RT 05 RW 12"),
        ("RT05/RW012", "rt_rw", "RT 05 RW 12"),
        ("rt 03/07", "rt_rw", "RT 03 RW 07"),
        ("warga RW 8", "rt_rw", "RW 08"),
        ("di Jalan Pandega Marta No 12 gelap", "street", "Jalan Pandega Marta No 12"),
        ("gg mawar becek", "street", "Gang Mawar"),
        ("jakal km 9", "street", "Jalan Kaliurang km 9"),
        ("depan masjid al ikhlas mati", "landmark", "masjid al ikhlas"),
        ("sebelah timur SMP 2 rusak", "landmark", "SMP 2"),
        ("jalan di Mlati", "place", "Mlati"),
        ("nilai 4", "number", "4"),
    ],
)
def test_pieces_of_a_text(interpreter, text, entity, value):
    found = interpreter.interpret(text, None, NOW).entity(entity)
    assert found, text
    assert found.value == value


@pytest.mark.parametrize(
    ("text", "entity"),
    [
        ("kec 12 rumah rusak", "report_number"),
        ("jalan rusak parah", "street"),
        ("di 2 rt sekaligus", "plate"),
        ("bayar 500000", "phone"),
        ("rusak.tolong diperbaiki", "link"),
        ("setiap 3 hari sekali sampah diambil", "time"),
    ],
)
def test_what_only_looks_like_one(interpreter, text, entity):
    assert interpreter.interpret(text, None, NOW).entity(entity) is None


@pytest.mark.parametrize(
    ("text", "value", "day"),
    [
        ("mati udah seminggu", "sejak seminggu", "2026-11-15"),
        ("sejak 3 hari", "sejak 3 hari", "2026-11-19"),
        ("wis rong minggu", "sejak 2 minggu", "2026-11-08"),
        ("sampun tigang dinten", "sejak 3 hari", "2026-11-19"),
        ("wis telung wengi", "sejak 3 malam", "2026-11-19"),
        ("kemarin sore", "kemarin sore", "2026-11-21"),
        ("wingi bengi", "kemarin malam", "2026-11-21"),
        ("tadi pagi", "tadi pagi", "2026-11-22"),
        ("2 hari yg lalu", "2 hari lalu", "2026-11-20"),
        ("for two weeks", "sejak 2 minggu", "2026-11-08"),
        ("senin kemarin", "Senin", "2026-11-16"),
        ("hari minggu", "Minggu", "2026-11-15"),
        ("tgl 12/11/2026", "2026-11-12", "2026-11-12"),
        ("12 november", "2026-11-12", "2026-11-12"),
        ("sudah berbulan-bulan", "sejak berbulan-bulan", None),
        ("udah berminggu2", "sejak berminggu-minggu", None),
        ("tiap malam", "setiap malam", None),
        ("jam 7 malam", "jam 7.00 malam", None),
    ],
)
def test_times_and_the_dates_that_follow(interpreter, text, value, day):
    reading = interpreter.interpret(text, "waktu", NOW)
    assert reading.entity("time").value == value
    found = reading.entity("date")
    assert (found.value if found else None) == day


def test_without_the_moment_no_date_is_made_up(interpreter):
    reading = interpreter.interpret("kemarin sore", "waktu")
    assert reading.entity("time").value == "kemarin sore"
    assert reading.entity("date") is None


def test_an_impossible_date_is_no_date(interpreter):
    assert interpreter.interpret("tgl 31/02/2026", "waktu", NOW).entity("date") is None
