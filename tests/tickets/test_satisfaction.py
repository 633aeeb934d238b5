"""The IKM by its formula: nine elements, each of the same weight, times 25, with n and never from too few."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickets.lives import Life, Step
from tickets.satisfaction import ELEMENTS, answers_in, complete, grade, ikm, surveys

marks = st.fixed_dictionaries({element: st.integers(1, 4) for element in ELEMENTS})


@given(st.lists(marks, min_size=1, max_size=40))
def test_it_is_the_mean_of_the_elements_times_25(answers):
    found = ikm(answers, least=1)
    everything = [value for answer in answers for value in answer.values()]
    assert found.value == pytest.approx(sum(everything) / len(everything) * 25, abs=0.006)
    assert 25 <= found.value <= 100
    assert (found.n, found.grade) == (len(answers), grade(found.value))


def test_each_element_weighs_a_ninth_not_0_11():
    assert ikm([dict.fromkeys(ELEMENTS, 4)], least=1).value == 100


@pytest.mark.parametrize(
    ("value", "letter"),
    [(100, "A"), (88.31, "A"), (88.3, "B"), (76.61, "B"), (76.6, "C"), (65, "C"), (64.99, "D"), (25, "D")],
)
def test_grades_begin_where_the_rule_says(value, letter):
    assert grade(value) == letter


@given(st.lists(marks, max_size=29))
def test_from_too_few_there_is_none_but_their_number(answers):
    found = ikm(answers, least=30)
    assert (found.value, found.n) == (None, len(answers))


def test_only_complete_questionnaires_count_the_last_of_each_ticket():
    at = datetime(2026, 1, 1, tzinfo=UTC)
    full, other = dict.fromkeys(ELEMENTS, 3), dict.fromkeys(ELEMENTS, 4)

    def life(*answers):
        steps = tuple(Step(at, "survey", "SELESAI", "SELESAI", one) for one in answers)
        return Life("n", "pu", "jalan", "pengaduan", "", at, secret=False, steps=steps)

    assert surveys([life(full, other), life({**full, "u9": 5}), life({"u1": 3}), life()]) == [other]


@pytest.mark.parametrize(
    ("said", "first"), [("344433343", 3), ("4, 4, 4, 4, 4, 4, 4, 4, 4", 4), (" 1 2 3 4 1 2 3 4 1 ", 1)]
)
def test_nine_digits_are_nine_answers(said, first):
    assert answers_in(said)["u1"] == first
    assert complete(answers_in(said))


@pytest.mark.parametrize("said", ["", "34443334", "3444333430", "344433345", "semuanya 4"])
def test_anything_else_is_none(said):
    assert answers_in(said) is None


def test_the_reporter_fills_it_in_when_all_is_done(story):
    told = story()
    assert told.refused("pelapor", "survey", text="344433343").code == "tidak_bisa_sekarang"
    told.solved().does("pelapor", "confirm")
    assert told.refused("pelapor", "survey", text="12").code == "survei_sembilan_angka"
    assert told.refused("warga", "survey", text="344433343").code == "tidak_berwenang"
    change = told.does("pelapor", "survey", text="344433343")
    assert change.events[0].data["survey"] == dict(zip(ELEMENTS, (3, 4, 4, 4, 3, 3, 3, 4, 3), strict=True))
