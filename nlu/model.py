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
from nlu.normalize import CACHED_WORDS, Token

HEADS = ("intent", "classification", "category", "subcategory")
FILE = "model/weights.npz"


@dataclass(frozen=True, slots=True)
class Head:
    """One decision: the columns of the scores that belong to it, a label for each."""

    labels: tuple[str, ...]
    columns: slice


@dataclass(frozen=True, slots=True)
class Scored:
    """A message's scores for all heads: calibrated log-odds per label, before normalising.

    `shares` is what each of the word features in `words` adds to them, before it is scaled.
    """

    scores: Any
    words: tuple[str, ...]
    shares: Any

    def of(self, head: Head) -> Any:
        """The scores of one head's labels."""
        return self.scores[head.columns]

    def reasons(self, head: Head, label: int, most: int = 3) -> tuple[str, ...]:
        """The word features that spoke most for a label."""
        shares = self.shares[:, head.columns.start + label].tolist()
        best = sorted(range(len(shares)), key=shares.__getitem__, reverse=True)[:most]
        return tuple(self.words[at] for at in best if shares[at] > 0)


class Vocabulary:
    """Features that were seen often enough in training, each with its rarity.

    The words of a message weigh one in total, and so do its letter groups: those of every word are added up
    and divided by the length that they would have if no two words shared any, which can be told word by word.
    """

    def __init__(self, features: Sequence[str], rarity: Any) -> None:
        self._rows = {feature: row for row, feature in enumerate(features)}
        self.rarity = rarity
        self.squares = rarity * rarity

    def words(self, tokens: tuple[Token, ...], hints: Iterable[str]) -> dict[str, int]:
        """The known word features of a message, each with its row."""
        rows = self._rows
        return {feature: rows[feature] for feature in word_features(tokens, hints) if feature in rows}

    def letters(self, word: str) -> list[int]:
        """The rows of a word's letter groups."""
        rows = self._rows
        return [rows[group] for group in letter_features(word) if group in rows]

    def vector(self, tokens: tuple[Token, ...], hints: Iterable[str]) -> tuple[Any, Any]:
        """A message as rows, some given more than once, and values to be added up."""
        words = np.array(sorted(self.words(tokens, hints).values()), dtype=np.intp)
        groups = [row for word in distinct(tokens) for row in sorted(self.letters(word))]
        letters = np.array(groups, dtype=np.intp)
        values = np.concatenate([self._unit(words), self._unit(letters)])
        return np.concatenate([words, letters]), values

    def _unit(self, rows: Any) -> Any:
        return self.rarity[rows] / scale(self.squares[rows].sum())


def distinct(tokens: tuple[Token, ...]) -> dict[str, None]:
    """The different words of a message, as far as they are looked at, in order."""
    return dict.fromkeys([token.norm for token in tokens[:MOST_WORDS]])


def scale(squares: float) -> float:
    """What to divide by so that values with this sum of squares have length one."""
    return float(squares) ** 0.5 or 1.0


class Model:
    """Everything learnt: the vocabulary, the weights of all heads side by side, and the examples' digest."""

    def __init__(self, vocabulary: Vocabulary, heads: dict[str, Head], weights: Any, examples: str) -> None:
        self.vocabulary, self.heads, self.examples = vocabulary, heads, examples
        self.weights, self.intercept = weights[:-1], weights[-1]
        self._weighed = self.weights * vocabulary.rarity[:, None]
        self._letters = lru_cache(CACHED_WORDS)(self._letters_of)

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
        weights = np.hstack([_weights(arrays, name) for name in HEADS])
        return cls(vocabulary, _heads(arrays), weights, arrays["examples"].tobytes().decode())

    def score(self, tokens: tuple[Token, ...], hints: Iterable[str]) -> Scored:
        """The scores of a message for every label of every head."""
        known = self.vocabulary.words(tokens, hints)
        rows = list(known.values())
        shares = self._weighed[rows]
        words = shares.sum(axis=0) / scale(self.vocabulary.squares[rows].sum())
        return Scored(self.intercept + words + self._of_letters(tokens), tuple(known), shares)

    def _of_letters(self, tokens: tuple[Token, ...]) -> Any:
        known = [self._letters(word) for word in distinct(tokens)]
        if not known:
            return 0.0
        total = np.array([added for added, _ in known]).sum(axis=0)
        return total / scale(sum([squares for _, squares in known]))

    def _letters_of(self, word: str) -> tuple[Any, float]:
        """What a word's letter groups add to the scores before scaling, and their sum of squares."""
        rows = self.vocabulary.letters(word)
        return self._weighed[rows].sum(axis=0), float(self.vocabulary.squares[rows].sum())


def _heads(arrays: dict[str, Any]) -> dict[str, Head]:
    heads, start = {}, 0
    for name in HEADS:
        labels = tuple(arrays[f"{name}_labels"].tobytes().decode().split("\n"))
        heads[name] = Head(labels, slice(start, start + len(labels)))
        start += len(labels)
    return heads


def _weights(arrays: dict[str, Any], name: str) -> Any:
    """The weights of a head, and below them the intercepts."""
    weights = arrays[f"{name}_weights"].astype(np.float32) * arrays[f"{name}_scale"]
    return np.vstack([weights, arrays[f"{name}_intercept"]])


def softmax(scores: Any) -> Any:
    """Scores as probabilities that sum to one."""
    raised = np.exp(scores - scores.max())
    return raised / raised.sum()
