"""Finding the words and phrases of many word lists in one pass.

A pattern is words separated by spaces. `a|b` means either word, `mati*` any word beginning so, `_` a gap
of up to three words. A word matches as written, in standard spelling, or without its clitic (lampune,
lampunya).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from nlu.normalize import CACHED_WORDS, Token

Forms = tuple[str, ...]  # a word as folded, in standard spelling, and without its clitic

GAP = 3
PREFIX = 3  # letters a `word*` pattern is filed under; shorter ones are refused


class Match(NamedTuple):
    """A pattern found at tokens [first, last]."""

    list_name: str
    entry: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class _Word:
    whole: frozenset[str]
    beginnings: tuple[str, ...]

    def fits(self, forms: Forms) -> bool:
        if not self.whole.isdisjoint(forms):
            return True
        return bool(self.beginnings) and any(form.startswith(self.beginnings) for form in forms)


class _Pattern(NamedTuple):
    list_name: str
    entry: str
    words: tuple[_Word | None, ...]  # None is a gap


class Phrases:
    """All word lists in one index; `find` reports every pattern that occurs."""

    def __init__(self, patterns: Iterable[tuple[str, str, str]]) -> None:
        self._whole: dict[str, list[_Pattern]] = defaultdict(list)
        self._beginnings: dict[str, list[_Pattern]] = defaultdict(list)
        self._known = lru_cache(CACHED_WORDS)(self._candidates)
        for list_name, entry, text in patterns:
            self._add(_Pattern(list_name, entry, tuple(_word(word) for word in text.split())))

    def _add(self, pattern: _Pattern) -> None:
        first = pattern.words[0]
        if first is None:
            raise ValueError(f"{pattern.list_name}: a pattern cannot begin with a gap; drop the first _")
        for word in first.whole:
            self._whole[word].append(pattern)
        for key in {beginning[:PREFIX] for beginning in first.beginnings}:
            self._beginnings[key].append(pattern)

    @property
    def words(self) -> frozenset[str]:
        """Every whole word the patterns speak of."""
        patterns = (pattern for filed in self._whole.values() for pattern in filed)
        return frozenset(
            word for pattern in patterns for part in pattern.words if part for word in part.whole
        )

    def find(self, tokens: tuple[Token, ...]) -> tuple[Match, ...]:
        """Every pattern found, in the order of the text."""
        forms = [(token.text, token.norm, token.stem) for token in tokens]
        return tuple(match for first in range(len(forms)) for match in self._starting(forms, first))

    def _starting(self, forms: Sequence[Forms], first: int) -> Iterator[Match]:
        for pattern in self._known(forms[first]):
            last = _rest(pattern.words, 1, forms, first) if len(pattern.words) > 1 else first
            if last is not None:
                yield Match(pattern.list_name, pattern.entry, first, last)

    def _candidates(self, forms: Forms) -> tuple[_Pattern, ...]:
        return tuple(self._filed(forms))

    def _filed(self, forms: Forms) -> Iterator[_Pattern]:
        for form in dict.fromkeys(forms):
            yield from self._whole.get(form, ())
        for key in dict.fromkeys(form[:PREFIX] for form in forms):
            for pattern in self._beginnings.get(key, ()):
                first = pattern.words[0]
                if first is not None and any(form.startswith(first.beginnings) for form in forms):
                    yield pattern


def _rest(words: tuple[_Word | None, ...], index: int, forms: Sequence[Forms], at: int) -> int | None:
    """The token where the pattern ends, given that its words before `index` end at token `at`."""
    if index == len(words):
        return at
    word = words[index]
    if word is None:
        reach = range(at, min(at + GAP, len(forms) - 1) + 1)
        return next(
            (end for skip in reach if (end := _rest(words, index + 1, forms, skip)) is not None), None
        )
    if at + 1 < len(forms) and word.fits(forms[at + 1]):
        return _rest(words, index + 1, forms, at + 1)
    return None


def _word(text: str) -> _Word | None:
    if text == "_":
        return None
    choices = text.lower().split("|")
    beginnings = tuple(choice[:-1] for choice in choices if choice.endswith("*") and len(choice) > PREFIX)
    whole = frozenset(choice for choice in choices if not (choice.endswith("*") and len(choice) > PREFIX))
    return _Word(whole, beginnings)
