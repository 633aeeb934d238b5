"""A reading that is at hand is the one the interpreter would make anew."""

from datetime import datetime
from pathlib import Path

import pytest

from bot.services.talks.understanding import REMEMBERED, load_interpreter
from nlu.interpreter import Interpreter

SUNDAY, MONDAY = datetime(2026, 11, 22, 9, 30), datetime(2026, 11, 23, 7, 0)  # noqa: DTZ001 the city's own time
SAID = ("", "ya", "Kirim", "lampu mati", "kemarin sore", "lampu jalan depan pasar Godean mati sejak kemarin")


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[Interpreter, Interpreter]:
    return load_interpreter(tmp_path_factory.mktemp("none") / Path("models"), "34.04"), Interpreter.load()


@pytest.mark.parametrize("text", SAID)
def test_it_depends_on_words_question_and_day(both: tuple[Interpreter, Interpreter], text: str):
    remembering, anew = both
    for _ in range(2):
        for asked in (None, "uraian", "lokasi"):
            for day in (None, SUNDAY, MONDAY):
                assert remembering.interpret(text, asked, day) == anew.interpret(text, asked, day)


def test_only_so_many_are_at_hand(both: tuple[Interpreter, Interpreter]):
    remembering, _ = both
    first = remembering.interpret("lampu mati", None, SUNDAY)
    assert remembering.interpret("lampu mati", None, SUNDAY) is first
    for number in range(REMEMBERED):
        remembering.interpret(f"nomor {number}", None, SUNDAY)
    assert remembering.interpret("lampu mati", None, SUNDAY) is not first
