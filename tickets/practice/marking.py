"""Marking: a trainee's work on one case held against the procedure, rule by rule."""

from collections.abc import Sequence

from tickets.practice.checks import ANSWERS, CHECKS, SENT_ON, NotAskedError
from tickets.practice.work import CaseResult, Judge, Mark, Result, Work


def marked(works: Sequence[Work], judge: Judge) -> Result:
    """Every case marked, and the whole."""
    cases = tuple(
        CaseResult(one.script.code, one.ticket.number, marks(one, judge), _first_answer(one)) for one in works
    )
    return Result(cases, share([mark for case in cases for mark in case.marks]))


def _first_answer(work: Work) -> float | None:
    first = next(work.done(ANSWERS | SENT_ON), None)
    return round(work.after(first.at).total_seconds() / 60, 1) if first else None


def marks(work: Work, judge: Judge) -> tuple[Mark, ...]:
    """The verdict of every rule that applies to a case, in the order of the rules."""
    found = []
    for code, rule in judge.marking.rules.items():
        try:
            missed = CHECKS[code](work, judge)
        except NotAskedError:
            continue
        found.append(Mark(code, 0 if missed is not None else rule.points, rule.points, missed or {}))
    return tuple(found)


def share(found: Sequence[Mark]) -> int | None:
    """Points reached of those that could be, in percent; None when no rule applied."""
    most = sum(mark.most for mark in found)
    return round(100 * sum(mark.points for mark in found) / most) if most else None
