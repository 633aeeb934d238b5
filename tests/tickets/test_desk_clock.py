from datetime import datetime, timedelta

from tickets.ticket import Finding, ScreeningResult

HELD = ScreeningResult(
    "hold", (Finding("ancaman", "threat", ((0, 5),), "Ada yang membacanya dulu."),), "lampu …"
)


def test_late_is_marked_once_and_ends_with_the_answer(story):
    told = story()
    assert told.refused("sistem", "due").code == "belum_waktunya"
    told.does("sistem", "remind")
    assert told.told == [("agency", "hampir_tenggat")]
    told.until(told.ticket.due_at)
    told.does("sistem", "due")
    assert "TERLAMBAT" in told.ticket.flags
    assert told.told == [("agency", "lewat_tenggat"), ("reporter", "kabar_terlambat")]
    assert told.refused("sistem", "due").code == "sudah_ditandai"
    told.does("penghubung", "reply", text="Maaf, baru dicek.")
    assert "TERLAMBAT" not in told.ticket.flags


def test_the_ladder_is_climbed_rung_by_rung_to_the_ombudsman(story):
    told = story()
    heard = []
    for _ in range(4):
        told.does("sistem", "escalate")
        heard += [(*told.told[0], told.changes[-1].notices[0].values["tingkat"]["id"])]
    assert heard == [
        ("leader", "lewat_tenggat", "Kepala dinas"),
        ("moderators", "lewat_tenggat", "Koordinator pengaduan"),
        ("top", "lewat_tenggat", "Sekda dan Inspektorat"),
        ("reporter", "kabar_terlambat", "Ombudsman"),
    ]
    assert "Ombudsman" in told.changes[-1].notices[0].values["ombudsman"]
    assert told.refused("sistem", "escalate").code == "puncak_eskalasi"


def test_what_is_for_moderators_stays_with_the_wbs_handler(story):
    told = story(classification="wbs", screening=HELD)
    assert told.ticket.agency == "inspektorat"
    assert ("agency", "moderasi") in told.told
    assert not any(audience == "moderators" for audience, _ in told.told)


def test_a_wbs_ticket_is_sent_to_nobody_else(story):
    told = story(classification="wbs")
    for target in ("dishub", "pln"):
        assert told.refused("wbs", "forward", target=target, reason="…").code == "tetap_di_wbs"
    told.does("wbs", "redispose", target="jalan/berlubang")
    assert told.ticket.agency == "inspektorat"


def test_a_colleague_may_take_over_what_is_reopened(story):
    told = story().solved()
    told.does("pelapor", "confirm")
    told.does("pelapor", "reopen", reason="Mati lagi.")
    told.does("petugas", "claim")
    assert told.ticket.claimed_by == "op-2"


def test_the_same_words_twice_give_the_same_change(story):
    assert story().changes == story().changes


def test_unknown_actions_and_strangers(story):
    told = story()
    assert told.refused("penghubung", "sulap").code == "tindakan_tidak_dikenal"
    assert told.refused("warga", "cancel").code == "tidak_berwenang"
    assert told.refused("pelapor", "confirm").values == {"rule": "confirm", "state": "DISPOSISI"}


def test_times_are_the_ones_given(story, friday: datetime):
    told = story()
    told.wait(hours=1)
    change = told.does("penghubung", "claim")
    assert change.ticket.changed_at == change.events[0].at == friday + timedelta(hours=1)
