from dataclasses import replace

from tickets.desk import Desk
from tickets.policies import Policies
from tickets.ticket import Finding, ScreeningResult

HELD = ScreeningResult(
    "hold", (Finding("ancaman", "threat", ((0, 5),), "Ada yang membacanya dulu."),), "lampu …"
)
SPAM = ScreeningResult("refuse", (Finding("spam", "spam", ((0, 5),), "Terbaca sebagai iklan."),), "lampu …")
ASKED = ScreeningResult("ask", (Finding("kabar_angin", "hearsay", (), "Apa yang Anda lihat?"),), "lampu …")
ACCUSED = ScreeningResult("pass_private", (Finding("tuduhan", "accusation", ((0, 5),), "…"),), "lampu …")


def test_a_sure_report_goes_straight_to_its_agency(story):
    opened = story().changes[0]
    assert [(e.action, e.before, e.after) for e in opened.events] == [
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
    assert (told.ticket.status, told.ticket.agency, told.ticket.due_kind) == (
        "DITERUSKAN",
        "pln",
        "acknowledge",
    )
    assert told.told[:2] == [("reporter", "kabar_diteruskan_luar"), ("moderators", "kartu")]
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
    assert "iklan" in notice.values["alasan"]["id"]
    assert notice.values["bantuan"]
    told.does("pelapor", "appeal", text="Ini laporan sungguhan.")
    assert (told.ticket.status, told.ticket.agency) == ("DITAHAN", "koordinator")
    assert told.told == [("reporter", "kabar_banding_diterima"), ("moderators", "banding")]
    told.does("koordinator", "moderate_pass")
    assert told.ticket.status == "DISPOSISI"
    assert told.told[0] == ("reporter", "kabar_banding_kabul")


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
