"""Whether somebody may be in danger now: word lists weighed against each other, and what examples taught."""

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from nlu.data import Data, DataError
from nlu.examples import NO_EMERGENCY
from nlu.interpretation import Emergency
from nlu.model import Head, Scored
from nlu.phrases import Match
from nlu.reading import Reading
from nlu.reasons import as_written

FILE = "emergency.yml"
LIST = "emergency"
LIKELY = ".mungkin"
STEEPNESS = 1.6  # how fast confidence grows past the threshold
MOST = 8.0  # log-odds beyond which the learnt counts no more
SHORTEST = 3  # words of a message from which what was learnt may speak for an emergency
CALM = -3.0  # log-odds at most, in a shorter message
CONTEXTS = ("now", "victim", "past", "feared", "asking", "figurative", "harmless")


class _Learnt(NamedTuple):
    """The likeliest kind of emergency, as a label of the head, and the log-odds that it is one."""

    label: int
    chance: float


class Emergencies:
    """Reads emergencies with the weights of a data folder and what was learnt from examples."""

    def __init__(self, data: Data, head: Head) -> None:
        content = data.yaml(FILE)
        self._head, self._calm = head, head.labels.index(NO_EMERGENCY)
        self._share: float = content["learnt"]["share"]
        self._alone_from: float = content["learnt"]["alone"]
        self._kinds: tuple[str, ...] = tuple(content["kinds"])
        self._weights: Mapping[str, float] = content["weights"]
        self._threshold: float = content["threshold"]
        self._alone: frozenset[str] = frozenset(content["alone"])
        self._parts = frozenset(f"{LIST}.{kind}{more}" for kind in self._kinds for more in ("", LIKELY))
        missing = [kind for kind in (*self._kinds, *CONTEXTS) if kind not in content["lists"]]
        if missing:
            raise DataError(f"{FILE}: no list for {', '.join(missing)}; add it under `lists`")

    def find(self, reading: Reading, scored: Scored) -> Emergency | None:
        """The emergency a text speaks of, or None.

        Lists and what was learnt are weighed together; where no list says anything, only the learnt can tell.
        """
        learnt, telling = self._learnt(scored), len(reading.tokens) >= SHORTEST
        if not reading.lacks(self._parts):
            return self._heard(reading, learnt.chance if telling else min(learnt.chance, CALM))
        if not telling or learnt.chance + self._context(reading) < self._alone_from:
            return None
        words = as_written(scored.reasons(self._head, learnt.label), reading) or (reading.shown.strip(),)
        return Emergency(self._head.labels[learnt.label], _confidence(learnt.chance), words)

    def _learnt(self, scored: Scored) -> _Learnt:
        chances = scored.of(self._head).tolist()
        calm, chances[self._calm] = chances[self._calm], -math.inf
        return _Learnt(chances.index(max(chances)), max(chances) - calm)

    def _heard(self, reading: Reading, chance: float) -> Emergency | None:
        """What the word lists say, with the learnt log-odds of an emergency added in part."""
        scores = {kind: self._own(kind, reading) for kind in self._kinds}
        kind = max(scores, key=scores.__getitem__)
        score = scores[kind] + self._context(reading) + self._share * max(-MOST, min(MOST, chance))
        if score < self._threshold:
            return None
        matches = [*_found(reading, kind), *_found(reading, kind + LIKELY)]
        words = tuple(dict.fromkeys(reading.words(match) for match in matches))
        return Emergency(kind, _confidence(STEEPNESS * (score - self._threshold + 0.25)), words)

    def _context(self, reading: Reading) -> float:
        """What the words around speak for and against."""
        return sum(self._weights[context] for context in CONTEXTS if _has(reading, context))

    def _own(self, kind: str, reading: Reading) -> float:
        """What the kind's own words weigh in a message, before any context."""
        certain = {(match.first, match.last) for match in _found(reading, kind)}
        if certain:
            return self._weights["certain"] + (self._weights["more"] if len(certain) > 1 else 0)
        likely = _found(reading, kind + LIKELY)
        if not likely:
            return 0.0
        length = len(reading.tokens)
        whole = kind in self._alone and any(match.last - match.first + 1 == length for match in likely)
        return self._weights["likely"] + (self._weights["alone"] if whole else 0)


def _confidence(odds: float) -> float:
    return 1 / (1 + math.exp(-odds))


def _found(reading: Reading, entry: str) -> Sequence[Match]:
    return reading.part(f"{LIST}.{entry}")


def _has(reading: Reading, entry: str) -> bool:
    return bool(_found(reading, entry))
