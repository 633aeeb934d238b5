"""Faults of a dialog in the words of whoever reads them in chat; the check itself speaks English."""

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from importlib.resources import files

from dialogs.faults import Fault

GAP = "…"
"""Where the table leaves room for a name or a number, in the same order in both languages."""
AS_CHECKED = "en"


def told(fault: Fault, language: str) -> str:
    """The fault with its place and remedy; in Indonesian for all who do not read English."""
    if language == AS_CHECKED:
        return str(fault)
    return str(replace(fault, text=said(fault.text), remedy=said(fault.remedy)))


def said(sentence: str) -> str:
    """A sentence of the check in Indonesian; as it is where the table does not have it."""
    fitting = ((pattern.fullmatch(sentence), words) for pattern, words in _table())
    return next((_filled(words, found.groups()) for found, words in fitting if found), sentence)


def _filled(words: str, parts: Sequence[str]) -> str:
    pieces = words.split(GAP)
    return "".join(piece + part for piece, part in zip(pieces, (*parts, ""), strict=True))


@cache
def _table() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Those that say most first: others may fit the same sentence."""
    text = files("bot.operator").joinpath("faults.json").read_text(encoding="utf-8")
    rows = sorted(json.loads(text).items(), key=lambda row: -len(row[0].replace(GAP, "")))
    return tuple((_pattern(key), words) for key, words in rows)


def _pattern(key: str) -> re.Pattern[str]:
    return re.compile("(.+?)".join(map(re.escape, key.split(GAP))), re.DOTALL)
