"""Promises: counted again when rules change, waiting for the last word, spaced after an outage."""

import random
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickets.desk import Desk, DeskRefusal
from tickets.policies import load_policies
from tickets.referral import fields, referral_of
from tickets.ticket import Actor, Command, Report, ReportPlace, ScreeningResult

POLICIES = load_policies()
ZONE = POLICIES.city.timezone
REPORT = Report("lampu mati", "pengaduan", "lampu_jalan", "", ReportPlace(), ScreeningResult("pass", (), ""))


def with_days(kind, days):
    rule = replace(POLICIES.sla.deadlines[kind], days=days)
    return replace(POLICIES, sla=replace(POLICIES.sla, deadlines={**POLICIES.sla.deadlines, kind: rule}))


@given(st.integers(0, 10**9))
def test_under_the_same_rules_no_deadline_is_ever_counted_otherwise(seed):
    """Whatever is done to a ticket and when, recounting it finds what it has."""
    rng, desk = random.Random(seed), Desk(POLICIES)
    now = datetime(2026, 3, 1, tzinfo=ZONE) + timedelta(hours=rng.randint(0, 6000))
    ticket = desk.open(REPORT, "SLM-26-7XW2T", "w", now).ticket
    people = [Actor("citizen", "w"), Actor("system"), Actor("operator", "1", "dishub", "penghubung")]
    people.append(Actor("operator", "2", "koordinator", "koordinator"))
    targets = {"forward": "dlh", "redispose": "sampah", "refer": "pln", "merge": "SLM-26-7K3QX"}
    for _ in range(12):
        now += timedelta(hours=rng.randint(0, 120))
        name = rng.choice(list(POLICIES.lifecycle.actions))
        given_ = {"text": "isi", "reason": "spam", "proof": ("foto",), "value": 4}
        command = Command(name, rng.choice(people), target=targets.get(name, ""), **given_)
        try:
            ticket = desk.act(ticket, command, now).ticket
        except DeskRefusal:
            continue
        assert desk.clock.renew(ticket, now) == ticket


def test_a_longer_deadline_is_told_to_whom_it_was_promised_a_shorter_one_only_to_the_desk(story, actors):
    told = story()
    late = told.ticket.due_at + timedelta(days=1)
    marked = told.desk.act(told.ticket, Command("due", actors["sistem"]), late).ticket
    assert "TERLAMBAT" in marked.flags
    longer = Desk(with_days("first_response", 9))
    change = longer.act(marked, Command("recount", actors["sistem"], reason="aturan"), late)
    assert [(one.audience, one.name) for one in change.notices] == [
        ("agency", "kartu"),
        ("reporter", "kabar_tenggat_baru"),
    ]
    assert change.ticket.due_at > late
    assert "TERLAMBAT" not in change.ticket.flags
    assert change.events[0].data["was"] < change.events[0].data["due"]
    shorter = Desk(with_days("first_response", 2))
    change = shorter.act(told.ticket, Command("recount", actors["sistem"], reason="aturan"), told.now)
    assert [one.audience for one in change.notices] == ["agency"]
    with pytest.raises(DeskRefusal):
        shorter.act(change.ticket, Command("recount", actors["sistem"], reason="aturan"), told.now)


def test_a_further_word_while_the_citizen_is_asked_waits_for_its_own_delivery(story):
    told = story().solved()
    assert told.ticket.due_kind == "auto_close"
    told.wait(days=10)
    told.does("penghubung", "reply", text="Kami cek lagi besok.")
    assert (told.ticket.status, told.ticket.due_kind) == ("MENUNGGU_KONFIRMASI", "unreached")
    told.wait(days=30)
    assert told.refused("sistem", "auto_close").code == "belum_waktunya"
    told.does("sistem", "delivered")
    assert told.desk.clock.calendar.workdays_between(told.now, told.ticket.due_at) == 10


def test_a_poor_rating_opens_the_way_to_the_supervisor_a_good_one_does_not(story):
    told = story().solved()
    told.does("pelapor", "confirm")
    assert told.refused("pelapor", "appeal").code == "tidak_bisa_sekarang"
    told.does("pelapor", "rate", value=2)
    told.does("pelapor", "appeal", text="Tiangnya masih miring.")
    assert (told.ticket.status, told.ticket.agency, told.ticket.rating) == (
        "DIBUKA_KEMBALI",
        "koordinator",
        None,
    )
    assert ("moderators", "banding") in told.told
    content = story().solved()
    content.does("pelapor", "confirm")
    content.does("pelapor", "rate", value=5)
    assert content.refused("pelapor", "appeal").code == "tidak_bisa_sekarang"


def test_after_an_outage_each_rung_still_has_its_days(story):
    told = story()
    due, clock = told.ticket.due_at, told.desk.clock
    told.until(due + timedelta(days=60))
    assert told.refused("sistem", "remind").code == "belum_waktunya"
    told.does("sistem", "due")
    for days in (1, 2, 2, 2):
        at = clock.escalate_at(told.ticket)
        assert at > told.now
        assert clock.calendar.workdays_between(told.now, at) == days
        told.until(at)
        told.does("sistem", "escalate")
    assert clock.escalate_at(told.ticket) is None


def test_in_good_time_the_ladder_counts_from_the_deadline(story):
    told = story()
    due, clock = told.ticket.due_at, told.desk.clock
    told.until(due + timedelta(seconds=5))
    told.does("sistem", "due")
    for days in (1, 3, 5, 7):
        assert clock.escalate_at(told.ticket) == clock.calendar.add_workdays(due, days)
        told.until(clock.escalate_at(told.ticket) + timedelta(seconds=5))
        told.does("sistem", "escalate")


def test_a_referral_waits_for_its_receipt_then_for_the_answer(story):
    told = story(category="listrik", anonymous=True)
    assert (told.ticket.status, told.ticket.agency, told.ticket.due_kind) == (
        "DITERUSKAN",
        "pln",
        "acknowledge",
    )
    history = [event for change in told.changes for event in change.events]
    referral = referral_of(told.ticket, history)
    assert referral.acknowledged == ""
    told.wait(days=1)
    told.does("koordinator", "reply", text="Sudah kami teruskan.")
    assert told.ticket.due_kind == "acknowledge"
    told.until(told.ticket.due_at)
    told.does("sistem", "due")
    assert ("moderators", "lewat_tenggat") in told.told
    assert told.refused("koordinator", "acknowledge").code == "perlu_isi"
    told.does("koordinator", "acknowledge", text="PLN-123")
    assert (told.ticket.due_kind, "TERLAMBAT" in told.ticket.flags) == ("external", False)
    assert ("reporter", "kabar_diterima_luar") in told.told
    history = [event for change in told.changes for event in change.events]
    assert referral_of(told.ticket, history).acknowledged == "PLN-123"


def test_what_is_handed_over_names_nobody(story, policies):
    told = story(category="listrik", anonymous=True)
    referral = referral_of(told.ticket, [event for change in told.changes for event in change.events])
    out = fields(referral, policies)
    assert out["nomor_laporan"] == told.ticket.number
    assert out["instansi_tujuan"] == "PT PLN (Persero)"
    assert told.ticket.reporter not in str(out)
    assert referral_of(story().ticket, []) is None
