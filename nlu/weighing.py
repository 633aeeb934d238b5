"""Reading what no single phrase says: a core word, and what the words around it add or take away."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from nlu.data import Data, DataError
from nlu.hostility import Found, Scene
from nlu.phrases import Match

PARTS = ("threshold", "reach", "severity", "core", "more", "around")


@dataclass(frozen=True, slots=True)
class Weighing:
    """The weights of one word list; a core word whose surroundings reach `threshold` is found.

    `reach` is in words. Every list counts once, `more` is for each further list of core words.
    """

    name: str
    threshold: float
    reach: int
    severity: int
    core: Mapping[str, float]
    more: float
    around: Mapping[str, float]

    @classmethod
    def load(cls, data: Data, name: str) -> "Weighing":
        """The weights that stand beside the word lists of `lexicon/NAME.yml`.

        Raises:
            nlu.data.DataError: a weight is missing, or is for a list that is not there.
        """
        file = f"lexicon/{name}.yml"
        content: Mapping[str, Any] = data.yaml(file)
        weights = content.get("weights") or {}
        missing = [part for part in PARTS if part not in weights]
        if missing:
            raise DataError(f"{file}: weights lacks {', '.join(missing)}; add it")
        unknown = (weights["core"].keys() | weights["around"].keys()) - content["lists"].keys()
        if unknown:
            raise DataError(
                f"{file}: weights for {', '.join(sorted(unknown))}, which is no list; name one of lists"
            )
        return cls(name, **{part: weights[part] for part in PARTS})

    def find(self, scene: Scene) -> Iterator[Found]:
        """What weighs enough, with the core word and the words that speak for it."""
        cores = [match for entry in self.core for match in scene.all(f"{self.name}.{entry}")]
        if not cores or self._at_most(scene, cores) < self.threshold:
            return
        for core in cores:
            if scene.harmless(core) or scene.told(core):
                continue
            near = self._near(scene, core)
            if self._weight(core, near) >= self.threshold:
                speaking = (match for match in near.values() if self._of(match) > 0)
                yield self.severity, tuple(sorted({core, *speaking}, key=lambda match: match.first))

    def _at_most(self, scene: Scene, cores: list[Match]) -> float:
        """What the words of a message could weigh at most, wherever they stand."""
        own = {match.entry for match in cores}
        others = (weight for entry, weight in self.around.items() if weight > 0 and self._has(scene, entry))
        return max(self.core[entry] for entry in own) + self.more * (len(own) - 1) + sum(others)

    def _has(self, scene: Scene, entry: str) -> bool:
        return bool(scene.all(f"{self.name}.{entry}"))

    def _near(self, scene: Scene, core: Match) -> dict[str, Match]:
        """The nearest match of every other list within reach, by the list's name."""
        found: dict[str, Match] = {}
        for entry in (*self.core, *self.around):
            matches = [
                match
                for match in scene.all(f"{self.name}.{entry}")
                if _apart(match, core) and _distance(match, core) <= self.reach
            ]
            meant = [match for match in matches if not scene.harmless(match)]
            if entry != core.entry and meant:
                found[entry] = min(meant, key=lambda match: _distance(match, core))
        return found

    def _weight(self, core: Match, near: Mapping[str, Match]) -> float:
        return self.core[core.entry] + sum(self._of(match) for match in near.values())

    def _of(self, match: Match) -> float:
        return self.around.get(match.entry, self.more)


def _apart(one: Match, other: Match) -> bool:
    return one.last < other.first or other.last < one.first


def _distance(one: Match, other: Match) -> int:
    return max(one.first - other.last, other.first - one.last)
