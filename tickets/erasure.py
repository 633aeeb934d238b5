"""What stays of a report when its reporter is taken out of it, and what no longer says who it was."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from tickets.policies.retention import ErasurePolicy
from tickets.ticket import Report, ScreeningResult, Ticket, TicketEvent

ERASE = "erase"
"""The line of a history that says which of its lines lost a person, and what is left of them."""
NOBODY = "nobody"
"""Whose a report is when it is nobody's any more."""
LEAST_NAME = 3
"""Shorter parts of names are words as well."""
HIDDEN = "•"
STAYS = frozenset({"proof", "target", "agency", "rule", "value"})
"""Of the data in a citizen's line: what is no words of theirs."""

Words = Callable[[str], str]


def names_hidden(names: Iterable[str]) -> Words:
    """Hides these names, and each part of them, wherever they stand as words; sign for sign."""
    whole = {name.strip() for name in names if name.strip()}
    parts = whole | {part for name in whole for part in name.split()}
    wanted = sorted((one for one in parts if len(one) >= LEAST_NAME), key=len, reverse=True)
    if not wanted:
        return str
    found = re.compile(rf"(?<!\w)({'|'.join(map(re.escape, wanted))})(?!\w)", re.IGNORECASE)
    return lambda text: found.sub(lambda hit: HIDDEN * len(hit[0]), text)


@dataclass(frozen=True, slots=True)
class Eraser:
    """Takes a reporter out: `words` hides personal data in a text, `others` are citizens who follow."""

    policy: ErasurePolicy
    words: Words
    others: frozenset[str] = frozenset()

    def ticket(self, ticket: Ticket) -> Ticket:
        """The report without who made it."""
        proposal = ticket.proposal
        return replace(
            ticket,
            reporter=NOBODY,
            report=self._report(ticket.report),
            title=self._told(ticket.title),
            asked=tuple(replace(one, words=self.words(one.words)) for one in ticket.asked),
            proposal=replace(proposal, text=self.words(proposal.text)) if proposal else None,
            version=ticket.version + 1,
        )

    def _report(self, report: Report) -> Report:
        told, place = self._told(report.screening.masked or report.narrative), report.place
        if not self.policy.keep_point:
            place = replace(place, lat=None, lon=None)
        findings = tuple(replace(one, spans=(), advice="", next="") for one in report.screening.findings)
        return replace(
            report,
            narrative=told,
            place=replace(place, text=""),
            screening=ScreeningResult(report.screening.verdict, findings, told),
            event_time=self._told(report.event_time),
            answers={},
        )

    def _told(self, text: str) -> str:
        return self.words(text) if self.policy.keep_narrative else ""

    def line(self, event: TicketEvent) -> TicketEvent:
        """A line of the history without the reporter: their words go, others' are hidden where they tell."""
        if event.action == ERASE:
            return event
        if event.actor.kind == "citizen" and event.actor.id not in self.others:
            nobody = replace(event.actor, id="")
            return replace(event, actor=nobody, text="", reason="", data=_marks(event.data))
        return replace(event, text=self.words(event.text), reason=self.words(event.reason))


def _marks(data: Mapping[str, Any]) -> dict[str, Any]:
    """What a citizen gave that is no text: marks, numbers, files."""
    kept = {name: value for name, value in data.items() if name in STAYS or isinstance(value, int)}
    survey = data.get("survey")
    if isinstance(survey, Mapping):
        kept["survey"] = {name: value for name, value in survey.items() if isinstance(value, int)}
    return kept
