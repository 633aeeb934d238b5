"""How well readings agree with rows that say what is right."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from nlu.interpretation import CategoryGuess, Interpretation, Place
from nlu.interpreter import Interpreter

Row = Mapping[str, Any]
Proposal = Callable[[Interpretation, CategoryGuess], str]
"""The agency that a reading would go to if a guess of its category were right."""

BINS = 10  # bands of confidence in the calibration table


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
    """Agreement on one question; `confusion` counts (right, guessed) pairs that differ, `f1` is by label."""

    count: int
    accuracy: float
    macro_f1: float
    confusion: Mapping[tuple[str, str], int] = field(default_factory=dict)
    f1: Mapping[str, float] = field(default_factory=dict)


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
    agency: Score | None
    agency_top_3: float | None
    classification: Score | None
    language: Score | None
    place: Score | None
    emergency: EmergencyScore | None
    calibration: tuple[Band, ...]
    silent_precision: float | None
    silent_share: float | None


def evaluate(rows: Iterable[Row], interpreter: Interpreter, agency_of: Proposal | None = None) -> Scores:
    """Judge an interpreter on rows with `text` and any of the answers it can give.

    These are intent, classification, category, subcategory, agency, language, `emergency` (a kind, or None
    for an ordinary message) and `kalurahan` (a name, an official code, or None for no place). Silent
    precision and share count categories at or above the interpreter's own threshold.

    Args:
        rows: what is right for each text.
        interpreter: whose readings are judged.
        agency_of: proposes agencies; without it rows are not judged by agency.
    """
    read = [(row, interpreter.interpret(row["text"])) for row in rows]
    filed = [(row, reading) for row, reading in read if row.get("category")]
    sure = [_sureness(row, reading) for row, reading in filed]
    silent = [right for confidence, right in sure if confidence >= interpreter.silent_above]
    sent = _agencies(read, agency_of)
    return Scores(
        rows=len(read),
        intent=_asked("intent", read, lambda reading: reading.intent.name),
        category=_asked("category", read, _category),
        subcategory=_asked("subcategory", read, _subcategory),
        top_3=_share(
            [any(guess.category == row["category"] for guess in reading.categories) for row, reading in filed]
        ),
        agency=_score([(right, next(iter(guessed), "")) for right, guessed in sent]),
        agency_top_3=_share([right in guessed for right, guessed in sent]),
        classification=_asked("classification", read, lambda reading: reading.classification),
        language=_asked("language", read, lambda reading: reading.language),
        place=_score(
            [_place(row["kalurahan"], reading.place) for row, reading in read if "kalurahan" in row]
        ),
        emergency=_emergency([(row["emergency"], reading) for row, reading in read if "emergency" in row]),
        calibration=_bands(sure),
        silent_precision=_share(silent),
        silent_share=len(silent) / len(sure) if sure else None,
    )


def _asked(
    key: str, read: Sequence[tuple[Row, Interpretation]], answer: Callable[[Interpretation], str]
) -> Score | None:
    return _score([(row[key], answer(reading)) for row, reading in read if row.get(key)])


def _agencies(
    read: Sequence[tuple[Row, Interpretation]], agency_of: Proposal | None
) -> list[tuple[str, list[str]]]:
    """For each row with an agency the right one, and those proposed, best first."""
    if agency_of is None:
        return []
    return [
        (row["agency"], [agency_of(reading, guess) for guess in reading.categories])
        for row, reading in read
        if row.get("agency")
    ]


def _category(reading: Interpretation) -> str:
    return reading.categories[0].category if reading.categories else ""


def _subcategory(reading: Interpretation) -> str:
    return reading.categories[0].subcategory if reading.categories else ""


def _sureness(row: Row, reading: Interpretation) -> tuple[float, bool]:
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
    f1 = _f1_by_label(pairs)
    return Score(len(pairs), hits / len(pairs), sum(f1.values()) / len(f1), dict(wrong.most_common()), f1)


def _f1_by_label(pairs: Sequence[tuple[str, str]]) -> dict[str, float]:
    """The F1 of every label that is right somewhere, from (right, guessed) pairs."""
    right, guessed = Counter(pair[0] for pair in pairs), Counter(pair[1] for pair in pairs)
    hits = Counter(one for one, other in pairs if one == other)
    return {label: 2 * hits[label] / (count + guessed[label]) for label, count in right.items()}


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
