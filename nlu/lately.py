"""What was worked out of words lately, kept at hand: people use the same ones."""

from collections.abc import Callable
from typing import Any, TypeVar

Found = TypeVar("Found")
_UNKNOWN: Any = object()

REMEMBERED = 2_000
"""Words that are remembered, with what is known of them 2.5 KB each."""
COMMON = 2
"""Signs of a number that is used by many, as in "RT 03"; a longer one is somebody's own."""


class Lately(dict[str, Found]):
    """What `work` made of a word, remembered while the word is in use; `lately[word]` works it out or has it.

    Words that were not used again while half of `most` others came make room. A ticket's number or a
    telephone's is worked out each time: it hardly comes again, and would take the room of words that do.
    """

    def __init__(self, work: Callable[[Any], Found], most: int = REMEMBERED) -> None:
        super().__init__()
        self._work = work
        self._half = most // 2
        self._older: dict[str, Found] = {}

    def __missing__(self, word: str) -> Found:
        return self.keep(word, word)

    def keep(self, word: str, asked: Any) -> Found:
        """What is made of `asked`, remembered under a word that is not at hand."""
        found: Found = self._older.pop(word, _UNKNOWN)
        if found is _UNKNOWN:
            found = self._work(asked)
        if len(word) <= COMMON or not any(map(str.isdigit, word)):
            if len(self) >= self._half:
                self._older = dict(self)
                self.clear()
            self[word] = found
        return found
