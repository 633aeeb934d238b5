"""Merging and splitting: what may be joined to what, and that taking it back gives back all of it."""

from dataclasses import replace

import pytest

OTHER = "SLM-26-7JCMX"
REASON = "tempat_sama"


@pytest.fixture
def parent(story):
    return story(number=OTHER, reporter="warga-2").ticket


def test_merging_needs_another_ticket_and_a_reason(story, parent):
    told = story()
    assert told.refused("penghubung", "merge", beside=parent).code == "perlu_alasan"
    assert told.refused("penghubung", "merge", reason=REASON).code == "perlu_tujuan"
    lost = told.refused("penghubung", "merge", reason=REASON, target="SLM-26-XXXXX")
    assert lost.code == "tujuan_tidak_dikenal"
    same = told.refused("penghubung", "merge", reason=REASON, beside=told.ticket)
    assert same.code == "tujuan_tidak_dikenal"


def test_merging_tells_where_and_why_in_every_language(story, parent):
    told = story()
    change = told.does("penghubung", "merge", beside=parent, reason=REASON)
    assert (told.ticket.status, told.ticket.parent, told.ticket.due_at) == ("DUPLIKAT", OTHER, None)
    assert change.events[0].data["target"] == OTHER
    values = change.notices[0].values
    assert (values["tujuan"], values["alasan"]["en"]) == (OTHER, "same place, same problem")
    assert ("followers", "kabar_ikut_digabung") in told.told


@pytest.mark.parametrize(
    ("mine", "theirs", "code"),
    [
        ({}, {"status": "SELESAI"}, "tujuan_tertutup"),
        ({}, {"status": "ARSIP"}, "tujuan_tertutup"),
        ({}, {"status": "DIBATALKAN"}, "tujuan_tertutup"),
        ({}, {"status": "DITAHAN"}, "tujuan_tertutup"),
        ({}, {"status": "DUPLIKAT", "parent": "SLM-26-8JCMX"}, "sudah_digabung"),
        ({}, {"flags": frozenset({"RAHASIA"})}, "tertutup_digabung"),
        ({}, {"flags": frozenset({"WBS"})}, "tertutup_digabung"),
        ({"confidential": True}, {}, "tertutup_digabung"),
        ({"classification": "informasi"}, {}, "kelas_berbeda"),
        ({"emergency": "kebakaran"}, {}, "darurat_digabung"),
    ],
)
def test_what_is_closed_of_another_class_or_private_is_not_joined(story, parent, mine, theirs, code):
    told = story(**mine)
    denial = told.refused("koordinator", "merge", beside=replace(parent, **theirs), reason=REASON)
    assert denial.code == code


def test_ones_own_confidential_report_may_be_joined_to_ones_own(story):
    mine = story(number=OTHER, confidential=True).ticket
    told = story(confidential=True)
    told.does("koordinator", "merge", beside=mine, reason="lapor_ulang")
    assert told.ticket.status == "DUPLIKAT"


@pytest.mark.parametrize("who", ["pelapor", "koordinator", "penghubung"])
def test_splitting_gives_back_state_agency_and_deadline(story, parent, who):
    told = story()
    told.does("penghubung", "claim")
    told.does("penghubung", "reply", text="Besok dicek.")
    before = told.ticket
    told.does("penghubung", "merge", beside=parent, reason=REASON)
    told.wait(days=7)
    told.does(who, "split", reason="hal_lain")
    after = told.ticket
    assert (after.status, after.agency, after.parent, after.closed_at) == ("PROSES", "dishub", "", None)
    assert after.due_kind == before.due_kind == "resolve"
    calendar = told.desk.clock.calendar
    assert calendar.workdays_between(before.due_at, after.due_at) == 5
    assert told.told[0] == ("reporter", "kabar_dipisahkan")


def test_a_question_open_at_the_merge_is_put_anew_by_the_coordinator(story, parent):
    told = story()
    told.does("penghubung", "ask_data", text="Tiang nomor berapa?")
    told.does("penghubung", "merge", beside=parent, reason=REASON)
    told.does("koordinator", "split", reason="hal_lain")
    assert (told.ticket.status, told.ticket.agency) == ("VERIFIKASI", "koordinator")
    assert told.ticket.due_at is not None


def test_the_reporters_word_counts_once_and_then_another_person_decides(story, parent):
    told = story()
    told.does("penghubung", "merge", beside=parent, reason=REASON)
    assert told.refused("warga", "split", reason="bukan").code == "tidak_berwenang"
    told.does("pelapor", "split", reason="kata_pelapor")
    again = told.refused("penghubung", "merge", beside=parent, reason=REASON)
    assert again.code == "pelapor_menolak"
    told.does("koordinator", "merge", beside=parent, reason=REASON)
    assert told.refused("pelapor", "split", reason="kata_pelapor").code == "batas_kali_pisah"
    told.does("pelapor", "appeal")
    assert (told.ticket.status, told.ticket.parent) == ("DIBUKA_KEMBALI", "")


def test_only_the_program_writes_the_other_sides_history(story, parent):
    told = story()
    assert told.refused("koordinator", "absorb", target=OTHER).code == "tidak_berwenang"
    told.does("sistem", "absorb", target=OTHER)
    told.does("sistem", "part", target=OTHER)
    assert "absorb" not in told.desk.allowed(told.ticket, told.actors["sistem"])
