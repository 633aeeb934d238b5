"""What people decided about what screening or a colleague had decided: upheld or overturned, and by rule."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from tickets.ticket import Ticket, TicketEvent, Verdict

Outcome = Literal["passed", "asked", "refused"]
OUTCOMES: dict[str, Outcome] = {
    "moderate_pass": "passed",
    "moderate_lapse": "passed",
    "moderate_ask": "asked",
    "moderate_refuse": "refused",
    "moderate_confirm": "refused",
}
REFUSALS = frozenset({"refuse", "moderate_refuse", "moderate_confirm"})


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision of the moderators on a ticket.

    `overturned` says whose decision it undid: screening's, a person's, or nobody's (empty). `by` is empty
    where the clock decided. `text` and `words` have other people's data hidden.
    """

    number: str
    at: datetime
    by: str
    verdict: Verdict
    rules: tuple[str, ...]
    words: tuple[str, ...]
    text: str
    outcome: Outcome
    overturned: Literal["screening", "person", ""]


@dataclass(frozen=True, slots=True)
class RuleCount:
    """How often a rule's reports were decided about, and how often let pass all the same."""

    rule: str
    decided: int
    passed: int

    @property
    def share(self) -> float:
        """The part let pass: a rule with a high one is too strict."""
        return self.passed / self.decided


def decisions(ticket: Ticket, history: Sequence[TicketEvent]) -> Iterator[Decision]:
    """Every decision on a ticket, oldest first; a step that passes through several states is one."""
    result = ticket.report.screening
    words = tuple(result.masked[start:end] for one in result.findings for start, end in one.spans)
    refused_by_person, last = False, None
    for event in history:
        if (event.action, event.at) == last:
            continue
        last = (event.action, event.at)
        outcome = OUTCOMES.get(event.action)
        if outcome is not None:
            yield Decision(
                number=ticket.number,
                at=event.at,
                by=event.actor.id if event.actor.kind == "operator" else "",
                verdict=result.verdict,
                rules=tuple(dict.fromkeys(one.rule for one in result.findings)),
                words=words,
                text=result.masked or ticket.report.narrative,
                outcome=outcome,
                overturned=("person" if refused_by_person else "screening") if outcome == "passed" else "",
            )
        refused_by_person = refused_by_person or event.action in REFUSALS


def by_rule(found: Iterable[Decision]) -> tuple[RuleCount, ...]:
    """The decisions counted by rule, the rule most often overturned first."""
    decided: dict[str, int] = {}
    passed: dict[str, int] = {}
    for one in found:
        for rule in one.rules:
            decided[rule] = decided.get(rule, 0) + 1
            passed[rule] = passed.get(rule, 0) + (one.outcome == "passed")
    counts = (RuleCount(rule, decided[rule], passed[rule]) for rule in decided)
    return tuple(sorted(counts, key=lambda one: (-one.passed, -one.decided, one.rule)))
