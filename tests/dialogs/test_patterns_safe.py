"""Regular expressions of admins: the useful pass, those that could run for ever are refused."""

import time

import pytest

from dialogs.conditions import ConditionError, compile_condition
from dialogs.domain import Settings
from dialogs.loader import load_bundle
from dialogs.patterns import PatternError, pattern

USEFUL = [
    r"\d+",
    r"^\s*\d{16}\s*$",
    r"rt ?\d{1,3} ?/? ?rw ?\d{1,3}",
    r"(?:jalan|gang|dusun) \w+",
    r"(foo|bar)+",
    r"(\d{2}[.-]){2}\d{4}",
    r"[a-z]+@[a-z]+\.id",
    r"\b(ktp|kk|akta)\b",
    r"^(?!.*rahasia).*$",
    r"(\d{4}) \1",
    Settings().report_number,
]
ENDLESS = [
    r"(a+)+$",
    r"(a*)*b",
    r"(a|a)*b",
    r"(a|aa)+$",
    r"(.*)(.*)(.*)(.*)x",
    r"(\w+\s?)*!",
    r"a?" * 30 + "a" * 30,
    r"(a{0,20}){0,20}$",
    r"((a{1,9})?){1,9}((b{1,9})?){1,9}((c{1,9})?){1,9}$",
]


@pytest.mark.parametrize("text", USEFUL)
def test_what_is_useful_may_be_written(text: str) -> None:
    assert pattern(text).length >= 300


@pytest.mark.parametrize("text", ENDLESS)
def test_what_could_run_for_ever_is_refused(text: str) -> None:
    with pytest.raises(PatternError, match="for ever"):
        pattern(text)
    with pytest.raises(ConditionError, match="for ever"):
        compile_condition(f'slots.a matches "{text}"')


@pytest.mark.parametrize("text", ["(", "[a", "*a", "a{9999999999999999999999}"])
def test_what_is_no_pattern_is_said_so(text: str) -> None:
    with pytest.raises(PatternError, match="no regular expression"):
        pattern(text)


@pytest.mark.parametrize("text", USEFUL)
@pytest.mark.parametrize("letter", ["a", "0", " ", "a ", "a@", "jalan a", "rt 1"])
def test_the_worst_text_takes_less_than_a_second(text: str, letter: str) -> None:
    found = pattern(text)
    begun = time.process_time()
    found.find(letter * 4000)
    assert time.process_time() - begun < 1


def test_the_number_of_the_delivered_dialog_is_found() -> None:
    shape = load_bundle().settings.report_number
    assert pattern(shape).find("cek SLM-26-7K3QX dong")[0] == "SLM-26-7K3QX"
    assert pattern(shape).find("tidak ada") is None
