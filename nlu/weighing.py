"""Reading what no single phrase says: a core word, and what the words around it add or take away."""

from collections.abc import Iterator, Mapping, Sequence
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
    parts: Mapping[str, str]  # of each list, its name for a scene

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
        parts = {entry: f"{name}.{entry}" for entry in (*weights["core"], *weights["around"])}
        return cls(name, **{part: weights[part] for part in PARTS}, parts=parts)

    def find(self, scene: Scene) -> Iterator[Found]:
        """What weighs enough, with the core word and the words that speak for it."""
        own = [entry for entry in self.core if scene.all(self.parts[entry])]
        if not own or self._at_most(scene, own) < self.threshold:
            return
        for core in (match for entry in own for match in scene.all(self.parts[entry])):
            if scene.harmless(core) or scene.told(core):
                continue
            near = self._near(scene, core)
            if self._weight(core, near) >= self.threshold:
                speaking = (match for match in near.values() if self._of(match) > 0)
                yield self.severity, tuple(sorted({core, *speaking}, key=lambda match: match.first))

    def _at_most(self, scene: Scene, own: Sequence[str]) -> float:
        """What the words of a message could weigh at most, wherever they stand, given its core entries."""
        others = [
            weight for entry, weight in self.around.items() if weight > 0 and scene.all(self.parts[entry])
        ]
        return max([self.core[entry] for entry in own]) + self.more * (len(own) - 1) + sum(others)

    def _near(self, scene: Scene, core: Match) -> dict[str, Match]:
        """The nearest match of every other list within reach, by the list's name."""
        found: dict[str, Match] = {}
        for entry in (*self.core, *self.around):
            matches = [
                match
                for match in scene.all(self.parts[entry])
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
