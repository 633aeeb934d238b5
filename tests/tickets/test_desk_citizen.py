from datetime import timedelta

from tickets.lifecycle import refusal_text


def test_confirmed_rated_and_reopened(story):
    told = story().solved()
    assert told.changes[-2].notices[0].name == "kabar_konfirmasi"
    assert told.changes[-2].notices[0].attachments == ("sesudah",)
    told.does("pelapor", "confirm")
    assert (told.ticket.status, told.ticket.closed_at, told.ticket.due_at) == ("SELESAI", told.now, None)
    for value in (None, 0, 6):
        assert told.refused("pelapor", "rate", value=value).code == "perlu_nilai"
    told.does("pelapor", "rate", value=2)
    assert told.told == [
        ("reporter", "kabar_nilai_diterima"),
        ("agency", "nilai_warga"),
        ("leader", "nilai_warga"),
        ("moderators", "nilai_warga"),
        ("reporter", "kabar_nilai_buruk"),
    ]
    assert told.refused("pelapor", "rate", value=5).code == "sudah_dinilai"
    told.does("pelapor", "reopen", reason="Mati lagi.")
    assert (told.ticket.status, told.ticket.due_kind, told.ticket.rating) == (
        "DIBUKA_KEMBALI",
        "rework",
        None,
    )


def test_a_good_rating_bothers_nobody_else(story):
    told = story().solved()
    told.does("pelapor", "confirm")
    told.does("pelapor", "rate", value=3)
    assert ("moderators", "nilai_warga") not in told.told


def test_not_yet_goes_back_to_work_with_a_fresh_deadline(story):
    told = story().solved()
    told.wait(days=9)
    assert told.refused("pelapor", "deny").code == "perlu_alasan"
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
    assert told.refused("sistem", "auto_close").code == "belum_waktunya"
    told.does("sistem", "delivered")
    assert desk.clock.calendar.workdays_between(told.now, told.ticket.due_at) == 10
    told.until(told.ticket.due_at - timedelta(minutes=1))
    assert told.refused("sistem", "auto_close").code == "belum_waktunya"
    told.until(told.ticket.due_at)
    told.does("sistem", "auto_close")
    assert told.ticket.status == "SELESAI"


def test_the_last_day_for_reopening_is_a_whole_day(story, policies):
    told = story().solved()
    told.does("pelapor", "confirm")
    calendar, days = told.desk.clock.calendar, policies.lifecycle.limits.reopen_days
    told.until(calendar.add_workdays(told.now, days + 1).replace(hour=0, minute=0))
    assert told.refused("pelapor", "reopen", reason="Mati lagi.").code == "batas_waktu_buka"
    told.wait(seconds=-1)
    told.does("pelapor", "reopen", reason="Mati lagi.")


def test_reopening_is_limited_in_number_and_time_and_then_names_the_ombudsman(story, policies):
    told = story().solved()
    told.does("pelapor", "confirm")
    told.wait(days=60)
    late = told.refused("pelapor", "reopen", reason="Mati lagi.")
    assert late.code == "batas_waktu_buka"
    assert "Ombudsman" in refusal_text(late, policies)
    told.wait(days=-50)
    for _ in range(2):
        told.does("pelapor", "reopen", reason="Mati lagi.")
        told.does("penghubung", "close", text="Beres.", proof=("f",))
        told.does("pelapor", "confirm")
    assert told.refused("pelapor", "reopen", reason="Mati lagi.").code == "batas_kali_buka"
    assert "reopen" not in told.desk.allowed(told.ticket, told.actors["pelapor"])


def test_withdrawing_ends_it(story):
    told = story()
    told.does("pelapor", "cancel")
    assert (told.ticket.status, told.ticket.due_at) == ("DIBATALKAN", None)
    assert told.told == [
        ("reporter", "kabar_dibatalkan"),
        ("agency", "dibatalkan"),
        ("followers", "kabar_ikut_dibatalkan"),
    ]
    assert told.desk.allowed(told.ticket, told.actors["pelapor"]) == ()


def test_following_is_for_others_and_for_open_matters(story):
    told = story()
    told.does("warga", "follow")
    assert told.ticket.status == "DISPOSISI"
    assert told.refused("pelapor", "follow").code == "laporan_sendiri"
    told.does("pelapor", "make_confidential")
    assert told.ticket.report.confidential
    assert told.refused("warga", "follow").code == "laporan_tertutup"


def test_hiding_ones_name_later(story):
    told = story()
    told.does("pelapor", "make_anonymous")
    assert told.ticket.report.anonymous
    assert told.refused("pelapor", "make_anonymous").code == "sudah_ditandai"


def test_not_yet_gives_another_agency_as_many_days(story):
    """The citizen's "not yet" begins a new count, also where the work then goes to somebody else."""
    told = story().solved()
    told.wait(days=21)
    told.does("pelapor", "deny", text="Masih gelap.")
    told.does("penghubung", "not_ours", reason="Tiang milik DLH.")
    told.does("koordinator", "verify", target="dlh")
    assert (told.ticket.status, told.ticket.due_kind) == ("DISPOSISI", "rework")
    assert told.ticket.due_at > told.now
