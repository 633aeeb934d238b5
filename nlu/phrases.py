"""Finding the words and phrases of many word lists in one pass.

A pattern is words separated by spaces. `a|b` means either word, `mati*` any word beginning so, `_` a gap
of up to three words. A word matches as written, in standard spelling, or without its clitic (lampune,
lampunya).

What a word of a message can begin, and which words of patterns it fits, is worked out once for each word; a
pattern is then tried only where the word it goes on with stands next, or within reach of a gap.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import NamedTuple

from nlu.lately import Lately
from nlu.normalize import Token

Forms = tuple[str, ...]  # a word as folded, in standard spelling, and without its clitic

GAP = 3
AHEAD = GAP + 2  # words, from one on, to where a pattern with a gap after it must have gone on
PREFIX = 3  # letters a `word*` pattern is filed under; shorter ones are refused


class Match(NamedTuple):
    """A pattern found at tokens [first, last]; `part` is its list and entry in one: `speech.agent`."""

    list_name: str
    entry: str
    part: str
    first: int
    last: int


_new = tuple.__new__  # a named tuple's own constructor takes twice as long, and there are many matches
_Place = tuple[str, str, str]  # list, entry and part of a pattern
_Beginnings = tuple[tuple[str, ...], int]  # of words, and the number of the pattern word that means them


@dataclass(frozen=True, slots=True)
class _Word:
    """One word of a pattern: any of some words, or any word with one of some beginnings."""

    whole: frozenset[str]
    beginnings: tuple[str, ...]


class _Pattern(NamedTuple):
    order: int
    place: _Place
    words: tuple[int | None, ...]  # numbers of pattern words; None is a gap


class _Onward(NamedTuple):
    """Patterns that a word begins, by the word they go on with: `words` are the keys of `patterns`."""

    words: frozenset[int]
    patterns: Mapping[int, tuple[_Pattern, ...]]


class _Known(NamedTuple):
    """What a word means to the patterns: those of one word, those that go on, those with gaps.

    `fits` are the words of patterns it can stand for where a pattern goes on, `resumes` those after a gap.
    """

    fits: frozenset[int]
    resumes: frozenset[int]
    alone: tuple[_Pattern, ...]
    places: tuple[_Place, ...]  # of the patterns of one word
    next: _Onward
    later: _Onward


_NOWHERE = _Onward(frozenset(), {})
_UNHEARD = _Known(frozenset(), frozenset(), (), (), _NOWHERE, _NOWHERE)  # most words of a language


class _Numbers:
    """Gives every different word of patterns a number, and tells by what it is found."""

    def __init__(self) -> None:
        self._known: dict[_Word, int] = {}

    def of(self, text: str) -> int | None:
        """The number of a pattern's word; None for a gap."""
        return None if text == "_" else self._known.setdefault(_word(text), len(self._known))

    def whole(self) -> dict[str, tuple[int, ...]]:
        """The numbers of pattern words by the words they mean."""
        found = defaultdict(list)
        for word, number in self._known.items():
            for whole in word.whole:
                found[whole].append(number)
        return {whole: tuple(numbers) for whole, numbers in found.items()}

    def beginnings(self) -> dict[str, tuple[_Beginnings, ...]]:
        """The numbers of pattern words with the beginnings they mean, by the first letters of those."""
        found = defaultdict(list)
        for word, number in self._known.items():
            for key in {beginning[:PREFIX] for beginning in word.beginnings}:
                found[key].append((word.beginnings, number))
        return {key: tuple(numbers) for key, numbers in found.items()}


class _Places(dict[tuple[str, str], _Place]):
    """The place of a list's entry, the same for all its patterns."""

    def of(self, list_name: str, entry: str) -> _Place:
        return self.setdefault((list_name, entry), (list_name, entry, f"{list_name}.{entry}"))


class Phrases:
    """All word lists in one index; `find` reports every pattern that occurs."""

    def __init__(self, patterns: Iterable[tuple[str, str, str]]) -> None:
        numbers, places, begun = _Numbers(), _Places(), defaultdict[int, list[_Pattern]](list)
        for order, (list_name, entry, text) in enumerate(patterns):
            words = tuple(numbers.of(word) for word in text.split())
            if words[0] is None or words[-1] is None:
                raise ValueError(
                    f"{list_name}: a pattern cannot begin with a gap or end with one; drop the _"
                )
            begun[words[0]].append(_Pattern(order, places.of(list_name, entry), words))
        self._begun = {number: tuple(found) for number, found in begun.items()}
        self._whole, self._beginnings = numbers.whole(), numbers.beginnings()
        every = [one.words for found in begun.values() for one in found]
        self._onward = frozenset(word for words in every for word in words[1:] if word is not None)
        self._resuming = frozenset(words[2] for words in every if None in words[1:2])
        self._seen = Lately(self._work_out)

    @property
    def words(self) -> frozenset[str]:
        """Every whole word the patterns speak of."""
        return frozenset(self._whole)

    def find(self, tokens: tuple[Token, ...]) -> list[Match]:
        """Every pattern found, in the order of the text.

        What a word means is remembered by the word as folded: its other forms must always be the same.
        """
        seen = self._seen
        known = [seen.get(token.text) or seen.keep(token.text, token[:3]) for token in tokens]
        resumed = frozenset().union(*[one.resumes for one in known if one.resumes])
        found: list[Match] = []
        for first, (own, following) in enumerate(zip_longest(known, known[1:])):
            gapped = not own.later.words.isdisjoint(resumed)
            begun = _later(own, known[first + 1 : first + AHEAD]) if gapped else []
            if following and not own.next.words.isdisjoint(following.fits):
                begun += _next(own, following)
            if begun:
                found += _whole(begun, known, first)
            elif own.places:
                found += [_new(Match, (*place, first, first)) for place in own.places]
        return found

    def _work_out(self, forms: Forms) -> _Known:
        fits = frozenset(self._fitting(forms))
        if not fits:
            return _UNHEARD
        begun = [pattern for number in fits for pattern in self._begun.get(number, ())]
        longer = [pattern for pattern in begun if len(pattern.words) > 1]
        alone = tuple(sorted(pattern for pattern in begun if len(pattern.words) == 1))
        return _Known(
            fits & self._onward,
            fits & self._resuming,
            alone,
            tuple(pattern.place for pattern in alone),
            _onward((pattern.words[1], pattern) for pattern in longer if pattern.words[1] is not None),
            _onward((pattern.words[2], pattern) for pattern in longer if pattern.words[1] is None),
        )

    def _fitting(self, forms: Forms) -> Iterator[int]:
        for form in set(forms):
            yield from self._whole.get(form, ())
            for beginnings, number in self._beginnings.get(form[:PREFIX], ()):
                if form.startswith(beginnings):
                    yield number


def _onward(begun: Iterable[tuple[int | None, _Pattern]]) -> _Onward:
    patterns: dict[int, list[_Pattern]] = defaultdict(list)
    for word, pattern in begun:
        if word is not None:
            patterns[word].append(pattern)
    if not patterns:
        return _NOWHERE
    return _Onward(frozenset(patterns), {word: tuple(found) for word, found in patterns.items()})


def _next(own: _Known, following: _Known) -> list[_Pattern]:
    """The patterns that a word begins and the word after it goes on with."""
    return [one for word in own.next.words & following.fits for one in own.next.patterns[word]]


def _later(own: _Known, ahead: Sequence[_Known]) -> list[_Pattern]:
    """The patterns that a word begins and one of the words within reach of a gap goes on with."""
    near = frozenset().union(*[one.resumes for one in ahead])
    return [one for word in own.later.words & near for one in own.later.patterns[word]]


def _whole(begun: list[_Pattern], known: Sequence[_Known], first: int) -> list[Match]:
    """What is found at a token: patterns begun there that end somewhere, and those of one word, in order."""
    found = [(one, end) for one in begun if (end := _rest(one.words, 1, known, first)) is not None]
    if not found:
        return [Match(*place, first, first) for place in known[first].places]
    found += [(one, first) for one in known[first].alone]
    return [Match(*one.place, first, last) for one, last in sorted(found)]


def _rest(words: tuple[int | None, ...], index: int, known: Sequence[_Known], at: int) -> int | None:
    """The token where the pattern ends, given that its words before `index` end at token `at`."""
    if index == len(words):
        return at
    word = words[index]
    if word is not None:
        fits = at + 1 < len(known) and word in known[at + 1].fits
        return _rest(words, index + 1, known, at + 1) if fits else None
    for skip in range(at, min(at + GAP, len(known) - 1) + 1):
        end = _rest(words, index + 1, known, skip)
        if end is not None:
            return end
    return None


def _word(text: str) -> _Word:
    choices = text.lower().split("|")
    beginnings = tuple(choice[:-1] for choice in choices if choice.endswith("*") and len(choice) > PREFIX)
    whole = frozenset(choice for choice in choices if not (choice.endswith("*") and len(choice) > PREFIX))
    return _Word(whole, beginnings)
