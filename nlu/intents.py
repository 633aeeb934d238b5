"""What a message wants, given what the dialog is waiting for."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from nlu.data import Data, DataError
from nlu.interpretation import Guess
from nlu.model import Head, Scored, softmax

WISH = "lapor/"  # the model tells wanting to report from a report; both are `lapor`
REPORT, ANSWER, OUTSIDE, STATUS = "lapor", "jawaban", "di_luar", "status"
FILE = "priors.yml"

_LETTERS = re.compile(r"\w")


@dataclass(frozen=True, slots=True)
class Prior:
    """What to expect while a slot is asked: log-odds to add, and whether free answers are welcome."""

    boost: Any
    answer: bool
    report: bool


class Intents:
    """Chooses among the dialogue intents and `lapor`, or calls the message an answer (`jawaban`)."""

    def __init__(self, head: Head, data: Data) -> None:
        content = data.yaml(FILE)
        self._head = head
        self._report, self._wish = head.labels.index(REPORT), head.labels.index(WISH)
        self._priors = {slot: self._prior(slot, row) for slot, row in content["asked"].items()}
        self._other = self._prior("other", content["other"])
        self._idle = self._prior("idle", content["idle"])
        self._commands = frozenset(content["commands"])
        limits: Mapping[str, float] = data.yaml("thresholds.yml")
        self._least, self._least_command = limits["intent"], limits["command"]

    def guess(self, text: str, scored: Scored, asked: str | None) -> Guess:
        """The intent of a text; while a slot is asked, what is no command counts as its answer."""
        if not _LETTERS.search(text) and asked is None:
            return Guess(OUTSIDE, 1.0)
        prior = self._priors.get(asked, self._other) if asked else self._idle
        chances = self._merged(softmax(scored.of(self._head) + prior.boost))
        best = int(chances.argmax())
        guess = Guess(self._head.labels[best], float(chances[best]), scored.reasons(self._head, best))
        return self._as_answer(guess, prior) if prior.answer else self._or_outside(guess, scored)

    def _merged(self, chances: Any) -> Any:
        chances[self._report] += chances[self._wish]
        chances[self._wish] = 0
        return chances

    def _as_answer(self, guess: Guess, prior: Prior) -> Guess:
        heard = guess.name in self._commands and guess.confidence >= self._least_command
        if heard or (prior.report and guess.name == REPORT):
            return guess
        return Guess(ANSWER, 1 - guess.confidence if guess.name in self._commands else 1.0)

    def _or_outside(self, guess: Guess, scored: Scored) -> Guess:
        if guess.confidence >= self._least or len(scored.rows) > 3:
            return guess
        return Guess(OUTSIDE, 1 - guess.confidence)

    def _prior(self, slot: str, row: Mapping[str, Any]) -> Prior:
        unknown = row["boost"].keys() - set(self._head.labels)
        if unknown:
            raise DataError(f"{FILE}: {slot}: no such intent: {', '.join(sorted(unknown))}; correct the name")
        boost = [row["boost"].get(label.rstrip("/"), 0.0) for label in self._head.labels]
        return Prior(np.array(boost, dtype=np.float32), row["answer"], row.get("report", False))
