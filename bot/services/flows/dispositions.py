"""Where a text would go, before anybody has confirmed anything: routed the way a first message is."""

from collections.abc import Mapping
from dataclasses import replace
from typing import get_args

from nlu.interpretation import CategoryGuess, Interpretation, Place
from nlu.interpreter import Interpreter
from tickets.policies import Policies
from tickets.policies.examples import RoutingExample
from tickets.routing import ACCUSED_ANSWER, OWNER_ANSWER, Disposition, route
from tickets.screening import screen
from tickets.ticket import Classification, Report, ReportPlace, ScreeningResult


def report_from(
    text: str, interpreter: Interpreter, policies: Policies, given: Mapping[str, str] | None = None
) -> Report:
    """The report a text would become by itself; `given` facts take the place of what was read.

    Raises:
        ValueError: a given classification is none of the city's.
    """
    reading = interpreter.interpret(text)
    told = dict(given or {})
    guess = reading.categories[0] if reading.categories else None
    category = told.get("category") or (guess.category if guess else "lainnya")
    own = guess.subcategory if guess and guess.category == category else ""
    report = Report(
        narrative=text,
        classification=reading.classification,
        category=category,
        subcategory=told.get("subcategory") or own,
        place=_place(reading.place, told.get("kode", "")),
        screening=screen(text, reading, {}, policies),
        emergency=reading.emergency.kind if reading.emergency else "",
        answers={OWNER_ANSWER: told.get("owner", ""), ACCUSED_ANSWER: told.get("unit", "")},
    )
    return _classified(report, reading, told.get("classification", ""))


def agency_of(reading: Interpretation, guess: CategoryGuess, policies: Policies) -> str:
    """The agency that routing names for a reading, if this guess of its category is right."""
    report = Report(
        narrative=reading.text,
        classification=reading.classification,
        category=guess.category,
        subcategory=guess.subcategory,
        place=_place(reading.place),
        screening=ScreeningResult("pass", (), reading.text),
    )
    return route(report, policies).agency


def judged(example: RoutingExample, interpreter: Interpreter, policies: Policies) -> tuple[Disposition, bool]:
    """Where an example goes, and whether that is where it should."""
    found = route(report_from(example.text, interpreter, policies, example.given), policies)
    return found, found.agency == example.agency and example.rule in ("", found.rule)


def _place(found: Place | None, kode: str = "") -> ReportPlace:
    """The place a text tells of; `kode` takes its place where it is given."""
    if kode or found is None:
        return ReportPlace(kode=kode)
    area = found.area
    return ReportPlace(found.label, area.kode, area.kalurahan, area.kapanewon, area.kabupaten)


def _classified(report: Report, reading: Interpretation, wanted: str) -> Report:
    if wanted in ("", reading.classification):
        return report
    chosen = [one for one in get_args(Classification) if one == wanted]
    if not chosen:
        known = ", ".join(get_args(Classification))
        raise ValueError(f"no classification {wanted!r}; there are: {known}")
    return replace(report, classification=chosen[0])
