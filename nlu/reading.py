"""A message taken apart once: its words, and every word list entry found in it."""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from nlu.data import Data, DataError
from nlu.interpretation import Span
from nlu.mending import Mender, load_counts
from nlu.normalize import LONGEST_TEXT, Spelling, Token, tokenize
from nlu.phrases import Match, Phrases

_DIGITS = re.compile(r"\d+")
_start = attrgetter("start")

LANGUAGES = "languages.yml"
LIST_FILES = ("emergency.yml", "classification.yml")


@dataclass(frozen=True, slots=True)
class Reading:
    """The words of a text and the list entries found: by the name of the list, and by list and entry."""

    text: str
    tokens: tuple[Token, ...]
    found: Mapping[str, Sequence[Match]]
    parts: Mapping[str, Sequence[Match]]
    digits: int  # how many digits the text has
    norms: list[str]  # the words in standard spelling

    @property
    def shown(self) -> str:
        """The text as far as it is looked at."""
        return self.text[:LONGEST_TEXT]

    def says(self, words: frozenset[str]) -> bool:
        """Whether one of some words, as folded, stands in the text."""
        return not words.isdisjoint([token.text for token in self.tokens])

    def matches(self, list_name: str) -> Sequence[Match]:
        """What was found of one list."""
        return self.found.get(list_name, ())

    def part(self, name: str) -> Sequence[Match]:
        """What was found of one entry of a list, such as `speech.agent`."""
        return self.parts.get(name, ())

    def lacks(self, parts: Collection[str]) -> bool:
        """Whether nothing was found of any of these entries."""
        return self.parts.keys().isdisjoint(parts)

    def span(self, match: Match) -> Span:
        """Where a match stands in the text."""
        return Span(self.tokens[match.first].start, self.tokens[match.last].end)

    def between(self, start: int, end: int) -> range:
        """The places of the words between two places of the text."""
        first = bisect_left(self.tokens, start, key=_start)
        return range(first, bisect_left(self.tokens, end, lo=first, key=_start))

    def words(self, match: Match) -> str:
        """The characters a match covers, as written."""
        span = self.span(match)
        return self.text[span.start : span.end]


class Reader:
    """Takes messages apart with the slang table and all word lists; `words` are all of theirs."""

    def __init__(self, data: Data) -> None:
        slang: dict[str, str] = data.yaml("slang.yml")["words"]
        self._phrases = Phrases(_patterns(data))
        self.words = self._phrases.words | frozenset(slang) | frozenset(slang.values())
        small = " ".join(data.yaml(LANGUAGES)["languages"].values())
        mender = Mender(load_counts(data), self.words | frozenset(small.split()))
        self._spelling = Spelling(slang, mender.mend)

    def read(self, text: str) -> Reading:
        """Words and list entries of a text."""
        tokens = tokenize(text, self._spelling)
        found: dict[str, list[Match]] = defaultdict(list)
        parts: dict[str, list[Match]] = defaultdict(list)
        for match in self._phrases.find(tokens):
            found[match[0]].append(match)
            parts[match[2]].append(match)
        digits = sum(map(len, _DIGITS.findall(text, 0, LONGEST_TEXT)))
        return Reading(text, tokens, found, parts, digits, [token.norm for token in tokens])


def _patterns(data: Data) -> Iterator[tuple[str, str, str]]:
    for file in (*LIST_FILES, *data.folder("lexicon")):
        list_name = file.rsplit("/", 1)[-1].removesuffix(".yml")
        for entry, lines in _lists(data, file).items():
            if not isinstance(lines, str):
                raise DataError(
                    f"{file}: lists.{entry} is no text; write `{entry}: |` and one pattern a line"
                )
            for line in lines.splitlines():
                yield from ((list_name, entry, line.strip()) for _ in (1,) if line.strip())


def _lists(data: Data, file: str) -> Mapping[str, Any]:
    content = data.yaml(file)
    if not isinstance(content, dict) or "lists" not in content:
        raise DataError(f"{file}: no word lists; put them under the key `lists`")
    lists: Mapping[str, Any] = content["lists"]
    return lists
