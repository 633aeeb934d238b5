import pytest

from tickets.checklist import asked_of, listed


def test_claimed_by_one_seen_by_all(story):
    told = story()
    told.does("penghubung", "claim")
    assert (told.ticket.claimed_by, told.ticket.status) == ("op-1", "PROSES")
    for action, fields in {
        "claim": {},
        "reply": {"text": "dobel"},
        "close": {"text": "x", "proof": ("f",)},
    }.items():
        denial = told.refused("petugas", action, **fields)
        assert (denial.code, denial.values["oleh"]) == ("sudah_diambil", "op-1")
    told.does("petugas", "release")
    told.does("petugas", "claim")
    assert told.ticket.claimed_by == "op-2"


def test_a_claim_is_let_go_wherever_it_may_hold_others_up_and_ends_with_the_work(story):
    told = story()
    told.does("penghubung", "claim")
    told.does("penghubung", "ask_data", text="Tiang yang mana?")
    told.does("petugas", "release")
    assert (told.ticket.status, told.ticket.claimed_by) == ("PERLU_DATA", "")
    assert told.refused("petugas", "release").code == "tidak_bisa_sekarang"
    told.does("petugas", "resume")
    told.does("penghubung", "close", text="Beres.", proof=("f",))
    assert told.refused("petugas", "reply", text="dobel").code == "sudah_diambil"
    told.does("sistem", "release")
    told.does("penghubung", "reply", text="Ada kabar?")
    told.does("pelapor", "confirm")
    told.does("petugas", "reply", text="Terima kasih.")


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
    assert told.refused("penghubung", "claim").code == "tidak_berwenang"


def test_every_agency_it_is_sent_on_to_owes_an_answer_of_its_own(story, desk):
    told = story()
    told.does("penghubung", "reply", text="Besok dicek.")
    told.wait(days=3)
    for target in ("dlh", "pu"):
        told.does("koordinator", "forward", target=target, reason="Bukan di sini.")
        due = desk.clock.calendar.add_workdays(told.now, 5)
        assert (told.ticket.due_kind, told.ticket.due_at) == ("first_response", due)
        assert told.changes[-1].notices[0].values["tenggat"] == due.date().isoformat()
        told.wait(days=1)
    told.does("koordinator", "forward", target="dlh", reason="Memang di sana.")
    told.does("penghubung lain", "reply", text="Kami tangani.")
    assert (told.ticket.due_kind, told.ticket.answered_at) == ("resolve", told.now)


def test_no_forwarding_makes_the_whole_take_longer(story, desk):
    told = story()
    whole = desk.clock.calendar.add_workdays(told.now, 14)
    told.wait(days=17)
    told.does("koordinator", "forward", target="dlh", reason="Lampu taman.")
    assert (told.ticket.due_kind, told.ticket.due_at) == ("first_response", whole)
    told.until(whole)
    told.does("koordinator", "forward", target="pu", reason="Bukan di sini.")
    assert told.ticket.due_at == desk.clock.calendar.add_workdays(whole, 5)


def test_a_question_is_answered_in_its_own_days_however_often_it_is_passed_on(story, desk):
    told = story(classification="informasi")
    due = told.ticket.due_at
    told.wait(days=3)
    told.does("koordinator", "forward", target="dlh", reason="Mereka yang tahu.")
    assert told.ticket.due_at == due == desk.clock.calendar.add_workdays(told.ticket.opened_at, 5)


def test_forwarding_outside_becomes_a_referral(story):
    told = story()
    change = told.does("penghubung", "forward", target="pln", reason="Tiang PLN.")
    assert (change.events[0].action, told.ticket.status) == ("refer", "DITERUSKAN")
    assert told.told[0] == ("reporter", "kabar_diteruskan_luar")


@pytest.mark.parametrize(
    ("target", "code"), [("dishub", "tujuan_sama"), ("dinas_x", "tujuan_tidak_dikenal"), ("", "perlu_tujuan")]
)
def test_wrong_targets(story, target, code):
    assert story().refused("penghubung", "forward", target=target, reason="…").code == code


def test_the_accused_unit_is_no_target(story):
    told = story(category="aparatur", narrative="petugas Dishub minta uang parkir")
    assert told.ticket.agency == "inspektorat"
    assert told.refused("koordinator", "forward", target="dishub", reason="…").code == "dinas_terlapor"


def test_not_ours_comes_back_with_its_reason_and_needs_a_persons_choice(story):
    told = story()
    change = told.does("penghubung", "not_ours", reason="Itu lampu taman.", target="dlh")
    assert [(e.action, e.before, e.after) for e in change.events] == [
        ("not_ours", "DISPOSISI", "DIKEMBALIKAN"),
        ("not_ours", "DIKEMBALIKAN", "VERIFIKASI"),
    ]
    assert (told.ticket.agency, told.ticket.due_kind) == ("koordinator", "verify")
    assert change.notices[0].values["tujuan"] == "DLH"
    assert told.refused("koordinator", "verify").code == "perlu_tujuan"
    told.does("koordinator", "verify", target="dlh")
    assert told.ticket.agency == "dlh"


def test_no_ping_pong(story):
    told = story()
    for target in ("dlh", "dishub", "dlh"):
        told.does("koordinator", "forward", target=target, reason="…")
    denial = told.refused("penghubung lain", "not_ours", reason="…")
    assert (denial.code, denial.values["hops"]) == ("terlalu_sering_dialihkan", 3)
    told.does("koordinator", "forward", target="dishub", reason="…")
    assert told.ticket.hops == 4


def test_refusing_needs_a_reason_of_the_list_and_tells_it_in_every_readers_language(story):
    told = story(language="jv")
    denial = told.refused("penghubung", "refuse", reason="malas")
    assert denial.code == "alasan_tidak_dikenal"
    assert "proses_hukum" in denial.values["choices"]
    assert told.refused("penghubung", "refuse").code == "perlu_alasan"
    change = told.does("penghubung", "refuse", reason="tidak_terbukti")
    assert change.ticket.status == "ARSIP"
    assert change.notices[0].values["alasan"]["jv"].startswith("Wis dipriksa")
    assert change.notices[0].values["bantuan"]["jv"].startswith("Kirim bukti")
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
        assert told.refused("penghubung", "close", **fields).code == code
    else:
        told.does("penghubung", "close", **fields)
        assert told.ticket.status == "MENUNGGU_KONFIRMASI"


def test_changing_the_category_sends_it_where_that_belongs(story):
    told = story()
    assert told.refused("koordinator", "redispose", target="sulap").code == "tujuan_tidak_dikenal"
    change = told.does("koordinator", "redispose", target="hewan/ternak")
    report = told.ticket.report
    assert (report.category, report.subcategory, told.ticket.agency) == ("hewan", "ternak", "distan")
    assert change.events[0].data["target"] == "hewan/ternak"
    assert change.events[-1].data["rule"] == "ternak"


def test_changing_the_category_to_anothers_matter_passes_it_on(story):
    told = story()
    told.does("koordinator", "redispose", target="listrik/padam")
    assert (told.ticket.agency, told.ticket.status) == ("pln", "DITERUSKAN")


def test_whoever_answers_first_has_the_ticket(story):
    """Two colleagues answer at once: the second is told who was first, and the citizen hears one voice."""
    told = story()
    told.does("penghubung", "reply", text="Besok dicek.")
    assert told.ticket.claimed_by == "op-1"
    denial = told.refused("petugas", "reply", text="Kami cek besok.")
    assert (denial.code, denial.values["oleh"]) == ("sudah_diambil", "op-1")


def test_the_coordinators_word_claims_nothing(story):
    told = story()
    told.does("koordinator", "reply", text="Sudah kami teruskan.")
    assert told.ticket.claimed_by == ""


def test_a_ticket_is_handed_over_to_a_colleague(story):
    told = story()
    told.does("penghubung", "claim")
    told.does("penghubung", "hand_over", target="op-2")
    assert (told.ticket.status, told.ticket.claimed_by) == ("PROSES", "op-2")
    assert told.refused("penghubung", "reply", text="saya lagi").code == "sudah_diambil"


def test_answers_tick_what_was_asked_and_the_last_one_lets_the_clock_run(story, policies):
    items = asked_of([policies.questions["tiang"], policies.questions["foto_dekat"]], "", "id")
    told = story()
    told.does("penghubung", "ask_data", text=listed(items), items=items)
    told.does("pelapor", "message", text="PJU-77")
    assert (told.ticket.status, [one.done for one in told.ticket.asked]) == ("PERLU_DATA", [True, False])
    assert told.ticket.paused_at is not None
    partly = {one.name: one for one in told.changes[-1].notices}["kabar_data_sebagian"]
    assert partly.values["kurang"] == f"2. {items[1].words}"
    told.does("pelapor", "message", proof=("foto-1",))
    assert told.ticket.status == "DISPOSISI"
    assert told.ticket.due_at is not None
    assert all(one.done for one in told.ticket.asked)


def test_a_citizen_who_has_no_more_to_say_lets_the_clock_run(story, policies):
    told = story()
    items = asked_of([policies.questions["sejak"]], "", "id")
    told.does("penghubung", "ask_data", text=listed(items), items=items)
    told.does("pelapor", "data_complete")
    assert (told.ticket.status, told.ticket.paused_at) == ("DISPOSISI", None)
