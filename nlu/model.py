"""Scoring a message with exported linear weights: no learning library at run time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources.abc import Traversable
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np

from nlu.data import DataError
from nlu.features import MOST_WORDS, letter_features, word_features
from nlu.normalize import Token

HEADS = ("intent", "category", "subcategory")
FILE = "model/weights.npz"
CACHED_WORDS = 20_000  # words whose letter groups are remembered: people use the same ones


@dataclass(frozen=True, slots=True)
class Vector:
    """The known features of a message (rows of the weights) with their values, words before letters."""

    rows: Any
    values: Any
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Head:
    """One decision: a column of weights and an intercept per label; scores are already calibrated."""

    labels: tuple[str, ...]
    weights: Any
    intercept: Any

    def scores(self, vector: Vector) -> Any:
        """Calibrated log-odds per label, before normalising."""
        return vector.values @ self.weights[vector.rows] + self.intercept

    def reasons(self, vector: Vector, label: int, most: int = 3) -> tuple[str, ...]:
        """The word features that spoke most for a label."""
        count = len(vector.words)
        shares = vector.values[:count] * self.weights[vector.rows[:count], label]
        best = sorted(range(count), key=lambda at: -shares[at])[:most]
        return tuple(vector.words[at] for at in best if shares[at] > 0)


class Vocabulary:
    """Features that were seen often enough in training, each with its rarity."""

    def __init__(self, features: Sequence[str], rarity: Any) -> None:
        self._features = features
        self._rows = {feature: row for row, feature in enumerate(features)}
        self._rarity = rarity
        self._letter_rows = lru_cache(CACHED_WORDS)(self._letters_of)

    def vector(self, tokens: tuple[Token, ...], hints: Iterable[str]) -> Vector:
        """A message as rows and values; words and letter groups weigh the same in total."""
        rows = self._rows
        words = sorted([rows[feature] for feature in word_features(tokens, hints) if feature in rows])
        groups = [self._letter_rows(token.norm) for token in tokens[:MOST_WORDS]]
        word_rows = np.array(words, dtype=np.intp)
        letter_rows = np.array(sorted(set().union(*groups)), dtype=np.intp)
        values = np.concatenate([self._unit(word_rows), self._unit(letter_rows)])
        return Vector(
            np.concatenate([word_rows, letter_rows]), values, tuple(self._features[row] for row in words)
        )

    def _letters_of(self, word: str) -> frozenset[int]:
        return frozenset(self._rows[group] for group in letter_features(word) if group in self._rows)

    def _unit(self, rows: Any) -> Any:
        values = self._rarity[rows]
        length = float(values @ values) ** 0.5
        return values / length if length else values


@dataclass(frozen=True, slots=True)
class Model:
    """Everything learnt: the vocabulary, the heads, and the digest of the examples it was learnt from."""

    vocabulary: Vocabulary
    heads: dict[str, Head]
    examples: str

    @classmethod
    def load(cls, file: Path | Traversable) -> "Model":
        """Read a model as `nlu.train` writes it.

        Raises:
            DataError: the file is missing.
        """
        try:
            content = file.read_bytes()
        except FileNotFoundError:
            raise DataError(f"{file}: no model; make one with python -m nlu.train") from None
        with np.load(BytesIO(content)) as stored:
            arrays = {name: stored[name] for name in stored.files}
        features = arrays["features"].tobytes().decode().split("\n")
        vocabulary = Vocabulary(features, arrays["rarity"].astype(np.float32))
        heads = {name: _head(arrays, name) for name in HEADS}
        return cls(vocabulary, heads, arrays["examples"].tobytes().decode())


def _head(arrays: dict[str, Any], name: str) -> Head:
    labels = tuple(arrays[f"{name}_labels"].tobytes().decode().split("\n"))
    weights = arrays[f"{name}_weights"].astype(np.float32) * arrays[f"{name}_scale"]
    return Head(labels, weights, arrays[f"{name}_intercept"])


def softmax(scores: Any) -> Any:
    """Scores as probabilities that sum to one."""
    raised = np.exp(scores - scores.max())
    return raised / raised.sum()
