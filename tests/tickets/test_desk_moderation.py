from dataclasses import replace

import pytest

from tickets.ticket import Actor, Finding, ScreeningResult

THREAT = Finding("ancaman", "threat", ((0, 5),), "Ada yang membacanya dulu.")
ACCUSATION = Finding("tuduhan", "accusation", ((0, 5),), "…")
HELD = ScreeningResult("hold", (THREAT,), "lampu …")
ACCUSED = ScreeningResult("pass_private", (ACCUSATION,), "lampu …")
BOTH = ScreeningResult("hold", (ACCUSATION, THREAT), "lampu …")
REASON = {"reason": "ujaran_berbahaya"}


@pytest.fixture
def begin(story):
    def opened(screening):
        told = story(screening=screening)
        told.actors = told.actors | {
            "rekan": Actor("operator", "op-8", "koordinator", "koordinator"),
            "inspektur": Actor("operator", "op-9", "inspektorat", "penghubung"),
        }
        return told

    return opened


def test_a_threat_is_refused_by_one(begin):
    told = begin(HELD)
    told.does("koordinator", "moderate_refuse", **REASON)
    assert (told.ticket.status, told.ticket.decided_by) == ("ARSIP", ("op-4",))


def test_an_accusation_is_refused_by_two_never_the_same(begin):
    told = begin(BOTH)
    told.does("koordinator", "moderate_refuse", **REASON)
    assert (told.ticket.status, told.ticket.due_kind) == ("DITAHAN", "confirm")
    assert told.changes[-1].events[0].action == "propose_refusal"
    assert told.told == [("moderators", "usul_tolak")]
    assert told.refused("koordinator", "moderate_confirm").code == "orang_kedua"
    told.does("koordinator", "moderate_refuse", reason="tidak_terbukti")
    assert told.ticket.status == "DITAHAN"
    told.does("rekan", "moderate_confirm")
    assert (told.ticket.status, told.ticket.decided_by) == ("ARSIP", ("op-4", "op-8"))
    assert told.told[0] == ("reporter", "kabar_ditolak")
    assert "bukti" in told.changes[-1].notices[0].values["alasan"]["id"]


def test_a_second_refusal_by_somebody_else_confirms_the_first(begin):
    told = begin(BOTH)
    told.does("koordinator", "moderate_refuse", **REASON)
    told.does("rekan", "moderate_refuse", reason="spam")
    assert told.ticket.status == "ARSIP"
    assert told.changes[-1].events[0].reason == "ujaran_berbahaya"


def test_an_agency_cannot_refuse_an_accusation_alone_either(begin):
    told = begin(ACCUSED)
    assert told.ticket.agency == "inspektorat"
    told.does("inspektur", "refuse", **REASON)
    assert told.ticket.status == "DITAHAN"
    told.does("koordinator", "moderate_pass")
    assert (told.ticket.status, told.ticket.agency) == ("DISPOSISI", "inspektorat")
    assert told.ticket.proposal is None


def test_a_proposal_nobody_confirms_lapses_and_the_report_goes_on(begin):
    told = begin(BOTH)
    told.does("koordinator", "moderate_refuse", **REASON)
    assert told.refused("sistem", "moderate_lapse").code == "belum_waktunya"
    told.until(told.ticket.due_at)
    told.does("sistem", "moderate_lapse")
    assert (told.ticket.status, told.ticket.agency) == ("DISPOSISI", "inspektorat")
    assert told.told[:2] == [("reporter", "kabar_lolos"), ("moderators", "usul_gugur")]
    assert told.refused("sistem", "moderate_lapse").code in {"tanpa_usul", "tidak_bisa_sekarang"}


def test_a_question_takes_the_proposal_back_and_the_deadline_starts_anew(begin):
    told = begin(BOTH)
    told.does("koordinator", "moderate_refuse", **REASON)
    told.does("rekan", "moderate_ask", text="Tulis tanpa ancaman, ya.")
    assert (told.ticket.status, told.ticket.proposal) == ("PERLU_DATA", None)
    told.does("pelapor", "give_data", text="Lampunya mati.")
    assert (told.ticket.status, told.ticket.due_kind) == ("DITAHAN", "moderate")


@pytest.mark.parametrize("action", ["moderate_pass", "moderate_ask", "moderate_refuse"])
def test_an_appeal_is_decided_by_somebody_else(begin, action):
    told = begin(HELD)
    told.does("koordinator", "moderate_refuse", **REASON)
    told.does("pelapor", "appeal")
    assert (told.ticket.status, told.ticket.appealed, told.ticket.due_kind) == ("DITAHAN", True, "moderate")
    assert action not in told.desk.allowed(told.ticket, told.actors["koordinator"])
    assert told.refused("koordinator", action, text="…", **REASON).code == "orang_lain"
    assert action in told.desk.allowed(told.ticket, told.actors["rekan"])
    told.does("rekan", action, text="…", **REASON)


def test_the_citizen_is_told_how_the_appeal_ended(begin):
    told = begin(HELD)
    told.does("koordinator", "moderate_refuse", **REASON)
    told.does("pelapor", "appeal")
    told.does("rekan", "moderate_refuse", **REASON)
    assert told.told[0] == ("reporter", "kabar_banding_tolak")
    assert told.changes[-1].notices[0].values["ombudsman"]
    told.does("pelapor", "appeal")
    told.does("koordinator", "moderate_pass")
    assert told.told[0] == ("reporter", "kabar_banding_kabul")


def test_one_appeal_at_a_time(begin):
    told = begin(HELD)
    told.does("pelapor", "appeal")
    assert told.told == [("reporter", "kabar_banding_diterima"), ("moderators", "banding")]
    assert told.refused("pelapor", "appeal").code == "sudah_banding"
    told.does("koordinator", "moderate_pass")
    assert told.told[0] == ("reporter", "kabar_banding_kabul")


def test_an_agencys_liaison_does_not_moderate(begin):
    told = begin(BOTH)
    liaison = replace(told.actors["penghubung"], agency=told.ticket.agency)
    told.actors = told.actors | {"penghubung": liaison}
    for action in ("moderate_pass", "moderate_refuse", "moderate_confirm"):
        assert told.refused("penghubung", action, **REASON).code == "tidak_berwenang"


@pytest.mark.parametrize(
    ("rule", "signal", "verdict"),
    [("bahaya_diri", "self_harm", "hold"), ("keselamatan_anak", "child_safety", "pass_private")],
)
def test_who_may_be_in_danger_is_told_to_the_people_on_duty_at_once(begin, rule, signal, verdict):
    told = begin(ScreeningResult(verdict, (Finding(rule, signal, ((0, 5),), "…"),), "lampu …"))
    assert told.told[0] == ("duty", "perlu_orang")
    assert told.changes[0].notices[0].values["aturan"] == rule


def test_what_is_held_and_late_is_told_to_the_moderators(begin):
    told = begin(BOTH)
    told.until(told.ticket.due_at)
    told.does("sistem", "due")
    assert told.told == [("moderators", "lewat_tenggat"), ("reporter", "kabar_terlambat")]
    told.does("sistem", "escalate")
    assert told.told[0][0] == "moderators"
