"""Learn the linear models from the examples and write them, and the compiled word lists, beside the data.

python -m nlu.train [nlu_data]

Categories are logistic regression plus a share of complement naive Bayes: the one weighs words against each
other, the other holds up for words seen a few times only. Both are linear, so a head is one matrix. Intents
are short phrases, told apart better by regression alone.
"""

import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from joblib import Parallel, delayed  # type: ignore[import-untyped]
from scipy.optimize import minimize_scalar  # type: ignore[import-untyped]
from scipy.sparse import csr_matrix  # type: ignore[import-untyped]
from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]
from sklearn.model_selection import StratifiedKFold  # type: ignore[import-untyped]
from sklearn.naive_bayes import ComplementNB  # type: ignore[import-untyped]

from nlu.data import COMPILED, Data
from nlu.examples import NO_EMERGENCY, Example, examples_digest, load_examples
from nlu.features import letter_features, word_features
from nlu.hints import hints
from nlu.intents import REPORT, WISH
from nlu.mending import FILE as WORDS
from nlu.mending import written
from nlu.model import FILE, Vocabulary
from nlu.normalize import Spelling, tokenize
from nlu.reading import Reader, Reading

RAREST_LETTERS = 3  # messages a letter group must occur in
RAREST_WORDS = 2
SMOOTHING = 1.0  # of naive Bayes
FOLDS = 4
SUB = "."  # between category and sub-category in a label
WORKERS = 2  # heads learnt at a time
LARGEST = 127  # weights are kept as signed bytes


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a head is fitted, chosen by cross-validation on the examples.

    `strength` is the inverse of the regularisation, `balance` runs from 0 (every message counts alike) to 1
    (every label), `share` is that of naive Bayes in the sum. `hinted` says that hints flatter the older
    examples, so that fresh ones alone set the scale of confidences.
    """

    strength: float
    balance: float
    share: float
    hinted: bool = True


PHRASES = Recipe(strength=8.0, balance=0.9, share=0.0)
SUBJECTS = Recipe(strength=1.0, balance=0.5, share=2.5)
CLASSES = Recipe(strength=4.0, balance=1.0, share=0.0)
DANGERS = Recipe(strength=16.0, balance=0.5, share=0.0, hinted=False)


Task = tuple[list[int], Callable[[Example], str], Recipe]
"""The examples a head is learnt on, the label each has, and how."""


@dataclass(frozen=True, slots=True)
class Learnt:
    """One head: labels, weights [features, labels], intercepts, and its scores on examples left out."""

    labels: tuple[str, ...]
    weights: Any
    intercept: Any
    left_out: float


@dataclass(frozen=True, slots=True)
class _Linear:
    """Scores as a matrix of weights [features, labels] and intercepts."""

    weights: Any
    intercept: Any

    def scores(self, matrix: Any) -> Any:
        return matrix @ self.weights + self.intercept


def train(data: Data, corrections: Sequence[Example] = ()) -> dict[str, Any]:
    """The arrays of a model file, learnt from the data's examples and what people corrected."""
    examples, reader = (*load_examples(data), *corrections), Reader(data)
    readings = [reader.read(example.text) for example in examples]
    features, rarity = vocabulary(readings)
    matrix = vectors(Vocabulary(features, rarity), readings)
    reports = [at for at, example in enumerate(examples) if example.category]
    placed = [at for at in reports if examples[at].subcategory]
    wanted = [at for at, example in enumerate(examples) if example.intent]
    classed = [at for at, example in enumerate(examples) if example.classification]
    learnt_on = {
        "subcategory": (placed, _sublabel, SUBJECTS),
        "category": (reports, lambda example: example.category, SUBJECTS),
        "intent": (wanted, _wanted, PHRASES),
        "classification": (classed, lambda example: example.classification, CLASSES),
        "emergency": (list(range(len(examples))), _danger, DANGERS),
    }
    heads = _learn_all(matrix, examples, learnt_on)
    return {
        "features": _text("\n".join(features)),
        "rarity": rarity.astype(np.float16),
        "examples": _text(examples_digest(data)),
        **{key: value for name, head in heads.items() for key, value in stored(name, head).items()},
    }


def vocabulary(readings: Sequence[Reading]) -> tuple[list[str], Any]:
    """Features worth keeping, and how rare each is (inverse document frequency)."""
    counts: Counter[str] = Counter()
    letters: Counter[str] = Counter()
    for reading in readings:
        counts.update(word_features(reading.tokens, hints(reading)).keys())
        words = {token.norm for token in reading.tokens}
        letters.update(set().union(*(letter_features(word) for word in words)))
    kept = sorted(
        feature for feature, count in counts.items() if count >= RAREST_WORDS or feature[0] in "chm"
    )
    kept += sorted(feature for feature, count in letters.items() if count >= RAREST_LETTERS)
    seen = np.array([counts[feature] or letters[feature] for feature in kept], dtype=np.float64)
    return kept, (np.log((1 + len(readings)) / (1 + seen)) + 1).astype(np.float16).astype(np.float32)


def vectors(words: Vocabulary, readings: Sequence[Reading]) -> Any:
    """All messages as one sparse matrix."""
    pairs = [words.vector(reading.tokens, hints(reading)) for reading in readings]
    ends = np.cumsum([0, *(len(rows) for rows, _ in pairs)])
    columns = np.concatenate([rows for rows, _ in pairs])
    values = np.concatenate([values for _, values in pairs])
    matrix = csr_matrix((values, columns, ends), shape=(len(pairs), len(words.rarity)))
    matrix.sum_duplicates()
    return matrix


def learn(matrix: Any, names: Sequence[str], fresh: Any, recipe: Recipe) -> Learnt:
    """Fit one head; its scores are scaled so that confidences hold on examples it has not seen.

    Where there are fresh examples they alone set that scale: the hints were written with the others in
    view, and flatter them.
    """
    labels, truth = np.unique(names, return_inverse=True)
    judged = fresh if recipe.hinted and fresh.any() else np.full(len(fresh), fill_value=True)
    unseen, right = left_out(matrix, truth, recipe)[judged], truth[judged]
    heat = temperature(unseen, right)
    hit = float((unseen.argmax(axis=1) == right).mean())
    whole = _fit(matrix, truth, len(labels), recipe)
    return Learnt(tuple(labels.tolist()), whole.weights / heat, whole.intercept / heat, hit)


def left_out(matrix: Any, truth: Any, recipe: Recipe) -> Any:
    """Scores of every example by a model that has not seen it."""
    width = int(truth.max()) + 1
    scores = np.zeros((len(truth), width))
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=0)
    for seen, unseen in folds.split(np.zeros(len(truth)), truth):
        scores[unseen] = _fit(matrix[seen], truth[seen], width, recipe).scores(matrix[unseen])
    return scores


def _fit(matrix: Any, truth: Any, width: int, recipe: Recipe) -> _Linear:
    """Both models as one; a label these examples lack gets a score nothing reaches."""
    counts = np.bincount(truth, minlength=width)
    known = np.flatnonzero(counts)
    weight = {at: (counts[known].mean() / counts[at]) ** recipe.balance for at in known}
    logistic = LogisticRegression(C=recipe.strength, max_iter=200, tol=1e-3, class_weight=weight)
    logistic.fit(matrix, truth)
    bayes = ComplementNB(alpha=SMOOTHING).fit(matrix, truth)
    weights = np.zeros((matrix.shape[1], width))
    weights[:, known] = logistic.coef_.T + recipe.share * _centred(bayes.feature_log_prob_.T)
    intercept = np.full(width, -1e3)
    intercept[known] = logistic.intercept_
    return _Linear(weights, intercept)


def _centred(weights: Any) -> Any:
    """Weights about zero for every feature: only their differences count, and small ones keep better."""
    return weights - weights.mean(axis=1, keepdims=True)


def _learn_all(matrix: Any, examples: Sequence[Example], tasks: Mapping[str, Task]) -> dict[str, Learnt]:
    """Every head, two at a time where there are two cores, the one that takes longest first."""
    jobs = []
    for rows, label, recipe in tasks.values():
        chosen = [examples[at] for at in rows]
        jobs.append(delayed(learn)(matrix[rows], [label(one) for one in chosen], _fresh(chosen), recipe))
    return dict(zip(tasks, Parallel(n_jobs=WORKERS)(jobs), strict=True))


def _fresh(examples: Sequence[Example]) -> Any:
    return np.array([example.fresh for example in examples])


def temperature(scores: Any, truth: Any) -> float:
    """What to divide scores by so that the confidences of left-out examples fit their hits best."""

    def surprise(heat: float) -> float:
        scaled = scores / heat
        scaled -= scaled.max(axis=1, keepdims=True)
        right = scaled[np.arange(len(truth)), truth]
        return float((np.log(np.exp(scaled).sum(axis=1)) - right).mean())

    return float(minimize_scalar(surprise, bounds=(0.1, 10), method="bounded").x)


def stored(name: str, head: Learnt) -> dict[str, Any]:
    """A head as the arrays of the model file, weights as bytes with one scale a label."""
    scale = np.abs(head.weights).max(axis=0) / LARGEST
    return {
        f"{name}_labels": _text("\n".join(head.labels)),
        f"{name}_weights": np.rint(head.weights / scale).astype(np.int8),
        f"{name}_scale": scale.astype(np.float32),
        f"{name}_intercept": head.intercept.astype(np.float32),
        f"{name}_left_out": np.float32(head.left_out),
    }


def learnt(data: Data, corrections: Sequence[Example] = ()) -> bytes:
    """The bytes of a model file, learnt from the data's examples and what people corrected."""
    return packed(train(data, corrections))


def packed(arrays: dict[str, Any]) -> bytes:
    """The bytes of a model file."""
    file = BytesIO()
    np.savez_compressed(file, **arrays)
    return file.getvalue()


def seen_words(data: Data) -> dict[str, int]:
    """In how many examples each word stands that stands in two at least, as written but for chat spelling."""
    spelling = Spelling(data.yaml("slang.yml")["words"])
    counts: Counter[str] = Counter()
    for example in load_examples(data):
        counts.update({token.norm for token in tokenize(example.text, spelling)})
    return {word: count for word, count in counts.items() if count >= RAREST_WORDS and word.isalpha()}


def write(data: Data, target: Path) -> dict[str, float]:
    """Train and write the model, the words it has seen and the compiled word lists into a data folder.

    Returns:
        For each head the share of examples it got right while they were left out.
    """
    (target / "model").mkdir(exist_ok=True)
    (target / WORDS).write_text(written(seen_words(data)), encoding="utf-8")
    arrays = train(data)
    (target / FILE).write_bytes(packed(arrays))
    (target / COMPILED).write_text(data.compile(), encoding="utf-8")
    suffix = "_left_out"
    return {key.removesuffix(suffix): float(value) for key, value in arrays.items() if key.endswith(suffix)}


def _wanted(example: Example) -> str:
    """The intent; the wish to report is told from reports, which outnumber it a hundred to one."""
    wish = example.intent == REPORT and not example.category and example.emergency is None
    return WISH if wish else example.intent


def _danger(example: Example) -> str:
    """The emergency's kind; what nobody marked is none."""
    return example.emergency or NO_EMERGENCY


def _sublabel(example: Example) -> str:
    return f"{example.category}{SUB}{example.subcategory}"


def _text(text: str) -> Any:
    return np.frombuffer(text.encode(), dtype=np.uint8)


def main() -> None:
    """Train on the folder named on the command line, by default the one beside the package."""
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent.parent / "nlu_data"
    for name, share in write(Data(target), target).items():
        sys.stdout.write(f"{name}: {share:.3f} right on fresh examples left out\n")


if __name__ == "__main__":
    main()
