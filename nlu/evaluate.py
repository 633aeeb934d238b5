"""How well readings agree with rows that say what is right."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from nlu.interpretation import Interpretation, Place
from nlu.interpreter import Interpreter

BINS = 5  # bands of confidence in the calibration table


@dataclass(frozen=True, slots=True)
class Band:
    """How often guesses of one band of confidence were right; `hit` is a share of `count`."""

    low: float
    high: float
    count: int
    confidence: float
    hit: float


@dataclass(frozen=True, slots=True)
class Score:
    """Agreement on one question; `confusion` counts (right, guessed) pairs that differ."""

    count: int
    accuracy: float
    macro_f1: float
    confusion: Mapping[tuple[str, str], int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class EmergencyScore:
    """Emergencies caught among those that are, false alarms among those that are not."""

    emergencies: int
    recall: float
    ordinary: int
    false_alarms: float


@dataclass(frozen=True, slots=True)
class Scores:
    """Everything the rows allow to be judged; None where no row asked."""

    rows: int
    intent: Score | None
    category: Score | None
    subcategory: Score | None
    top_3: float | None
    language: Score | None
    place: Score | None
    emergency: EmergencyScore | None
    calibration: tuple[Band, ...]
    silent_precision: float | None
    silent_share: float | None


def evaluate(rows: Iterable[Mapping[str, Any]], interpreter: Interpreter) -> Scores:
    """Judge an interpreter on rows with `text` and any of the answers it can give.

    These are intent, category, subcategory, language, `emergency` (a kind, or None for an ordinary message)
    and `kalurahan` (a name, an official code, or None for no place). Silent precision and share count
    categories at or above the interpreter's own threshold.
    """
    read = [(row, interpreter.interpret(row["text"])) for row in rows]
    filed = [(row, reading) for row, reading in read if row.get("category")]
    sure = [_sureness(row, reading) for row, reading in filed]
    silent = [right for confidence, right in sure if confidence >= interpreter.silent_above]
    return Scores(
        rows=len(read),
        intent=_score([(row["intent"], reading.intent.name) for row, reading in read if row.get("intent")]),
        category=_score([(row["category"], _category(reading)) for row, reading in filed]),
        subcategory=_score(
            [(row["subcategory"], _subcategory(reading)) for row, reading in filed if row.get("subcategory")]
        ),
        top_3=_share(
            [any(guess.category == row["category"] for guess in reading.categories) for row, reading in filed]
        ),
        language=_score(
            [(row["language"], reading.language) for row, reading in read if row.get("language")]
        ),
        place=_score(
            [_place(row["kalurahan"], reading.place) for row, reading in read if "kalurahan" in row]
        ),
        emergency=_emergency([(row["emergency"], reading) for row, reading in read if "emergency" in row]),
        calibration=_bands(sure),
        silent_precision=_share(silent),
        silent_share=len(silent) / len(sure) if sure else None,
    )


def _category(reading: Interpretation) -> str:
    return reading.categories[0].category if reading.categories else ""


def _subcategory(reading: Interpretation) -> str:
    return reading.categories[0].subcategory if reading.categories else ""


def _sureness(row: Mapping[str, Any], reading: Interpretation) -> tuple[float, bool]:
    confidence = reading.categories[0].confidence if reading.categories else 0.0
    return confidence, _category(reading) == row["category"]


def _place(right: str | None, place: Place | None) -> tuple[str, str]:
    """The right answer and the guess in the same terms: a code where a code was given, else a name."""
    if place is None:
        return right or "", ""
    if right and right[0].isdigit():
        return right, place.area.kode
    return (right or "").casefold(), place.area.kalurahan.casefold() or place.area.kode


def _score(pairs: Sequence[tuple[str, str]]) -> Score | None:
    if not pairs:
        return None
    hits = sum(right == guess for right, guess in pairs)
    wrong = Counter(pair for pair in pairs if pair[0] != pair[1])
    return Score(len(pairs), hits / len(pairs), _macro_f1(pairs), dict(wrong.most_common()))


def _macro_f1(pairs: Sequence[tuple[str, str]]) -> float:
    right, guessed = Counter(pair[0] for pair in pairs), Counter(pair[1] for pair in pairs)
    hits = Counter(one for one, other in pairs if one == other)
    return sum(2 * hits[label] / (count + guessed[label]) for label, count in right.items()) / len(right)


def _emergency(pairs: Sequence[tuple[str | None, Interpretation]]) -> EmergencyScore | None:
    caught = [reading.emergency is not None for kind, reading in pairs if kind]
    alarms = [reading.emergency is not None for kind, reading in pairs if not kind]
    if not pairs:
        return None
    return EmergencyScore(len(caught), _share(caught) or 0.0, len(alarms), _share(alarms) or 0.0)


def _bands(sure: Sequence[tuple[float, bool]]) -> tuple[Band, ...]:
    filled: list[list[tuple[float, bool]]] = [[] for _ in range(BINS)]
    for confidence, right in sure:
        filled[min(int(confidence * BINS), BINS - 1)].append((confidence, right))
    return tuple(_band(at, band) for at, band in enumerate(filled) if band)


def _band(at: int, guesses: Sequence[tuple[float, bool]]) -> Band:
    count = len(guesses)
    mean = sum(confidence for confidence, _ in guesses) / count
    return Band(at / BINS, (at + 1) / BINS, count, mean, sum(right for _, right in guesses) / count)


def _share(marks: Sequence[bool]) -> float | None:
    return sum(marks) / len(marks) if marks else None
