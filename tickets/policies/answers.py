"""Answers that are ready to be sent: by category and state, in every language."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from string import Formatter
from typing import get_args

from tickets.policies.reader import Node, Words
from tickets.policies.routing import Routing, categories_of
from tickets.ticket import Status

GAPS = ("nomor", "judul", "kategori", "tempat", "dinas", "opd", "tenggat", "kota")
"""What an answer may leave open; `opd` is the agency's full name, `dinas` its short one."""
CODE = re.compile(r"[a-z0-9_]{1,24}")
OTHER = "lainnya"


@dataclass(frozen=True, slots=True)
class ReadyAnswer:
    """One answer: its name for the staff, its text for the citizen, and when it fits (empty: always)."""

    code: str
    name: Words
    text: Words
    categories: tuple[str, ...] = ()
    states: tuple[str, ...] = ()

    def fits(self, category: str, state: str) -> bool:
        """Whether it suits a report of this category in this state."""
        return (not self.categories or category in self.categories) and (
            not self.states or state in self.states
        )


def read_answers(node: Node, routing: Routing) -> dict[str, ReadyAnswer]:
    """The answers of `answers.yml` by code."""
    node.known("answers")
    return {code: _answer(code, entry, routing) for code, entry in node.at("answers").entries()}


def _answer(code: str, entry: Node, routing: Routing) -> ReadyAnswer:
    entry.known("name", "text", "categories", "states")
    check_code(code, entry)
    answer = ReadyAnswer(
        code,
        entry.words("name"),
        entry.words("text"),
        categories_of(entry, routing, OTHER),
        entry.choices("states", get_args(Status)),
    )
    _check_gaps(answer.text, entry.at("text"))
    return answer


def check_code(code: str, entry: Node) -> None:
    """A code travels in a button: fault one that is too long for it."""
    if not CODE.fullmatch(code):
        entry.fault(
            f"'{code}' cannot name an entry.", "Use at most 24 small letters, digits and underscores."
        )


def _check_gaps(texts: Mapping[str, str], node: Node) -> None:
    """Every gap is one we can fill, and the braces match."""
    for language, text in texts.items():
        try:
            gaps = {name for _, name, _, _ in Formatter().parse(text) if name is not None}
        except ValueError:
            node.fault("A brace has no partner.", "Write gaps as {nomor}.", language)
            continue
        for name in sorted(gaps.difference(GAPS)):
            remedy = f"Use one of: {', '.join(f'{{{gap}}}' for gap in GAPS)}."
            node.fault(f"There is nothing to fill {{{name}}} with.", remedy, language)
