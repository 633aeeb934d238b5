"""Words of a chat message, folded so that spelling matters less, each with its place in the original."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from nlu.lately import Lately

LONGEST_TEXT = 4000  # characters that are looked at; more is never needed to tell what a message is about

LEAST_SPACED = 3  # letters that must stand alone before a word may be written apart

_WORD = re.compile(r"[^\W_]+(?:[@$!*][^\W_]+)*")
_STRETCHED = re.compile(r"([^\W\d_])\1{2,}")
_LEET_INSIDE = re.compile(r"[a-z][0134578@$!]+[a-z]")
_LEET = str.maketrans("0134578@$!", "oieastbasi")
_SPACED = re.compile(r"(?<!\w)[^\W\d_](?:([ .\-_])[^\W\d_](?=\1|\W|$)){2,}(?!\w)")
_CLITICS = ("nya", "lah", "kah", "pun", "ku", "mu", "ne", "e")


class Token(NamedTuple):
    """A word: as folded, in standard spelling, without clitics; `start` and `end` point into the text."""

    text: str
    norm: str
    stem: str
    start: int
    end: int


_new = tuple.__new__  # a named tuple's own constructor takes twice as long, and messages have many words


def fold(word: str) -> str:
    """A word in lower case, without accents, stretched letters or digits standing in for letters."""
    if not word.isascii():
        decomposed = unicodedata.normalize("NFKD", word)
        word = "".join(character for character in decomposed if not unicodedata.combining(character))
    word = _STRETCHED.sub(r"\1", word.lower())
    if _LEET_INSIDE.search(word) and not re.search(r"\d\d", word):
        word = word.translate(_LEET)
    return word


def stem(word: str) -> str:
    """A word without the clitic at its end (lampunya, lampune → lampu); short words stay whole."""
    for clitic in _CLITICS:
        if word.endswith(clitic) and len(word) - len(clitic) >= 4:
            return word[: -len(clitic)]
    return word


class Spelling:
    """A slang table, what mends other words, and the forms of every word seen lately."""

    def __init__(self, slang: Mapping[str, str], mend: Callable[[str], str] = str) -> None:
        self._slang, self._mend = slang, mend
        self.forms = Lately(self._forms)

    def _forms(self, raw: str) -> tuple[str, str, str]:
        """A word as folded, in standard spelling, and without clitics."""
        word = fold(raw)
        norm = self._slang.get(word) or self._slang.get(mended := self._mend(word), mended)
        return word, norm, stem(norm)


def tokenize(text: str, spelling: Spelling) -> tuple[Token, ...]:
    """The words of a text in order; letters written apart ("a n j i n g") count as one word."""
    text = text[:LONGEST_TEXT]
    forms, found = spelling.forms, list(_WORD.finditer(text))
    raws = [match[0] for match in found]
    if [*map(len, raws)].count(1) >= LEAST_SPACED:
        spaced = list(_SPACED.finditer(text))
        return tuple([Token(*forms[raw], start, end) for raw, start, end in _words(text, spaced)])
    return tuple([_new(Token, (*forms[raw], *match.span())) for raw, match in zip(raws, found, strict=True)])


def _words(text: str, spaced: list[re.Match[str]]) -> Iterator[tuple[str, int, int]]:
    position = 0
    for match in spaced:
        yield from _plain_words(text, position, match.start())
        yield re.sub(r"[ .\-_]", "", match.group()), match.start(), match.end()
        position = match.end()
    yield from _plain_words(text, position, len(text))


def _plain_words(text: str, start: int, end: int) -> Iterator[tuple[str, int, int]]:
    for match in _WORD.finditer(text, start, end):
        yield match.group(), match.start(), match.end()


def joined(tokens: tuple[Token, ...]) -> str:
    """The words in standard spelling with single spaces: what two spellings of one message share."""
    return " ".join(token.norm for token in tokens)
