"""Whether somebody may be in danger now: word lists weighed against what speaks for and against it."""

import math
from collections import defaultdict
from collections.abc import Mapping

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
        missing = [kind for kind in (*self._kinds, *CONTEXTS) if kind not in content["lists"]]
        if missing:
            raise DataError(f"{FILE}: no list for {', '.join(missing)}; add it under `lists`")

    def find(self, reading: Reading) -> Emergency | None:
        """The emergency a text speaks of, or None."""
        found: dict[str, list[Match]] = defaultdict(list)
        for match in reading.matches(LIST):
            found[match.entry].append(match)
        scores = {kind: self._own(kind, found, len(reading.tokens)) for kind in self._kinds}
        kind = max(scores, key=lambda name: scores[name])
        if not scores[kind]:
            return None
        score = scores[kind] + sum(self._weights[context] for context in CONTEXTS if found.get(context))
        if score < self._threshold:
            return None
        confidence = 1 / (1 + math.exp(-STEEPNESS * (score - self._threshold + 0.25)))
        matches = [*found.get(kind, ()), *found.get(kind + LIKELY, ())]
        return Emergency(kind, confidence, tuple(dict.fromkeys(reading.words(match) for match in matches)))

    def _own(self, kind: str, found: Mapping[str, list[Match]], length: int) -> float:
        """What the kind's own words weigh in a message of so many words, before any context."""
        certain = {(match.first, match.last) for match in found.get(kind, ())}
        if certain:
            return self._weights["certain"] + (self._weights["more"] if len(certain) > 1 else 0)
        likely = found.get(kind + LIKELY)
        if not likely:
            return 0.0
        whole = kind in self._alone and any(match.last - match.first + 1 == length for match in likely)
        return self._weights["likely"] + (self._weights["alone"] if whole else 0)
