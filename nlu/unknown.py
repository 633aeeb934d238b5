"""Words nothing was learnt of, counted by how many people use them: what to teach, and nobody's story."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

SHORTEST = 3  # letters


@dataclass(frozen=True, slots=True)
class UnknownWord:
    """A word in standard spelling: of how many people, in how many messages, how many of them missed."""

    word: str
    people: int
    messages: int
    missed: int


@dataclass(slots=True)
class _Use:
    people: set[str] = field(default_factory=set)
    messages: int = 0
    missed: int = 0


@dataclass(slots=True)
class UnknownWords:
    """Counts them message by message."""

    _uses: defaultdict[str, _Use] = field(default_factory=lambda: defaultdict(_Use))

    def take(self, person: str, words: Iterable[str], *, missed: bool) -> None:
        """Count one message's; `missed` if the bot said that it did not understand."""
        for word in set(words):
            use = self._uses[word]
            use.people.add(person)
            use.messages += 1
            use.missed += missed

    def of_many(self, least: int) -> list[UnknownWord]:
        """Those of at least so many people, the most used first: a rarer one could point at somebody."""
        known = (
            UnknownWord(word, len(use.people), use.messages, use.missed)
            for word, use in self._uses.items()
            if len(use.people) >= least
        )
        return sorted(known, key=lambda one: (-one.people, -one.messages, one.word))
