"""Scoring a message with exported linear weights: no learning library at run time."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from nlu.data import DataError
from nlu.features import MOST_WORDS, SHORT, WORD, letter_features, whole
from nlu.lately import Lately
from nlu.normalize import Token

HEADS = ("intent", "classification", "category", "subcategory", "emergency")
FILE = "model/weights.npz"


@dataclass(frozen=True, slots=True)
class Head:
    """One decision: the columns of the scores that belong to it, a label for each."""

    labels: tuple[str, ...]
    columns: slice


@dataclass(frozen=True, slots=True)
class Scored:
    """A message's scores for all heads: calibrated log-odds per label, before normalising.

    What each of the word features in `rows` of the vocabulary adds to a label is its weight there times its
    rarity, the same factor for the whole label aside.
    """

    scores: Any
    rows: Sequence[int]
    weights: Any  # of the rows
    rarity: Any  # of the rows
    features: Sequence[str]  # of the vocabulary

    def of(self, head: Head) -> Any:
        """The scores of one head's labels."""
        return self.scores[head.columns]

    def reasons(self, head: Head, label: int, most: int = 3) -> tuple[str, ...]:
        """The word features that spoke most for a label."""
        shares = self.weights[:, head.columns.start + label] * self.rarity
        best = (-shares).argsort(kind="stable")[:most].tolist()
        return tuple([self.features[self.rows[at]] for at in best if shares[at] > 0])


class Vocabulary:
    """Features that were seen often enough in training, each with its rarity.

    The words of a message weigh one in total, and so do its letter groups: those of every word are added up
    and divided by the length that they would have if no two words shared any, which can be told word by word.
    """

    def __init__(self, features: Sequence[str], rarity: Any) -> None:
        self.features, self.rarity = features, rarity
        self.squares = rarity * rarity
        self._rows = {feature: row for row, feature in enumerate(features)}
        self._words, self._pairs = _by_word(self._rows)

    def knows(self, word: str) -> bool:
        """Whether a word was seen often enough to be weighed."""
        return word in self._words

    def words(self, tokens: tuple[Token, ...], hints: Iterable[str]) -> list[int]:
        """The rows of a message's known word features, as `word_features` has them.

        Words are looked up as they are and pairs word by word: nothing is put together that is not known.
        """
        words = [token.norm for token in tokens[:MOST_WORDS]]
        row_of = self._rows.get
        rows = [*map(self._words.get, words)]
        pairs = zip(map(self._pairs.get, words), words[1:], strict=False)
        rows += [known.get(word) for known, word in pairs if known]
        rows += [row_of(hint) for hint in hints]
        if len(words) <= SHORT:
            rows.append(row_of(whole(words)))
        return [row for row in dict.fromkeys(rows) if row is not None]

    def letters(self, word: str) -> list[int]:
        """The rows of a word's letter groups."""
        rows = self._rows
        return [rows[group] for group in letter_features(word) if group in rows]

    def vector(self, tokens: tuple[Token, ...], hints: Iterable[str]) -> tuple[Any, Any]:
        """A message as rows, some given more than once, and values to be added up."""
        words = np.array(sorted(self.words(tokens, hints)), dtype=np.intp)
        groups = [row for word in distinct(tokens) for row in sorted(self.letters(word))]
        letters = np.array(groups, dtype=np.intp)
        values = np.concatenate([self._unit(words), self._unit(letters)])
        return np.concatenate([words, letters]), values

    def _unit(self, rows: Any) -> Any:
        return self.rarity[rows] / scale(self.squares[rows].sum())


def _by_word(rows: Mapping[str, int]) -> tuple[dict[str, int], dict[str, dict[str, int]]]:
    """The rows of words, and of pairs of them by the first word, then the second.

    A word in standard spelling may be two (`dimana` is `di mana`), so a feature is under each way to part it.
    """
    alone: dict[str, int] = {}
    pairs: dict[str, dict[str, int]] = defaultdict(dict)
    for feature, row in rows.items():
        if feature[0] == WORD:
            words = feature[1:].split(" ")
            alone[feature[1:]] = row
            for parted in range(1, len(words)):
                pairs[" ".join(words[:parted])][" ".join(words[parted:])] = row
    return alone, dict(pairs)


def distinct(tokens: tuple[Token, ...]) -> dict[str, None]:
    """The different words of a message, as far as they are looked at, in order."""
    return dict.fromkeys([token.norm for token in tokens[:MOST_WORDS]])


def scale(squares: float) -> float:
    """What to divide by so that values with this sum of squares have length one."""
    return float(squares) ** 0.5 or 1.0


class Weights(NamedTuple):
    """The weights of all heads side by side, in whole steps of one signed byte: rows of features.

    A message touches some hundred rows anywhere among them: bytes take a quarter of the way from memory.
    """

    steps: Any  # [features, labels]
    step: Any  # what one is worth, by label
    intercept: Any


class Model:
    """Everything learnt: the vocabulary, the weights, and the examples' digest."""

    def __init__(
        self, vocabulary: Vocabulary, heads: dict[str, Head], weights: Weights, examples: str
    ) -> None:
        self.vocabulary, self.heads, self.examples = vocabulary, heads, examples
        self._steps, self._step, self.intercept = weights
        self._letters = Lately(self._letters_of)

    @property
    def weights(self) -> Any:
        """All weights, a row for each feature and a column for each label."""
        return self._steps * self._step

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
        parts = ([arrays[f"{name}_{part}"] for name in HEADS] for part in ("weights", "scale", "intercept"))
        weights = Weights(*(np.concatenate(part, axis=-1) for part in parts))
        return cls(vocabulary, _heads(arrays), weights, arrays["examples"].tobytes().decode())

    def score(self, tokens: tuple[Token, ...], hints: Iterable[str]) -> Scored:
        """The scores of a message for every label of every head."""
        rows = self.vocabulary.words(tokens, hints)
        weights, rarity = self._steps.take(rows, axis=0), self.vocabulary.rarity.take(rows)
        words = rarity @ weights / scale(rarity @ rarity)
        scores = self.intercept + self._step * (words + self._of_letters(tokens))
        return Scored(scores, rows, weights, rarity, self.vocabulary.features)

    def _of_letters(self, tokens: tuple[Token, ...]) -> Any:
        known = [self._letters[word] for word in distinct(tokens)]
        if not known:
            return 0.0
        added = np.concatenate([added for added, _ in known])
        squares = sum([squares for _, squares in known])
        return added.reshape(len(known), -1).sum(axis=0) / scale(squares)

    def _letters_of(self, word: str) -> tuple[Any, float]:
        """What a word's letter groups add to the scores in steps before scaling, and their sum of squares."""
        rows = self.vocabulary.letters(word)
        rarity = self.vocabulary.rarity.take(rows)
        return rarity @ self._steps.take(rows, axis=0), float(rarity @ rarity)


def _heads(arrays: dict[str, Any]) -> dict[str, Head]:
    heads, start = {}, 0
    for name in HEADS:
        labels = tuple(arrays[f"{name}_labels"].tobytes().decode().split("\n"))
        heads[name] = Head(labels, slice(start, start + len(labels)))
        start += len(labels)
    return heads


def softmax(scores: Any) -> Any:
    """Scores as probabilities that sum to one."""
    raised = np.exp(scores - scores.max())
    return raised / raised.sum()
