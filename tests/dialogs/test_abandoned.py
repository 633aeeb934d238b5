"""What becomes of questions, counted from traces: every question put has exactly one end."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.abandoned import Exchange, Ledger, Tally, questions
from dialogs.loader import load_bundle

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
WHERE, PHOTO = "utter_ask_lokasi", "utter_ask_bukti"


@pytest.fixture(scope="module")
def asks():
    return questions(load_bundle().flows.values())


def turn(*happened, at=0, talk="a"):
    return Exchange(talk, NOON + at * HOUR, tuple(list(one) for one in happened))


def said(name):
    return ("BotUttered", name)


def counted(asks, *turns, until=2):
    ledger = Ledger(asks, DAY)
    for one in turns:
        ledger.take(one)
    ledger.close(NOON + until * HOUR)
    return ledger.tallies


def test_an_answer_leads_on(asks):
    found = counted(asks, turn(said(WHERE)), turn(("StepRun", "lapor.lokasi", ""), said(PHOTO), at=1))
    assert found == {WHERE: Tally(reached=1, answered=1), PHOTO: Tally(reached=1, waiting=1)}


def test_a_question_repeated_is_still_the_same_one(asks):
    found = counted(
        asks,
        turn(said(WHERE)),
        turn(said("utter_lokasi_belum_ketemu"), said(WHERE), at=1),
        turn(("FlowEnded", "lapor", "cancelled"), said("utter_dibatalkan"), at=2),
    )
    assert found == {WHERE: Tally(reached=1, again=1, cancelled=1)}


def test_a_rejected_answer_is_no_answer(asks):
    found = counted(
        asks,
        turn(said("utter_ask_uraian")),
        turn(
            ("StepRun", "lapor.uraian", "slots.uraian.length < 15"), said("utter_uraian_terlalu_pendek"), at=1
        ),
    )
    assert found == {"utter_ask_uraian": Tally(reached=1, again=1, waiting=1)}


def test_silence_is_told_from_waiting_and_from_other_matters(asks):
    other = turn(said("utter_status_laporan"), at=1)
    assert counted(asks, turn(said(WHERE)), until=30)[WHERE] == Tally(reached=1, silent=1)
    assert counted(asks, turn(said(WHERE)), turn(said(WHERE), at=30), until=31)[WHERE] == Tally(
        reached=2, silent=1, waiting=1
    )
    assert counted(asks, turn(said(WHERE)), other)[WHERE] == Tally(reached=1, left=1)


EVENTS = st.sampled_from(
    [
        said(WHERE),
        said(PHOTO),
        said("utter_apa"),
        ("StepRun", "lapor.lokasi", ""),
        ("FlowEnded", "lapor", "cancelled"),
    ]
)
TURNS = st.lists(
    st.tuples(st.lists(EVENTS, max_size=3), st.integers(0, 40), st.sampled_from("ab")), max_size=12
)


@given(turns=TURNS)
def test_every_question_put_has_one_end(asks, turns):
    at, played = 0, []
    for happened, gap, talk in turns:
        at += gap
        played.append(turn(*happened, at=at, talk=talk))
    for tally in counted(asks, *played, until=at + 1).values():
        ends = tally.answered + tally.cancelled + tally.silent + tally.left + tally.waiting
        assert tally.reached == ends
