"""Policy files mean the same whichever parser reads them."""

import datetime as dt
from importlib.resources import files
from typing import Any

import pytest
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import YAMLError

from tickets.policies.swift import parse

DELIVERED = sorted(file.name for file in (files("tickets") / "data").iterdir() if file.name.endswith(".yml"))
WORDS = """
    1 -7 +3 0 010 0o17 0x1F 1_000 1.5 .5 1e3 -2.5E-3 .inf 1.2.3 1-2 12:30 --- +
    2026-08-17 2026-08-17T10:00:00 20260817 ~ null Null true FALSE yes no on y 'true' "1" <a> ''
"""


def plain(value: Any) -> Any:
    """With lines and the kinds of all values, since 1 equals 1.0 and true."""
    if isinstance(value, CommentedMap):
        return {plain(key): (value.lc.key(key)[0], plain(inside)) for key, inside in value.items()}
    if isinstance(value, CommentedSeq):
        return [(value.lc.item(place)[0], plain(inside)) for place, inside in enumerate(value)]
    kinds = (bool, int, float, str, dt.datetime, dt.date, type(None))
    return next(kind for kind in kinds if isinstance(value, kind)).__name__, str(value)


def library(text: str) -> Any:
    return YAML(typ="rt").load(text)


@pytest.mark.parametrize("file", DELIVERED)
def test_every_delivered_file_reads_as_the_library_reads_it(file: str) -> None:
    text = (files("tickets") / "data" / file).read_text(encoding="utf-8")
    assert plain(parse(text)) == plain(library(text))


@pytest.mark.parametrize("word", [*WORDS.split(), ""])
def test_a_word_means_what_it_means_in_yaml(word: str) -> None:
    text = f"a: {word}\nb:\n  - {word}\n"
    assert plain(parse(text)) == plain(library(text))


@pytest.mark.parametrize(
    "text",
    [
        "a: &x [1, 2]\nb: *x\n",
        "a: 1\n  2\n",
        "a: |\n  eins\n  zwei\nb: >-\n  drei\n\n  vier\n",
        "\ufeffa: 1\n",
        "a: eins\u2028b\n",
        "1: a\n2026-08-17: b\n",
        "",
    ],
)
def test_what_policies_hardly_ever_hold_reads_alike_too(text: str) -> None:
    assert plain(parse(text)) == plain(library(text))


@pytest.mark.parametrize(
    "text", ["a: [1\n", "a: 1\na: 2\n", "a: b: c\n", "a: 1\n---\nb: 2\n", "a: *x\n", "\x00"]
)
def test_what_is_wrong_is_told_in_the_librarys_words(text: str) -> None:
    with pytest.raises(YAMLError) as ours:
        parse(text)
    with pytest.raises(YAMLError) as theirs:
        library(text)
    assert str(ours.value) == str(theirs.value)
