"""A case as a trainee left it, and what it is marked with."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from nlu.interpretation import Interpretation
from tickets.policies import Policies
from tickets.practice.acting import deeds
from tickets.practice.script import Marking, Script
from tickets.practice.spans import Pauses, elapsed
from tickets.ticket import Ticket, TicketEvent


@dataclass(frozen=True, slots=True)
class Try:
    """Something a trainee wanted to do and the desk refused, by the code of the refusal."""

    action: str
    code: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Work:
    """A case as a trainee left it; `twin` is the ticket that tells the same matter, if the script has one."""

    script: Script
    ticket: Ticket
    history: tuple[TicketEvent, ...]
    until: datetime
    tries: tuple[Try, ...] = ()
    pauses: Pauses = ()
    twin: Ticket | None = None

    def done(self, actions: frozenset[str] | None = None) -> Iterator[TicketEvent]:
        """What the trainee did, of these kinds."""
        for event in deeds(self.history):
            if event.actor.kind == "operator" and (actions is None or event.action in actions):
                yield event

    def after(self, moment: datetime) -> timedelta:
        """How long after its opening something was, pauses left out."""
        return elapsed(self.ticket.opened_at, moment, self.pauses)


@dataclass(frozen=True, slots=True)
class Judge:
    """What work is marked with: the rules, the city's policies, and a reader of texts."""

    marking: Marking
    policies: Policies
    read: Callable[[str], Interpretation]


@dataclass(frozen=True, slots=True)
class Mark:
    """One rule's verdict on one case; `values` fill the sentence for who missed it."""

    rule: str
    points: int
    most: int
    values: Mapping[str, str] = field(default_factory=dict)

    @property
    def missed(self) -> bool:
        """Whether the rule was broken."""
        return self.points < self.most


@dataclass(frozen=True, slots=True)
class CaseResult:
    """One case marked: script, number, every rule's verdict, and the minutes until its first answer."""

    script: str
    number: str
    marks: tuple[Mark, ...]
    minutes: float | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """A practice marked: its cases, and the share of the points that could be had, in percent."""

    cases: tuple[CaseResult, ...]
    share: int | None
