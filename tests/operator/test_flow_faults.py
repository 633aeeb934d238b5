"""Faults of a dialog are read in chat by people who speak Indonesian, with place and remedy."""

import json
from pathlib import Path

import pytest

from bot.operator.fault_words import GAP, said, told
from dialogs.check import check
from dialogs.loader import read_sources
from tests.dialogs.test_faults_page import SAID, said_in

TABLE: dict[str, str] = json.loads(Path("bot/operator/faults.json").read_text())
OF_A_FOLDER = set(said_in(Path("dialogs/loader.py")))
"""What the command line says of a folder; in chat files come one by one."""


@pytest.mark.parametrize("sentence", sorted(set(SAID) - OF_A_FOLDER))
def test_every_sentence_of_the_check_has_its_words(sentence: str):
    filled = sentence.replace(GAP, "x")
    assert said(filled) != filled


@pytest.mark.parametrize(("key", "words"), TABLE.items())
def test_what_is_filled_in_stays(key: str, words: str):
    assert key.count(GAP) == words.count(GAP)


def test_a_fault_is_told_whole():
    sources = read_sources()
    sources["flows/uji.yml"] = "flows:\n  uji:\n    steps:\n      - colect: rw\n        next: EDN\n"
    faults = [one for one in check(sources) if one.file == "flows/uji.yml"]
    words = [told(one, "id") for one in faults]
    assert "flows/uji.yml:4: [uji noop] `colect` tidak ada artinya di sini. Pakai `collect`." in words
    assert any("ia menuju `EDN`, yang bukan langkah alur ini. Pakai salah satu dari" in one for one in words)
    assert [told(one, "en") for one in faults] == [str(one) for one in faults]
