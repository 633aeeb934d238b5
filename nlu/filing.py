"""Which category and sub-category a report belongs to, best first."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from nlu.data import Data
from nlu.interpretation import CategoryGuess
from nlu.model import Head, Scored, softmax

MOST = 3  # categories offered to choose from


class Filing:
    """Scores the categories, and inside each the sub-categories."""

    def __init__(self, category: Head, subcategory: Head, data: Data) -> None:
        limits: Mapping[str, float] = data.yaml("thresholds.yml")
        self._head, self._sub_head = category, subcategory
        self._least_sub, self._shown = limits["subcategory"], limits["shown"]
        self._columns = _by_category(subcategory.labels)
        self._names = tuple(label.partition(".")[2] for label in subcategory.labels)

    def guess(self, scored: Scored) -> tuple[CategoryGuess, ...]:
        """Up to three categories worth offering; at least the best one."""
        chances = softmax(scored.of(self._head))
        order = (-chances).argsort()[:MOST].tolist()
        kept = [at for rank, at in enumerate(order) if rank == 0 or chances[at] >= self._shown]
        return tuple(self._one(scored, at, float(chances[at])) for at in kept)

    def likeliest(self, scored: Scored) -> tuple[str, float]:
        """The best category, and how sure it is."""
        chances = softmax(scored.of(self._head))
        best = int(chances.argmax())
        return self._head.labels[best], float(chances[best])

    def _one(self, scored: Scored, label: int, chance: float) -> CategoryGuess:
        name = self._head.labels[label]
        subcategory = self._subcategory(name, scored.of(self._sub_head))
        return CategoryGuess(name, subcategory, chance, scored.reasons(self._head, label))

    def _subcategory(self, category: str, scores: Any) -> str:
        columns = self._columns.get(category)
        if columns is None:
            return ""
        few = scores[columns].tolist()
        most = max(few)
        sure = self._least_sub * sum([math.exp(score - most) for score in few]) <= 1
        return self._names[columns.start + few.index(most)] if sure else ""


def _by_category(labels: Sequence[str]) -> dict[str, slice]:
    """Where each category's sub-categories stand: next to each other, since labels are in order."""
    names = [label.partition(".")[0] for label in labels]
    return {name: slice(names.index(name), names.index(name) + names.count(name)) for name in set(names)}
