"""Reading YAML: the same values as the library's own loader gives, with lines; nothing that could hurt."""

import io
import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from dialogs import source
from dialogs.loader import read_sources, read_tests
from dialogs.source import Table, read_yaml

WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"], exclude_characters="?:"), max_size=20
)
PLAIN = st.one_of(st.none(), st.booleans(), st.integers(-(10**12), 10**12), WORDS)
VALUES = st.recursive(
    st.one_of(PLAIN, st.floats(allow_nan=False, allow_infinity=False)),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text("abc_", min_size=1), inner, max_size=4)
    ),
    max_leaves=12,
)


def library(text: str) -> Any:
    return YAML(typ="safe", pure=True).load(text)


@pytest.mark.parametrize("file", [*read_sources(), *read_tests()])
def test_every_delivered_file_reads_as_the_library_reads_it(file: str) -> None:
    text = {**read_sources(), **read_tests()}[file]
    assert read_yaml(file, text) == library(text)


@settings(max_examples=200, deadline=None)
@given(
    st.dictionaries(st.text("abcxyz_", min_size=1), VALUES, max_size=4), st.sampled_from([None, True, False])
)
def test_whatever_is_written_is_read_back(value, flow) -> None:
    writer, text = YAML(typ="safe", pure=True), io.StringIO()
    writer.default_flow_style = flow
    writer.dump(value, text)
    assert read_yaml("x.yml", text.getvalue()) == library(text.getvalue()) == value


ORDINARY = """
    1 -7 +3 1_000 010 1.5 .5 1e3 -2.5E-3 1. ~ null Null true FALSE yes no on off y n
    1.2.3 1-2 12:30 + e5 a1 '1' "true"
"""


@pytest.mark.parametrize("word", [*ORDINARY.split(), ""])
def test_a_plain_word_means_what_it_means_in_yaml(word: str) -> None:
    assert read_yaml("x.yml", f"a: {word}\n")["a"] == library(f"a: {word}\n")["a"]


@pytest.mark.parametrize("word", ["0x1f", "0b1", ".inf", ".nan", "2026-11-22", "!!int 5", "1__0"])
def test_what_no_dialog_needs_is_text(word: str) -> None:
    found = read_yaml("x.yml", f"a: {word}\n")["a"]
    assert isinstance(found, str)
    assert not isinstance(found, float) or math.isfinite(found)


def test_lines_are_kept() -> None:
    table = read_yaml("x.yml", "\na:\n  - b: 1\n    c: 2\n")
    assert (table.line, table.line_of("a")) == (2, 2)
    row = table["a"][0]
    assert isinstance(row, Table)
    assert (row.line, row.line_of("c"), row.line_of("nothing")) == (3, 4, 3)


def test_an_empty_file_is_an_empty_table() -> None:
    assert read_yaml("x.yml", "") == read_yaml("x.yml", "# catatan\n") == {}


def test_the_same_text_is_read_once_and_the_oldest_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "MAX_REMEMBERED", 2_000)
    monkeypatch.setattr(source, "_remembered", source._Remembered())
    first = read_yaml("x.yml", "a: 1\n")
    assert read_yaml("y.yml", "a: 1\n") is first
    for number in range(200):
        read_yaml("x.yml", f"satu: yang lain {number}\n")
    again = read_yaml("x.yml", "a: 1\n")
    assert again is not first
    source.forget()
    assert read_yaml("x.yml", "a: 1\n") is not again


def test_a_yaml_bomb_and_a_huge_file_cost_nothing() -> None:
    bomb = "a: &a [x]\n" + "\n".join(f"b{n}: &b{n} [*a, *a]" for n in range(30))
    for text in (bomb, "x: " + "y" * 10_000_000):
        with pytest.raises(source.FlowFaults):
            read_yaml("x.yml", text)
