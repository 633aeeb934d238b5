"""The report that is read aloud: a minute of sentences that tell what the figures tell."""

import random
import re
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.reporting.days import before, last_month
from bot.reporting.spoken import Voice, speech
from bot.services.desk.figures import period_of
from bot.services.reports.naming import labels_of
from tests.reporting.test_written import life
from tickets.figures import figures
from tickets.lives import Life, Step
from tickets.policies import load_policies
from tickets.sla import SlaClock

POLICIES = load_policies()
CLOCK = SlaClock(POLICIES)
ZONE = POLICIES.city.timezone
MAY = (date(2026, 5, 1), date(2026, 5, 31))
LONGEST = 190
"""Words: a minute and a little at the pace of somebody who reads to a meeting."""


def made(lives, days=MAY):
    return figures(lives, period_of(*days, datetime(2027, 1, 1, tzinfo=ZONE), ZONE), POLICIES, CLOCK)


def reports(count: int, agency: str, category: str, took: int, day: datetime) -> list[Life]:
    """Reports of one kind from as many people, each done so many days after it came."""
    done = day + timedelta(days=took)
    steps = (
        Step(day + timedelta(hours=3), "reply", "DISPOSISI", "PROSES"),
        Step(done, "close", "PROSES", "MENUNGGU_KONFIRMASI"),
        Step(done, "confirm", "MENUNGGU_KONFIRMASI", "SELESAI"),
    )
    kode = "34.04.02.2004"
    bare = Life("SLM-26-1", agency, category, "pengaduan", kode, day, secret=False, steps=steps)
    return [replace(bare, people=frozenset({n})) for n in range(count)]


@pytest.fixture(scope="module")
def months():
    """May: roads slow, lamps quick; April: half as many of the one, twice as many of the other."""
    may, april = datetime(2026, 5, 4, 9, tzinfo=ZONE), datetime(2026, 4, 6, 9, tzinfo=ZONE)
    now = reports(8, "pu", "jalan", 90, may) + reports(24, "dishub", "lampu_jalan", 3, may)
    was = reports(4, "pu", "jalan", 2, april) + reports(48, "dishub", "lampu_jalan", 9, april)
    return made(now), made(was, before(*MAY))


def test_it_says_what_rose_what_fell_whom_to_thank_and_whom_to_help(months):
    told = speech(*months, labels_of(POLICIES, "id"))
    lines = (
        "Laporan warga Kabupaten Sleman, bulan Mei 2026.",
        "Yang masuk 32 laporan, dua puluh lebih sedikit daripada masa sebelumnya.",
        "Dari jumlah itu 32 selesai.",
        "Tujuh sampai delapan dari sepuluh laporan tepat waktu: 75 persen. Itu turun 25 poin.",
        "Tanggapan pertama biasanya datang dalam sekitar tiga jam.",
        "Sampai selesai biasanya dalam sekitar tiga hari. Sebelumnya dalam sekitar sembilan hari; jadi",
        "dari empat menjadi delapan.",
        "dari 48 menjadi 24.",
        "Terima kasih kepada Dishub: paling sering selesai tepat waktu.",
        "Yang perlu kita bantu: DPUPKP, baru 0 persen tepat waktu.",
        "Sidoagung (Godean) soal Jalan dan jembatan",
        "Indeks kepuasan masyarakat belum dihitung: belum ada survei.",
    )
    assert [line for line in lines if line not in told] == []


@pytest.mark.parametrize("language", ["id", "jv", "en"])
def test_it_is_a_minute_of_sentences_in_every_language(months, language):
    told = speech(*months, labels_of(POLICIES, language))
    assert 60 < len(told.split()) <= LONGEST
    assert not re.search(r"[{}|#*]|n = |\d[.,]\d{2}", told)
    assert all(part.rstrip().endswith((".", "?")) for part in told.strip().split("\n\n"))


@given(st.integers(0, 10**6), st.integers(0, 40), st.integers(0, 40), st.sampled_from(["id", "jv", "en"]))
def test_whatever_happened_it_is_told_without_a_gap_and_in_a_minute(seed, now, was, language):
    rng = random.Random(seed)
    told = speech(
        made([life(rng, n) for n in range(now)]),
        made([life(rng, n) for n in range(was)], before(*MAY)),
        labels_of(POLICIES, language),
    )
    assert "{" not in told
    assert "None" not in told
    assert len(told.split()) <= LONGEST


def test_an_agency_is_told_its_own_and_thanks_nobody(months):
    told = speech(*months, labels_of(POLICIES, "id"), "pu")
    assert told.startswith("Laporan warga DPUPKP, ")
    assert "Terima kasih" not in told


@pytest.mark.parametrize(
    ("share", "told"),
    [
        (1.0, "Semua laporan"),
        (0.97, "Hampir semua laporan"),
        (0.88, "Hampir sembilan dari sepuluh laporan"),
        (0.85, "delapan sampai sembilan dari sepuluh laporan"),
        (0.5, "lima dari sepuluh laporan"),
        (0.52, "Lebih dari lima dari sepuluh laporan"),
        (0.02, "Hampir tidak ada laporan yang"),
        (0.0, "Tidak ada laporan yang"),
    ],
)
def test_a_share_is_told_in_tenths(share, told):
    assert Voice(labels_of(POLICIES, "id")).share(share) == told


@pytest.mark.parametrize(
    ("days", "earlier"),
    [
        (("2026-03-01", "2026-03-31"), ("2026-02-01", "2026-02-28")),
        (("2026-01-01", "2026-03-31"), ("2025-10-01", "2025-12-31")),
        (("2024-01-01", "2024-12-31"), ("2023-01-01", "2023-12-31")),
        (("2024-01-01", "2024-05-25"), ("2023-08-08", "2023-12-31")),
        (("2026-11-22", "2026-11-22"), ("2026-11-21", "2026-11-21")),
    ],
)
def test_the_period_before_is_as_long_months_for_months(days, earlier):
    first, last = map(date.fromisoformat, days)
    assert before(first, last) == tuple(map(date.fromisoformat, earlier))


def test_last_month_is_whole():
    assert last_month(date(2026, 3, 31)) == (date(2026, 2, 1), date(2026, 2, 28))
