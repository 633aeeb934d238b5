"""Whether somebody may be in danger now: word lists weighed against what speaks for and against it."""

import math
from collections.abc import Mapping, Sequence

from nlu.data import Data, DataError
from nlu.interpretation import Emergency
from nlu.phrases import Match
from nlu.reading import Reading

FILE = "emergency.yml"
LIST = "emergency"
LIKELY = ".mungkin"
STEEPNESS = 1.6  # how fast confidence grows past the threshold
CONTEXTS = ("now", "victim", "past", "feared", "asking", "figurative", "harmless")


class Emergencies:
    """Reads emergencies with the weights of a data folder."""

    def __init__(self, data: Data) -> None:
        content = data.yaml(FILE)
        self._kinds: tuple[str, ...] = tuple(content["kinds"])
        self._weights: Mapping[str, float] = content["weights"]
        self._threshold: float = content["threshold"]
        self._alone: frozenset[str] = frozenset(content["alone"])
        self._parts = frozenset(f"{LIST}.{kind}{more}" for kind in self._kinds for more in ("", LIKELY))
        missing = [kind for kind in (*self._kinds, *CONTEXTS) if kind not in content["lists"]]
        if missing:
            raise DataError(f"{FILE}: no list for {', '.join(missing)}; add it under `lists`")

    def find(self, reading: Reading) -> Emergency | None:
        """The emergency a text speaks of, or None."""
        if reading.lacks(self._parts):
            return None
        scores = {kind: self._own(kind, reading) for kind in self._kinds}
        kind = max(scores, key=scores.__getitem__)
        if not scores[kind]:
            return None
        score = scores[kind] + sum(self._weights[context] for context in CONTEXTS if _has(reading, context))
        if score < self._threshold:
            return None
        confidence = 1 / (1 + math.exp(-STEEPNESS * (score - self._threshold + 0.25)))
        matches = [*_found(reading, kind), *_found(reading, kind + LIKELY)]
        return Emergency(kind, confidence, tuple(dict.fromkeys(reading.words(match) for match in matches)))

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


def _found(reading: Reading, entry: str) -> Sequence[Match]:
    return reading.part(f"{LIST}.{entry}")


def _has(reading: Reading, entry: str) -> bool:
    return bool(_found(reading, entry))
