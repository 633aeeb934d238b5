"""Where a message tells of one thing and then of another: "lampu jalan mati, terus sampah juga numpuk"."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from nlu.data import Data, DataError
from nlu.interpretation import CategoryGuess

FILE = "matters.yml"
SIGNS = r"[.;!?\n,]+"
FEWEST_WORDS = 5
FEWEST_OF_A_PART = 2
MOST_PIECES = 12
Guess = Callable[[str], Sequence[CategoryGuess]]
"""The categories of a piece of text, the likeliest first."""


class Matters:
    """Parts messages at the words that add something, where both sides surely are of another category."""

    def __init__(self, data: Data) -> None:
        rows = data.yaml(FILE)
        self._sure = _confidence(rows)
        before, inside, idioms = (_words(rows, key) for key in ("before", "inside", "idioms"))
        self._cuts = re.compile(rf"{SIGNS}|(?!{idioms}){before}", re.IGNORECASE)
        self._inside = re.compile(rf"{inside} \w", re.IGNORECASE)

    def parts(self, text: str, guess: Guess) -> list[str]:
        """The message in as many parts as it tells of things, one after the other; all of it for one.

        Args:
            text: the message.
            guess: tells the categories of a part.
        """
        pieces = list(self._pieces(text)) if len(text.split()) >= FEWEST_WORDS else []
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
            best = next(iter(guess(text[start:end])), None) if worded else None
            named = best.category if best and best.confidence >= self._sure else ""
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


def _words(rows: Mapping[str, Any], key: str) -> str:
    """A pattern for any of the words under a key; of none, one that nothing matches."""
    words = rows.get(key)
    if not isinstance(words, list) or not all(isinstance(word, str) and word.strip() for word in words):
        raise DataError(f"{FILE}: {key} is {words!r}; write a list of words, such as [terus, dan]")
    if not words:
        return "(?!)"
    return rf"\b(?:{'|'.join(map(re.escape, sorted(words, key=len, reverse=True)))})\b"
