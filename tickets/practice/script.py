"""What a scripted citizen is: what they report, how they answer, and what the procedure expects."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from tickets.policies.reader import Words
from tickets.ticket import Classification, ReportPlace

Temper = Literal["sopan", "marah", "tidak_jelas", "salah_alamat", "ganda", "darurat"]
Deed = Literal["message", "give_data", "confirm", "deny", "cancel"]
Outcome = Literal["closed", "passed_on", "merged", "answered"]
SILENCE = "silence"
"""The trigger of a reaction to hearing nothing."""


@dataclass(frozen=True, slots=True)
class Reaction:
    """What a citizen does after the desk did something (`on`: an action of the lifecycle, or silence).

    It fits when one of `about` stands in what the desk said (or asked for by code) and none of `without`
    does; empty lists ask for nothing. `after` are seconds; `rate` is the rating given with a confirmation;
    `photos` are pictures sent along. A reaction is used once unless `again`.
    """

    on: str
    do: Deed
    say: str = ""
    after: float = 0.0
    about: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    rate: int | None = None
    again: bool = False
    photos: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Expected:
    """What the procedure asks for in a case.

    `agency` is where it must end; `ask` are lists of words or codes of which each request for data must
    name one; `twin` is the script whose ticket tells the same matter; `escalate` are actions of which one
    must come within `minutes`; `tell` are words the citizen must have read.
    """

    outcome: Outcome
    agency: str = ""
    ask: tuple[str, ...] = ()
    twin: str = ""
    escalate: tuple[str, ...] = ()
    minutes: float = 0.0
    tell: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Script:
    """One scripted citizen. `desk` is where the trainee sits; `after` are seconds into the practice.

    `photos` are the pictures the report comes with.
    """

    code: str
    temper: Temper
    name: Words
    desk: str
    language: str
    after: float
    text: str
    classification: Classification
    category: str
    subcategory: str
    place: ReportPlace
    expected: Expected
    reactions: tuple[Reaction, ...] = ()
    emergency: str = ""
    secrets: tuple[str, ...] = ()
    photos: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of marking: its points, its name, the sentence for who missed it, and where it comes from."""

    code: str
    points: int
    name: Words
    missed: Words
    source: Words


@dataclass(frozen=True, slots=True)
class Marking:
    """How practice is marked: `workday` are the minutes that stand for a working day of a deadline."""

    prefix: str
    workday: float
    rules: Mapping[str, Rule] = field(default_factory=dict)
    impolite: tuple[str, ...] = ()
    promises: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()
    units: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Course:
    """Everything practice is made of: the scripts by code, in the order they are played, and the marking.

    `pictures` are what citizens send, by file name; `left_out` are the codes of delivered scripts that do not
    fit this city.
    """

    scripts: Mapping[str, Script]
    marking: Marking
    left_out: tuple[str, ...] = ()
    pictures: Mapping[str, bytes] = field(default_factory=dict)

    def suited(self, desks: frozenset[str] | None) -> tuple[str, ...]:
        """The codes of scripts for these desks, all when None; a twin never comes alone."""
        found = [one for one in self.scripts.values() if desks is None or one.desk in desks]
        return self.together(tuple(one.code for one in found))

    def together(self, codes: tuple[str, ...]) -> tuple[str, ...]:
        """The scripts with their twins, in the course's order."""
        wanted = set(codes) | {self.scripts[code].expected.twin for code in codes}
        return tuple(code for code in self.scripts if code in wanted)
