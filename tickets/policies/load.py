"""All policies of a city, read from one folder."""

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from tickets.policies.agencies import Agencies, read_agencies
from tickets.policies.answers import ReadyAnswer, read_answers
from tickets.policies.calendar import CalendarPolicy, read_calendar
from tickets.policies.city import City, read_city
from tickets.policies.completing import GROWING, complete
from tickets.policies.duplicates import DuplicatePolicy, read_duplicates
from tickets.policies.evidence import EvidencePolicy, read_evidence
from tickets.policies.examples import RoutingExample, read_examples
from tickets.policies.families import with_families
from tickets.policies.faults import Fault, PolicyFaults
from tickets.policies.figures import FigurePolicy, read_figures
from tickets.policies.forwarding import ForwardingPolicy, read_forwarding
from tickets.policies.lifecycle import Lifecycle
from tickets.policies.lifecycle_checks import check_lifecycle
from tickets.policies.lifecycle_reading import read_lifecycle
from tickets.policies.limits import LimitPolicy, read_limits
from tickets.policies.open311 import Open311Policy, read_open311
from tickets.policies.questions import Question, read_questions
from tickets.policies.reader import Node, nearest, read
from tickets.policies.reasons import Reason, read_reasons
from tickets.policies.retention import RetentionPolicy, read_retention
from tickets.policies.routing import Routing, read_routing
from tickets.policies.screening import ScreeningPolicy, read_screening
from tickets.policies.sla import SlaPolicy, read_sla
from tickets.policies.sms import SmsPolicy, read_sms


@dataclass(frozen=True, slots=True)
class Policies:
    """Everything a city decides about its tickets; one field per data file.

    `borrowed` is what its own files do not say yet and the delivered ones do, as `file: key`.
    """

    city: City
    agencies: Agencies
    calendar: CalendarPolicy
    routing: Routing
    sla: SlaPolicy
    lifecycle: Lifecycle
    screening: ScreeningPolicy
    reasons: dict[str, Reason]
    duplicates: DuplicatePolicy
    figures: FigurePolicy
    limits: LimitPolicy
    examples: tuple[RoutingExample, ...]
    sms: SmsPolicy
    answers: dict[str, ReadyAnswer]
    questions: dict[str, Question]
    evidence: EvidencePolicy
    open311: Open311Policy
    forwarding: ForwardingPolicy
    retention: RetentionPolicy
    borrowed: tuple[str, ...] = ()


MEANT = re.compile(r"^[^.].*\.ya?ml(\.txt)?$", re.IGNORECASE)
"""A name somebody gave a file of YAML."""


def load_policies(folder: Path | None = None) -> Policies:
    """The delivered policies; files of that folder take the place of those of the same name.

    Raises:
        PolicyFaults: listing every fault of every file, each with its place and remedy.
    """
    faults: list[Fault] = []
    if folder is not None:
        _only_known(folder, faults)
    policies = _read_all(folder, faults)
    if faults:
        raise PolicyFaults(tuple(faults))
    return policies


def _only_known(folder: Path, faults: list[Fault]) -> None:
    """A misspelt file name would change nothing, and nobody would notice."""
    if not folder.is_dir():
        faults.append(Fault(str(folder), "", 0, "There is no such folder.", "Make it, or leave it unset."))
        return
    known = sorted(file.name for file in _delivered().iterdir())
    for path in sorted(folder.iterdir()):
        if MEANT.search(path.name) and path.name not in known:
            remedy = f"Use {nearest(path.name, known)}."
            faults.append(Fault(path.name, "", 0, "No policy file has that name.", remedy))


def _delivered() -> Traversable:
    return files("tickets") / "data"


@cache
def _as_delivered(file: str) -> Node:
    """A delivered file to take entries from; reading one takes a moment, and nobody changes it."""
    return read(_delivered(), file, [])


@dataclass(frozen=True, slots=True)
class _Files:
    """A city's own files before those delivered; what older ones borrowed; faults of unreadable ones."""

    folder: Path | None
    faults: list[Fault]
    borrowed: list[str]
    unread: list[Fault]

    def top(self, file: str) -> Node:
        """The top of a file."""
        if self.folder is None or not (self.folder / file).is_file():
            return read(_delivered(), file, self.faults)
        before = len(self.faults)
        own = read(self.folder, file, self.faults)
        self.unread.extend(self.faults[before:])
        if file in GROWING:
            self.borrowed.extend(complete(own, _as_delivered(file)))
        return own


def _read_all(folder: Path | None, faults: list[Fault]) -> Policies:
    own = _Files(folder, faults, [], [])
    policies = _read_each(own)
    if own.unread:  # what else is wrong may be so because of them
        faults[:] = own.unread
    return policies


def _read_each(own: _Files) -> Policies:
    top = own.top
    city = read_city(top("city.yml"))
    agencies = with_families(read_agencies(top("agencies.yml")), city.kode)
    reasons = read_reasons(top("reasons.yml"))
    lifecycle = top("lifecycle.yml")
    rules = read_lifecycle(lifecycle)
    routing = read_routing(top("routing.yml"), agencies)
    examples = read_examples(top("routing_examples.yml"), agencies, tuple(rule.id for rule in routing.rules))
    calendar = read_calendar(top("calendar.yml"), agencies)
    policies = Policies(
        city=city,
        agencies=agencies,
        calendar=calendar,
        routing=routing,
        examples=examples,
        sla=read_sla(top("sla.yml"), agencies),
        lifecycle=rules,
        screening=read_screening(top("screening.yml"), reasons, city.helplines),
        reasons=reasons,
        duplicates=read_duplicates(top("duplicates.yml")),
        figures=read_figures(top("figures.yml"), calendar),
        limits=read_limits(top("limits.yml")),
        sms=read_sms(top("sms.yml")),
        answers=read_answers(top("answers.yml"), routing),
        questions=read_questions(top("questions.yml"), routing),
        evidence=read_evidence(top("evidence.yml")),
        open311=read_open311(top("open311.yml")),
        forwarding=read_forwarding(top("forwarding.yml"), agencies),
        retention=read_retention(top("retention.yml"), rules),
        borrowed=tuple(own.borrowed),  # the last: by now every file is read
    )
    if not own.faults:
        check_lifecycle(lifecycle, policies.lifecycle)
    return policies
