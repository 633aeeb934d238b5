"""Where a message tells of one thing and then of another: "lampu jalan mati, terus sampah juga numpuk"."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from nlu.data import Data, DataError

FILE = "matters.yml"
SIGNS = r"[.;!?\n,]+"
FEWEST_WORDS, MOST_WORDS = 5, 35
"""Of a message that may tell of two things: a longer one is a story, and what it names belongs together."""
FEWEST_OF_A_PART = 2
MOST_PIECES = 12
Guess = Callable[[int, int], tuple[str, float]]
"""The likeliest category of what stands between two places of the text, and how sure it is."""


class Matters:
    """Parts messages at the words that add something, where both sides surely are of another category.

    `words` are what such words begin with: a message without them tells of one thing.
    """

    def __init__(self, data: Data) -> None:
        rows = data.yaml(FILE)
        self._sure = _confidence(rows)
        before, inside, idioms = (_words(rows, key) for key in ("before", "inside", "idioms"))
        self._cuts = re.compile(rf"{SIGNS}|\b(?!{_any(idioms)}){_any(before)}", re.IGNORECASE)
        self._inside = re.compile(rf"\b{_any(inside)} \w", re.IGNORECASE)
        self.words = frozenset(words.split()[0] for words in (*before, *inside))

    def parts(self, text: str, guess: Guess) -> list[str]:
        """The message in as many parts as it tells of things, one after the other; all of it for one.

        Args:
            text: the message.
            guess: tells the likeliest category of a part.
        """
        told = FEWEST_WORDS <= len(text.split()) <= MOST_WORDS
        pieces = list(self._pieces(text)) if told else []
        if not 1 < len(pieces) <= MOST_PIECES:
            return [text]
        return [text[start:end].strip(" ,;\n") for start, end in self._runs(text, pieces, guess)]

    def _pieces(self, text: str) -> list[tuple[int, int]]:
        """What is added with a word for it; what only follows a sign belongs to what stands before it."""
        pieces: list[tuple[int, int]] = []
        for start, end, added in self._clauses(text):
            if pieces and not (added or self._inside.search(text, start, end)):
                pieces[-1] = (pieces[-1][0], end)
            else:
                pieces.append((start, end))
        return pieces

    def _clauses(self, text: str) -> Iterator[tuple[int, int, bool]]:
        """From one sign or adding word to the next, and whether such a word stands before it."""
        start, added = 0, False
        for cut in (*self._cuts.finditer(text), None):
            end = cut.start() if cut else len(text)
            if text[start:end].strip():
                yield start, end, added
                added = False
            if cut:
                start, added = cut.end(), added or cut[0][:1].isalpha()

    def _runs(self, text: str, pieces: Sequence[tuple[int, int]], guess: Guess) -> Iterator[tuple[int, int]]:
        """Pieces in a row that are not surely of another category than the one before, as one."""
        first, held = 0, ""
        for start, end in pieces:
            worded = len(text[start:end].split()) >= FEWEST_OF_A_PART
            category, confidence = guess(start, end) if worded else ("", 0.0)
            named = category if confidence >= self._sure else ""
            if held and named and named != held:
                yield first, start
                first = start
            held = named or held
            last = end
        yield first, last


def _confidence(rows: Any) -> float:
    sure = rows.get("sure") if isinstance(rows, dict) else None
    if isinstance(sure, bool) or not isinstance(sure, int | float) or not 0 <= sure <= 1:
        raise DataError(f"{FILE}: sure is {sure!r}; write a number from 0 to 1, such as 0.85")
    return float(sure)


def _words(rows: Mapping[str, Any], key: str) -> list[str]:
    words = rows.get(key)
    if not isinstance(words, list) or not all(isinstance(word, str) and word.strip() for word in words):
        raise DataError(f"{FILE}: {key} is {words!r}; write a list of words, such as [terus, dan]")
    return words


def _any(words: Sequence[str]) -> str:
    """A pattern for any of the words, to stand where a word begins; of none, one that nothing matches."""
    if not words:
        return "(?!)"
    return rf"(?:{'|'.join(map(re.escape, sorted(words, key=len, reverse=True)))})\b"
