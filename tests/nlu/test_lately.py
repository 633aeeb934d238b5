"""What is known of words stays at hand while they are in use, and never becomes more than it may."""

import gc

import pytest

from nlu.interpreter import Interpreter
from nlu.lately import Lately


@pytest.fixture
def asked() -> list[str]:
    """Every word that was worked out, each time it was."""
    return []


@pytest.fixture
def lately(asked: list[str]) -> Lately[str]:
    def work(word: str) -> str:
        asked.append(word)
        return word.upper()

    return Lately(work, most=10)


def test_a_word_is_worked_out_once(lately: Lately[str], asked: list[str]):
    assert [lately["lampu"], lately["mati"], lately["lampu"]] == ["LAMPU", "MATI", "LAMPU"]
    assert asked == ["lampu", "mati"]


def test_words_in_use_stay_and_others_make_room(lately: Lately[str], asked: list[str]):
    for other in "abcdefghijklmnopqrstuvwxyz":
        assert lately["lampu"] == "LAMPU"
        assert lately[other] == other.upper()
        assert len(lately) + len(lately._older) <= 10
    assert asked.count("lampu") == 1
    assert lately["a"] == "A"
    assert asked.count("a") == 2


def test_nothing_made_of_a_word_is_remembered_too(asked: list[str]):
    nothing = Lately[None](asked.append, most=2)
    for word in ("lampu", "mati", "lampu"):  # each begins a half of its own
        assert nothing[word] is None
    assert asked == ["lampu", "mati"]


@pytest.mark.parametrize("number", ["7k2q9", "08123456789", "2026", "100"])
def test_a_number_of_somebodys_own_takes_no_room(lately: Lately[str], asked: list[str], number: str):
    assert lately[number] == lately[number] == number.upper()
    assert asked == [number, number]
    assert not lately


@pytest.mark.parametrize("number", ["3", "07", "b2"])
def test_a_short_number_is_remembered_like_a_word(lately: Lately[str], asked: list[str], number: str):
    assert lately[number] == lately[number]
    assert asked == [number]


def test_the_numbers_of_a_whole_city_leave_nothing_behind():
    interpreter = Interpreter.load()

    def remembered() -> int:
        return sum(len(one) + len(one._older) for one in gc.get_objects() if isinstance(one, Lately))

    def asks(number: int) -> None:
        interpreter.interpret(f"laporan SLM-26-{number:05d} sampai mana ya, nomor saya 0812{number:07d}")

    asks(0)
    before = remembered()
    for number in range(1, 50):
        asks(number)
    assert before > 0
    assert remembered() == before
