"""The index of public satisfaction (IKM): nine elements, each from 1 to 4, all of the same weight."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import mean

from tickets.lives import Life

ELEMENTS = ("u1", "u2", "u3", "u4", "u5", "u6", "u7", "u8", "u9")
"""Requirements, procedure, time, cost, product, competence, conduct, handling of complaints, facilities."""
LEAST, MOST = 1, 4
GRADES = ((88.31, "A"), (76.61, "B"), (65.00, "C"), (0.0, "D"))
SURVEY = "survey"


@dataclass(frozen=True, slots=True)
class Ikm:
    """The index from 25 to 100 with its grade and n; no value when n is too small. `means` by element."""

    n: int
    value: float | None = None
    grade: str = ""
    means: Mapping[str, float] | None = None


def ikm(answers: Sequence[Mapping[str, int]], least: int) -> Ikm:
    """The index of complete questionnaires: the mean of the nine means, each weighing 1/9, times 25."""
    if len(answers) < max(least, 1):
        return Ikm(len(answers))
    means = {element: mean(answer[element] for answer in answers) for element in ELEMENTS}
    value = round(mean(means.values()) * 25, 2)
    return Ikm(len(answers), value, grade(value), means)


def grade(value: float) -> str:
    """The grade of an index: A very good, B good, C poor, D bad."""
    return next(letter for lowest, letter in GRADES if value >= lowest)


def surveys(lives: Iterable[Life]) -> list[Mapping[str, int]]:
    """The complete questionnaires of these tickets, the last one of each."""
    filled = (
        [step.values for step in life.steps if step.action == SURVEY and complete(step.values)]
        for life in lives
    )
    return [answers[-1] for answers in filled if answers]


def answers_in(text: str) -> Mapping[str, int] | None:
    """The nine answers in a text of nine digits; None when it is not that."""
    digits = re.sub(r"[ ,.;]", "", text)
    if not re.fullmatch(r"[1-4]{9}", digits):
        return None
    return dict(zip(ELEMENTS, map(int, digits), strict=True))


def complete(answers: Mapping[str, int]) -> bool:
    """Whether every element has an answer on the scale."""
    return all(LEAST <= answers.get(element, 0) <= MOST for element in ELEMENTS)
