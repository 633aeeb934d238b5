import random
import string
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickets.numbers import ALPHABET, check_number, make_number, parse_number

seeds = st.integers(0, 2**32)
numbers = st.builds(
    lambda seed, year: make_number("SLM", year, random.Random(seed)), seeds, st.integers(2024, 2060)
)


@given(numbers)
def test_a_number_is_valid_and_is_found_in_a_sentence(number):
    assert check_number(number)
    assert parse_number(f"gimana kabar laporan {number}?", "SLM") == number


@given(numbers)
def test_every_single_wrong_sign_is_noticed(number):
    signs = number.replace("-", "")
    for place, right in enumerate(signs):
        for wrong in set(string.ascii_uppercase + string.digits) - {right}:
            assert not check_number(signs[:place] + wrong + signs[place + 1 :])


@given(numbers)
def test_every_swap_of_neighbours_is_noticed(number):
    signs = number.replace("-", "")
    for place, (a, b) in enumerate(pairwise(signs)):
        if a != b:
            assert not check_number(signs[:place] + b + a + signs[place + 2 :])


@given(numbers, st.sampled_from(["{}", "{} ", " {}.", "#{}", "no:{},", "({})"]))
def test_spelling_is_forgiven(number, around):
    prefix, year, code = number.split("-")
    for said in (
        number.lower(),
        f"{prefix} {year} {code}",
        f"{prefix}{year}{code}",
        f"{prefix} - {year} - {' '.join(code)}",
        f"{prefix}\u2013{year}\u2013{code}",
        number.replace("S", "5").replace("L", "1"),
    ):
        assert parse_number(around.format(said), "SLM") == number


@given(numbers)
def test_lookalikes_in_the_code_are_read_as_the_sign_meant(number):
    prefix, year, code = number.split("-")
    said = code.translate(str.maketrans("Q852U", "0BSZV"))
    assert parse_number(f"{prefix}-{year}-{said}", "SLM") == number


@pytest.mark.parametrize(
    "text",
    ["", "lampu mati di jalan magelang km 5", "SLM-26-7XW2", "SLM-26-7XW2TT", "XSLM-26-7XW2T", "BTL-26-7XW2T",
     "SLM-26-7XW2Q", "08123456789"],
)  # fmt: skip
def test_other_texts_hold_no_number(text):
    assert parse_number(text, "SLM") is None


def test_the_same_randomness_gives_the_same_number_and_other_gives_others():
    assert make_number("SLM", 2026, random.Random(7)) == make_number("SLM", 2026, random.Random(7))
    rng = random.Random(7)
    assert len({make_number("SLM", 2026, rng) for _ in range(1000)}) > 990


def test_the_alphabet_has_no_look_alikes():
    assert not set("01OILSZBDGVN") & set(ALPHABET)
    assert len(set(ALPHABET)) == len(ALPHABET)
