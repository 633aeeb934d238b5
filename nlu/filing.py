"""Which category and sub-category a report belongs to, best first."""

from collections import defaultdict
from collections.abc import Mapping

import numpy as np

from nlu.data import Data
from nlu.interpretation import CategoryGuess
from nlu.model import Head, Vector, softmax

MOST = 3  # categories offered to choose from


class Filing:
    """Scores the categories, and inside each the sub-categories."""

    def __init__(self, category: Head, subcategory: Head, data: Data) -> None:
        limits: Mapping[str, float] = data.yaml("thresholds.yml")
        self._head, self._sub_head = category, subcategory
        self._least_sub, self._shown = limits["subcategory"], limits["shown"]
        columns: dict[str, list[int]] = defaultdict(list)
        for column, label in enumerate(subcategory.labels):
            columns[label.partition(".")[0]].append(column)
        self._columns = {name: np.array(found) for name, found in columns.items()}

    def guess(self, vector: Vector) -> tuple[CategoryGuess, ...]:
        """Up to three categories worth offering; at least the best one."""
        chances = softmax(self._head.scores(vector))
        order = np.argsort(-chances)[:MOST]
        sub_scores = self._sub_head.scores(vector)
        kept = [at for rank, at in enumerate(order) if rank == 0 or chances[at] >= self._shown]
        return tuple(self._one(vector, int(at), float(chances[at]), sub_scores) for at in kept)

    def _one(self, vector: Vector, label: int, chance: float, sub_scores: np.ndarray) -> CategoryGuess:
        name = self._head.labels[label]
        subcategory = self._subcategory(name, sub_scores)
        return CategoryGuess(name, subcategory, chance, self._head.reasons(vector, label))

    def _subcategory(self, category: str, scores: np.ndarray) -> str:
        columns = self._columns.get(category)
        if columns is None:
            return ""
        chances = softmax(scores[columns])
        best = int(chances.argmax())
        return (
            self._sub_head.labels[columns[best]].partition(".")[2] if chances[best] >= self._least_sub else ""
        )
