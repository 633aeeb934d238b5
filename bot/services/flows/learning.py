"""Learning anew from the delivered examples and the staff's corrections, judged before it goes live."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.services.talks.understanding import load_interpreter, models_of
from nlu.data import Data
from nlu.evaluate import Score, Scores, evaluate
from nlu.examples import Example, examples_digest
from nlu.interpreter import Interpreter
from storage.models import Version

MOST_LOST = 0.01
"""How far a gold score may fall before a model is refused: one point of a hundred."""

Train = Callable[[Data, Sequence[Example]], bytes]
Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Learning:
    """Where an installation keeps its models, whom it serves, what it is judged on, and what it learns by."""

    data_dir: Path
    home: str
    gold: Rows
    train: Train


@dataclass(frozen=True, slots=True)
class Outcome:
    """A new version with the scores of the live model and its own."""

    version: Version
    before: Scores
    after: Scores


def learn(learning: Learning, corrected: Sequence[Example], now: datetime) -> Outcome:
    """Train with what staff corrected, judge on the gold set, keep it, and use it unless it is worse."""
    data, models = Data(), models_of(learning.data_dir)
    before = evaluate(learning.gold, load_interpreter(learning.data_dir, learning.home))
    name = models.next_name()
    content = learning.train(data, corrected)
    weights = models.draft(name, content)
    after = evaluate(learning.gold, Interpreter.load(home=learning.home, model=weights))
    version = Version(
        name=name,
        made_at=now,
        base=examples_digest(data),
        corrections=len(corrected),
        scores=headline(after),
        refused=tuple(fallen(headline(before), headline(after))),
    )
    models.keep(version)
    if not version.refused:
        models.go_live(name)
    return Outcome(version, before, after)


def headline(scores: Scores) -> dict[str, float]:
    """The gold scores none of which may fall; those that no row asked for are left out."""
    danger = scores.emergency
    found: dict[str, float | None] = {
        "intent": _accuracy(scores.intent),
        "classification": _accuracy(scores.classification),
        "category": _accuracy(scores.category),
        "category_macro_f1": scores.category.macro_f1 if scores.category else None,
        "category_top_3": scores.top_3,
        "subcategory": _accuracy(scores.subcategory),
        "language": _accuracy(scores.language),
        "kalurahan": _accuracy(scores.place),
        "emergency_recall": danger.recall if danger else None,
        "emergency_silence": 1 - danger.false_alarms if danger else None,
    }
    return {name: value for name, value in found.items() if value is not None}


def fallen(before: Mapping[str, float], after: Mapping[str, float]) -> list[str]:
    """The scores that fell by more than a point."""
    return [name for name, value in before.items() if after.get(name, 0.0) < value - MOST_LOST]


def _accuracy(score: Score | None) -> float | None:
    return score.accuracy if score else None
