import random
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tickets.desk import Desk, DeskRefusal
from tickets.lifecycle import refusal_text
from tickets.numbers import make_number
from tickets.policies.load import Policies
from tickets.ticket import Finding, ScreeningResult

HELD = ScreeningResult(
    "hold", (Finding("ancaman", "threat", ((0, 5),), "Ada yang membacanya dulu."),), "lampu …"
)
SPAM = ScreeningResult("refuse", (Finding("spam", "spam", ((0, 5),), "Terbaca sebagai iklan."),), "lampu …")
ASKED = ScreeningResult("ask", (Finding("kabar_angin", "hearsay", (), "Apa yang Anda lihat?"),), "lampu …")
ACCUSED = ScreeningResult("pass_private", (Finding("tuduhan", "accusation", ((0, 5),), "…"),), "lampu …")


def refused(story, who, action, **fields):
    with pytest.raises(DeskRefusal) as caught:
        story.does(who, action, **fields)
    return caught.value


def steps(change):
    return [(event.action, event.before, event.after) for event in change.events]


def solved(story):
    story.does("penghubung", "claim")
    story.does("penghubung", "close", text="Lampu sudah diganti.", proof=("sesudah",))
    story.does("sistem", "delivered")
    return story


# --- opening ---------------------------------------------------------------------------------------------


def test_a_sure_report_goes_straight_to_its_agency(story):
    opened = story().changes[0]
    assert steps(opened) == [
        ("open", None, "BARU"),
        ("open", "BARU", "VERIFIKASI"),
        ("verify", "VERIFIKASI", "DISPOSISI"),
    ]
    assert [event.actor.kind for event in opened.events] == ["citizen", "citizen", "system"]
    assert opened.events[-1].data["rule"] == "perhubungan"
    assert (opened.ticket.agency, opened.ticket.due_kind, opened.ticket.version) == (
        "dishub",
        "first_response",
        0,
    )
    notice = opened.notices[0]
    assert (notice.audience, notice.name) == ("reporter", "kabar_diteruskan")
    assert notice.values["dinas"] == "Dishub"
    assert notice.values["tenggat"] == "2026-11-27"
    assert notice.values["judul"] == "Lampu jalan: depan Pasar Godean, Sidoagung"


def test_an_unsure_one_waits_for_the_coordinator(story):
    told = story(category="lainnya")
    assert (told.ticket.status, told.ticket.agency, told.ticket.due_kind) == (
        "VERIFIKASI",
        "koordinator",
        "verify",
    )
    assert told.told == [("agency", "kartu")]


def test_another_governments_matter_is_passed_on_and_the_coordinator_keeps_an_eye_on_it(story):
    told = story(category="listrik")
    assert (told.ticket.status, told.ticket.agency, told.ticket.due_kind) == ("DITERUSKAN", "pln", "external")
    assert told.told == [("reporter", "kabar_diteruskan_luar"), ("moderators", "kartu")]
    assert told.changes[0].notices[0].values["tujuan"] == "PLN"
    told.does("koordinator", "reply", text="PLN menjadwalkan besok.")
    told.does("koordinator", "close", text="Sudah menyala.", proof=("foto",))
    assert told.ticket.status == "MENUNGGU_KONFIRMASI"


def test_an_accusation_is_confidential_and_goes_to_the_inspectorate(story):
    ticket = story(screening=ACCUSED).ticket
    assert (ticket.agency, "RAHASIA" in ticket.flags, ticket.status) == ("inspektorat", True, "DISPOSISI")


def test_a_held_report_explains_itself_and_is_released_to_its_agency(story):
    told = story(screening=HELD)
    assert told.ticket.status == "DITAHAN"
    assert told.told == [("reporter", "kabar_ditahan"), ("moderators", "moderasi")]
    assert told.changes[0].notices[1].values["aturan"] == "ancaman"
    assert told.changes[0].notices[1].values["kata"] == "lampu"
    released = told.does("koordinator", "moderate_pass")
    assert (released.ticket.status, released.ticket.agency, released.ticket.version) == (
        "DISPOSISI",
        "dishub",
        1,
    )
    assert told.told[0] == ("reporter", "kabar_lolos")
    assert ("agency", "kartu") in told.told


def test_a_held_report_may_be_sent_back_for_better_words_and_returns_to_the_queue(story):
    told = story(screening=HELD)
    told.does("koordinator", "moderate_ask", text="Tulis tanpa ancaman, ya.")
    assert told.ticket.status == "PERLU_DATA"
    told.does("pelapor", "message", text="Lampunya mati.")
    assert (told.ticket.status, told.ticket.due_kind) == ("DITAHAN", "moderate")


def test_a_refused_report_is_kept_with_reason_help_and_appeal(story):
    told = story(screening=SPAM)
    assert (told.ticket.status, told.ticket.due_at) == ("ARSIP", None)
    notice = told.changes[0].notices[0]
    assert notice.name == "kabar_ditolak"
    assert "iklan" in notice.values["alasan"]
    assert notice.values["bantuan"]
    told.does("pelapor", "appeal", text="Ini laporan sungguhan.")
    assert (told.ticket.status, told.ticket.agency) == ("DIBUKA_KEMBALI", "koordinator")
    assert told.told == [("reporter", "kabar_banding_diterima"), ("moderators", "moderasi")]
    told.does("koordinator", "verify")
    assert told.ticket.status == "DISPOSISI"


def test_a_question_at_the_door_stops_the_clock_of_verification(story):
    told = story(screening=ASKED)
    assert (told.ticket.status, told.ticket.due_at, told.ticket.due_kind) == ("PERLU_DATA", None, "verify")
    assert told.changes[0].notices[0].values["pesan"] == "Apa yang Anda lihat?"
    told.wait(days=10)
    told.does("pelapor", "give_data", text="Saya lihat sendiri.")
    assert told.ticket.status == "VERIFIKASI"
    assert told.ticket.due_at > told.now


def test_an_emergency_alerts_the_duty_first_whatever_the_verdict(story):
    for screening in (HELD, ASKED):
        told = story(emergency="kebakaran", screening=screening)
        assert told.told[0] == ("duty", "darurat")
        assert "DARURAT" in told.ticket.flags


def test_wishes_for_privacy_become_flags(story):
    assert {"RAHASIA", "ANONIM"} <= story(confidential=True, anonymous=True).ticket.flags


def test_a_city_may_have_its_coordinator_look_at_everything(policies: Policies, report, friday):
    rules = tuple(replace(rule, auto_dispose=False) for rule in policies.routing.rules)
    careful = replace(policies, routing=replace(policies.routing, rules=rules))
    assert Desk(careful).open(report, "SLM-26-7XW2T", "w", friday).ticket.status == "VERIFIKASI"


def test_names_of_categories_come_from_outside(policies, report, friday):
    named = Desk(policies, {"lampu_jalan": "Penerangan"}).open(report, "SLM-26-7XW2T", "w", friday).ticket
    assert named.title.startswith("Penerangan: ")


# --- the agency's work -----------------------------------------------------------------------------------


def test_claimed_by_one_seen_by_all(story):
    told = story()
    told.does("penghubung", "claim")
    assert (told.ticket.claimed_by, told.ticket.status) == ("op-1", "PROSES")
    for action, fields in {
        "claim": {},
        "reply": {"text": "dobel"},
        "close": {"text": "x", "proof": ("f",)},
    }.items():
        denial = refused(told, "petugas", action, **fields)
        assert (denial.code, denial.values["oleh"]) == ("sudah_diambil", "op-1")
    told.does("petugas", "release")
    told.does("petugas", "claim")
    assert told.ticket.claimed_by == "op-2"


def test_the_first_reply_is_the_response_and_the_next_deadline_is_the_solution(story):
    told = story()
    told.wait(hours=3)
    told.does("penghubung", "reply", text="Besok dicek.", proof=("rencana",))
    first = told.now
    assert (told.ticket.answered_at, told.ticket.due_kind) == (first, "resolve")
    assert told.changes[-1].notices[0].attachments == ("rencana",)
    told.wait(hours=3)
    told.does("penghubung", "reply", text="Masih dicek.")
    assert told.ticket.answered_at == first


def test_claiming_is_no_response(story):
    told = story()
    due = told.ticket.due_at
    told.does("penghubung", "claim")
    assert (told.ticket.due_kind, told.ticket.due_at) == ("first_response", due)


def test_asking_for_data_stops_the_clock_and_the_answer_starts_it_again(story, policies, desk):
    told = story()
    due = told.ticket.due_at
    told.does("penghubung", "ask_data", text="Tiang yang mana?")
    assert told.ticket.due_at is None
    told.wait(days=7)
    answer = told.does("pelapor", "message", text="Yang timur.", proof=("foto-timur",))
    assert answer.events[0].action == "give_data"
    assert answer.ticket.report.evidence == ("foto-timur",)
    assert told.ticket.status == "DISPOSISI"
    assert desk.clock.calendar.workdays_between(due, told.ticket.due_at) == 5


def test_a_followers_words_are_no_answer_to_the_question(story):
    told = story()
    told.does("penghubung", "ask_data", text="Tiang yang mana?")
    told.does("warga", "message", text="Saya juga lewat situ.")
    assert told.ticket.status == "PERLU_DATA"


def test_forwarding_starts_the_new_agencys_clock(story):
    told = story()
    told.does("penghubung", "claim")
    told.wait(days=3)
    told.does("penghubung", "forward", target="dlh", reason="Lampu taman.")
    ticket = told.ticket
    assert (ticket.agency, ticket.claimed_by, ticket.hops, ticket.clock_from) == ("dlh", "", 1, told.now)
    assert told.changes[-1].events[0].data["target"] == "dlh"
    assert refused(told, "penghubung", "claim").code == "tidak_berwenang"


def test_forwarding_outside_becomes_a_referral(story):
    told = story()
    change = told.does("penghubung", "forward", target="pln", reason="Tiang PLN.")
    assert (change.events[0].action, told.ticket.status) == ("refer", "DITERUSKAN")
    assert told.told[0] == ("reporter", "kabar_diteruskan_luar")


@pytest.mark.parametrize(
    ("target", "code"), [("dishub", "tujuan_sama"), ("dinas_x", "tujuan_tidak_dikenal"), ("", "perlu_tujuan")]
)
def test_wrong_targets(story, target, code):
    assert refused(story(), "penghubung", "forward", target=target, reason="…").code == code


def test_the_accused_unit_is_no_target(story):
    told = story(category="aparatur", narrative="petugas Dishub minta uang parkir")
    assert told.ticket.agency == "inspektorat"
    assert refused(told, "koordinator", "forward", target="dishub", reason="…").code == "dinas_terlapor"


def test_not_ours_comes_back_with_its_reason_and_needs_a_persons_choice(story):
    told = story()
    change = told.does("penghubung", "not_ours", reason="Itu lampu taman.", target="dlh")
    assert steps(change) == [
        ("not_ours", "DISPOSISI", "DIKEMBALIKAN"),
        ("not_ours", "DIKEMBALIKAN", "VERIFIKASI"),
    ]
    assert (told.ticket.agency, told.ticket.due_kind) == ("koordinator", "verify")
    assert change.notices[0].values["tujuan"] == "DLH"
    assert refused(told, "koordinator", "verify").code == "perlu_tujuan"
    told.does("koordinator", "verify", target="dlh")
    assert told.ticket.agency == "dlh"


def test_no_ping_pong(story):
    told = story()
    for target in ("dlh", "dishub", "dlh"):
        told.does("koordinator", "forward", target=target, reason="…")
    denial = refused(told, "penghubung lain", "not_ours", reason="…")
    assert (denial.code, denial.values["hops"]) == ("terlalu_sering_dialihkan", 3)
    told.does("koordinator", "forward", target="dishub", reason="…")
    assert told.ticket.hops == 4


def test_refusing_needs_a_reason_of_the_list_and_tells_it_in_the_reporters_language(story):
    told = story(language="jv")
    denial = refused(told, "penghubung", "refuse", reason="malas")
    assert denial.code == "alasan_tidak_dikenal"
    assert "proses_hukum" in denial.values["choices"]
    assert refused(told, "penghubung", "refuse").code == "perlu_alasan"
    change = told.does("penghubung", "refuse", reason="tidak_terbukti")
    assert change.ticket.status == "ARSIP"
    assert change.notices[0].values["alasan"].startswith("Wis dipriksa")
    assert change.notices[0].values["bantuan"].startswith("Kirim bukti")
    assert "appeal" in told.desk.allowed(told.ticket, told.actors["pelapor"])


@pytest.mark.parametrize(
    ("classification", "fields", "code"),
    [
        ("pengaduan", {"text": "beres"}, "perlu_bukti"),
        ("pengaduan", {"proof": ("f",)}, "perlu_isi"),
        ("pengaduan", {"text": "  ", "proof": ("f",)}, "perlu_isi"),
        ("informasi", {"text": "jam 8 sampai 15"}, None),
        ("aspirasi", {}, "perlu_isi"),
    ],
)
def test_closing_needs_words_and_for_complaints_proof(story, classification, fields, code):
    told = story(classification=classification)
    if code:
        assert refused(told, "penghubung", "close", **fields).code == code
    else:
        told.does("penghubung", "close", **fields)
        assert told.ticket.status == "MENUNGGU_KONFIRMASI"


def test_merging_joins_a_parent_and_can_be_undone(story):
    told = story()
    assert refused(told, "penghubung", "merge", target="SLM-26-7XW2T").code == "tujuan_tidak_dikenal"
    assert refused(told, "penghubung", "merge", target="SLM-26-XXXXX").code == "tujuan_tidak_dikenal"
    parent = other_number()
    told.does("penghubung", "merge", target=parent)
    assert (told.ticket.status, told.ticket.parent) == ("DUPLIKAT", parent)
    assert told.changes[-1].notices[0].values["tujuan"] == parent
    told.does("koordinator", "split", reason="Lampu lain.")
    assert (told.ticket.status, told.ticket.parent, told.ticket.closed_at) == ("VERIFIKASI", "", None)


def other_number():
    return make_number("SLM", 2026, random.Random(5))


def test_changing_the_category_sends_it_where_that_belongs(story):
    told = story()
    assert refused(told, "koordinator", "redispose", target="sulap").code == "tujuan_tidak_dikenal"
    change = told.does("koordinator", "redispose", target="hewan/ternak")
    report = told.ticket.report
    assert (report.category, report.subcategory, told.ticket.agency) == ("hewan", "ternak", "distan")
    assert change.events[0].data["target"] == "hewan/ternak"
    assert change.events[-1].data["rule"] == "ternak"


def test_changing_the_category_to_anothers_matter_passes_it_on(story):
    told = story()
    told.does("koordinator", "redispose", target="listrik/padam")
    assert (told.ticket.agency, told.ticket.status) == ("pln", "DITERUSKAN")


# --- the citizen's word ----------------------------------------------------------------------------------


def test_confirmed_rated_and_reopened(story):
    told = solved(story())
    assert told.changes[-2].notices[0].name == "kabar_konfirmasi"
    assert told.changes[-2].notices[0].attachments == ("sesudah",)
    told.does("pelapor", "confirm")
    assert (told.ticket.status, told.ticket.closed_at, told.ticket.due_at) == ("SELESAI", told.now, None)
    for value in (None, 0, 6):
        assert refused(told, "pelapor", "rate", value=value).code == "perlu_nilai"
    told.does("pelapor", "rate", value=2)
    assert told.told == [
        ("reporter", "kabar_nilai_diterima"),
        ("agency", "nilai_warga"),
        ("moderators", "nilai_warga"),
    ]
    assert refused(told, "pelapor", "rate", value=5).code == "sudah_dinilai"
    told.does("pelapor", "reopen", reason="Mati lagi.")
    assert (told.ticket.status, told.ticket.due_kind, told.ticket.rating) == (
        "DIBUKA_KEMBALI",
        "rework",
        None,
    )


def test_a_good_rating_bothers_nobody_else(story):
    told = solved(story())
    told.does("pelapor", "confirm")
    told.does("pelapor", "rate", value=3)
    assert ("moderators", "nilai_warga") not in told.told


def test_not_yet_goes_back_to_work_with_a_fresh_deadline(story):
    told = solved(story())
    told.wait(days=9)
    assert refused(told, "pelapor", "deny").code == "perlu_alasan"
    told.does("pelapor", "deny", text="Masih gelap.")
    assert (told.ticket.status, told.ticket.due_kind) == ("PROSES", "rework")
    assert told.changes[-1].events[0].reason == "Masih gelap."
    assert told.told[1] == ("agency", "belum_selesai")
    told.does("penghubung", "note", text="cek gardu")
    assert told.ticket.due_kind == "rework"


def test_closing_by_time_counts_from_the_delivery_of_the_question(story, desk):
    told = story()
    told.does("penghubung", "close", text="Beres.", proof=("f",))
    told.wait(days=60)
    assert refused(told, "sistem", "auto_close").code == "belum_waktunya"
    told.does("sistem", "delivered")
    assert desk.clock.calendar.workdays_between(told.now, told.ticket.due_at) == 10
    told.until(told.ticket.due_at - timedelta(minutes=1))
    assert refused(told, "sistem", "auto_close").code == "belum_waktunya"
    told.until(told.ticket.due_at)
    told.does("sistem", "auto_close")
    assert told.ticket.status == "SELESAI"


def test_reopening_is_limited_in_number_and_time_and_then_names_the_ombudsman(story, policies):
    told = solved(story())
    told.does("pelapor", "confirm")
    told.wait(days=60)
    late = refused(told, "pelapor", "reopen", reason="Mati lagi.")
    assert late.code == "batas_waktu_buka"
    assert "Ombudsman" in refusal_text(late, policies)
    told.wait(days=-50)
    for _ in range(2):
        told.does("pelapor", "reopen", reason="Mati lagi.")
        told.does("penghubung", "close", text="Beres.", proof=("f",))
        told.does("pelapor", "confirm")
    assert refused(told, "pelapor", "reopen", reason="Mati lagi.").code == "batas_kali_buka"
    assert "reopen" not in told.desk.allowed(told.ticket, told.actors["pelapor"])


def test_withdrawing_ends_it(story):
    told = story()
    told.does("pelapor", "cancel")
    assert (told.ticket.status, told.ticket.due_at) == ("DIBATALKAN", None)
    assert told.told == [("reporter", "kabar_dibatalkan"), ("agency", "dibatalkan")]
    assert told.desk.allowed(told.ticket, told.actors["pelapor"]) == ()


def test_following_is_for_others_and_for_open_matters(story):
    told = story()
    told.does("warga", "follow")
    assert told.ticket.status == "DISPOSISI"
    assert refused(told, "pelapor", "follow").code == "laporan_sendiri"
    told.does("pelapor", "make_confidential")
    assert told.ticket.report.confidential
    assert refused(told, "warga", "follow").code == "laporan_tertutup"


def test_hiding_ones_name_later(story):
    told = story()
    told.does("pelapor", "make_anonymous")
    assert told.ticket.report.anonymous
    assert refused(told, "pelapor", "make_anonymous").code == "sudah_ditandai"


# --- the clock -------------------------------------------------------------------------------------------


def test_late_is_marked_once_and_ends_with_the_answer(story):
    told = story()
    assert refused(told, "sistem", "due").code == "belum_waktunya"
    told.does("sistem", "remind")
    assert told.told == [("agency", "hampir_tenggat")]
    told.until(told.ticket.due_at)
    told.does("sistem", "due")
    assert "TERLAMBAT" in told.ticket.flags
    assert told.told == [("agency", "lewat_tenggat"), ("reporter", "kabar_terlambat")]
    assert refused(told, "sistem", "due").code == "sudah_ditandai"
    told.does("penghubung", "reply", text="Maaf, baru dicek.")
    assert "TERLAMBAT" not in told.ticket.flags


def test_the_ladder_is_climbed_rung_by_rung_to_the_ombudsman(story):
    told = story()
    heard = []
    for _ in range(4):
        told.does("sistem", "escalate")
        heard += [(*told.told[0], told.changes[-1].notices[0].values["tingkat"])]
    assert heard == [
        ("agency", "lewat_tenggat", "kepala_opd"),
        ("moderators", "lewat_tenggat", "koordinator"),
        ("moderators", "lewat_tenggat", "sekda_inspektorat"),
        ("reporter", "kabar_terlambat", "warga_ombudsman"),
    ]
    assert "Ombudsman" in told.changes[-1].notices[0].values["ombudsman"]
    assert refused(told, "sistem", "escalate").code == "puncak_eskalasi"


def test_what_is_for_moderators_stays_with_the_wbs_handler(story):
    told = story(classification="wbs", screening=HELD)
    assert told.ticket.agency == "inspektorat"
    assert ("agency", "moderasi") in told.told
    assert not any(audience == "moderators" for audience, _ in told.told)


def test_a_wbs_ticket_is_sent_to_nobody_else(story):
    told = story(classification="wbs")
    for target in ("dishub", "pln"):
        assert refused(told, "wbs", "forward", target=target, reason="…").code == "tetap_di_wbs"
    told.does("wbs", "redispose", target="jalan/berlubang")
    assert told.ticket.agency == "inspektorat"


def test_a_colleague_may_take_over_what_is_reopened(story):
    told = solved(story())
    told.does("pelapor", "confirm")
    told.does("pelapor", "reopen", reason="Mati lagi.")
    told.does("petugas", "claim")
    assert told.ticket.claimed_by == "op-2"


def test_the_same_words_twice_give_the_same_change(story):
    assert story().changes == story().changes


def test_unknown_actions_and_strangers(story):
    told = story()
    assert refused(told, "penghubung", "sulap").code == "tindakan_tidak_dikenal"
    assert refused(told, "warga", "cancel").code == "tidak_berwenang"
    assert refused(told, "pelapor", "confirm").values == {"rule": "confirm", "state": "DISPOSISI"}


def test_times_are_the_ones_given(story, friday: datetime):
    told = story()
    told.wait(hours=1)
    change = told.does("penghubung", "claim")
    assert change.ticket.changed_at == change.events[0].at == friday + timedelta(hours=1)
