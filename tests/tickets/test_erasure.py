"""What is left of a closed report and its history when its reporter is taken out."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickets.erasure import ERASE, NOBODY, Eraser, names_hidden
from tickets.policies.retention import ErasurePolicy
from tickets.ticket import (
    Actor,
    Asked,
    Finding,
    Proposal,
    Report,
    ReportPlace,
    ScreeningResult,
    Ticket,
    TicketEvent,
)

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
SITI = "Siti Rahmawati"
TOLD = "saya SITI, lampu mati"
FINDING = Finding("data_pribadi", "personal_data", ((5, 9),), "Samarkan nama.", "Kirim lagi.")
REPORT = Report(
    TOLD,
    "pengaduan",
    "lampu_jalan",
    "mati",
    ReportPlace("rumah Siti", "34.04.01.2001", "Sidoagung", "Godean", "Sleman", -7.7, 110.2),
    ScreeningResult("pass", (FINDING,), "saya ••••, lampu mati"),
    evidence=("m-1",),
    event_time="malam, kata Siti",
    answers={"nama": SITI},
)
TICKET = Ticket(
    "SLM-26-7XW2T", REPORT, "warga-1", "Lampu Siti mati", "SELESAI", "dishub", frozenset(), NOW, NOW,
    asked=(Asked("", "Alamat Bu Siti?"),), proposal=Proposal("op-1", "spam", "Siti minta ditutup", NOW),
    version=4,
)  # fmt: skip
ALL_KEPT = ErasurePolicy(keep_narrative=True, keep_point=True, keep_files=True)
ERASER = Eraser(ALL_KEPT, names_hidden([SITI]), frozenset({"warga-2"}))


def line(actor: Actor, **parts) -> TicketEvent:
    return TicketEvent(TICKET.number, "message", NOW, actor, "PROSES", "PROSES", **parts)


def test_a_report_goes_on_with_nobody_and_without_their_words():
    left = ERASER.ticket(TICKET)
    assert (left.reporter, left.version) == (NOBODY, 5)
    assert (left.title, left.asked[0].words) == ("Lampu •••• mati", "Alamat Bu ••••?")
    assert left.proposal.text == "•••• minta ditutup"
    assert left.report.narrative == left.report.screening.masked == "saya ••••, lampu mati"
    assert left.report.event_time == "malam, kata ••••"
    assert (left.report.answers, left.report.place.text) == ({}, "")
    assert (left.report.place.lat, left.report.place.kalurahan) == (-7.7, "Sidoagung")
    assert "siti" not in repr(left).lower()


def test_what_screening_found_stays_without_the_words_it_showed():
    (found,) = ERASER.ticket(TICKET).report.screening.findings
    assert found == Finding("data_pribadi", "personal_data", (), "", "")


def test_words_that_were_never_masked_are_hidden_too():
    plain = replace(REPORT, screening=ScreeningResult("pass", (), ""))
    assert ERASER.ticket(replace(TICKET, report=plain)).report.narrative == "saya ••••, lampu mati"


def test_a_city_may_keep_less():
    strict = replace(ERASER, policy=ErasurePolicy(keep_narrative=False, keep_point=False, keep_files=False))
    left = strict.ticket(TICKET)
    assert (left.title, left.report.narrative, left.report.event_time) == ("", "", "")
    assert (left.report.screening.masked, left.report.place.lat, left.report.place.lon) == ("", None, None)
    assert (left.report.category, left.report.place.kode) == ("lampu_jalan", "34.04.01.2001")


def test_of_the_reporters_own_lines_only_marks_stay():
    said = {"rating": 2, "survey": {"cepat": 3, "saran": "Siti"}, "proof": ["m-1"], "words": "Siti"}
    left = ERASER.line(line(Actor("citizen", "warga-1"), text="saya Siti", reason="Siti", data=said))
    assert (left.actor, left.text, left.reason) == (Actor("citizen"), "", "")
    assert left.data == {"rating": 2, "survey": {"cepat": 3}, "proof": ["m-1"]}


@pytest.mark.parametrize(
    "actor", [Actor("operator", "op-1", "dishub", "penghubung"), Actor("citizen", "warga-2")]
)
def test_what_others_wrote_stays_with_the_name_hidden(actor):
    left = ERASER.line(line(actor, text="Bu Siti, besok ya", reason="kata siti", data={"words": "utuh"}))
    assert (left.actor, left.data) == (actor, {"words": "utuh"})
    assert (left.text, left.reason) == ("Bu ••••, besok ya", "kata ••••")


def test_the_line_that_tells_of_the_erasure_is_left_as_it_is():
    told = replace(line(Actor("system"), text="Siti"), action=ERASE)
    assert ERASER.line(told) is told


def test_a_name_is_hidden_whole_and_in_parts_and_only_as_a_word():
    hide = names_hidden([" Siti Rahmawati ", "Al", ""])
    assert hide("Siti Rahmawati") == "•" * 14
    assert hide("RAHMAWATI, sitirah, Al") == "•••••••••, sitirah, Al"
    assert names_hidden(["", " ", "Al"])("Al Siti") == "Al Siti"


@given(st.lists(st.text(min_size=1, max_size=12), max_size=3), st.text())
def test_hiding_keeps_every_other_sign_where_it_is(names, text):
    hidden = names_hidden(names)(text)
    assert len(hidden) == len(text)
    assert all(after in ("•", before) for before, after in zip(text, hidden, strict=True))
