"""Disposition: which agency a report goes to, by which rule and why."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from tickets.policies import Policies
from tickets.policies.routing import RoutingRule
from tickets.ticket import Flag, Report, ReportPlace
from tickets.units import family_of

OWNER_ANSWER = "pemilik_aset"  # answers of the report that routing reads
ACCUSED_ANSWER = "unit_terlapor"
SOUGHT = 1000  # lists of words remembered as patterns: those of every rule and unit of a city


@dataclass(frozen=True, slots=True)
class Disposition:
    """Where a report goes: the agency, the rule that said so, its words, the flags it brings.

    `external` bodies belong to another government; `sure` means no person needs to look first.
    """

    agency: str
    rule: str
    why: str
    flags: frozenset[Flag]
    external: bool
    sure: bool


@dataclass(frozen=True, slots=True)
class Tried:
    """A rule that was looked at, and the conditions the report did not meet."""

    rule: str
    missing: tuple[str, ...]

    @property
    def fits(self) -> bool:
        """Whether it is the rule that decides."""
        return not self.missing


def route(report: Report, policies: Policies) -> Disposition:
    """The agency for a report: the first rule that fits, never the accused unit itself."""
    seen = _seen(report, policies)
    rule = next((rule for rule in policies.routing.rules if not any(_lacks(rule, seen))), None)
    agency = policies.agencies.at(rule.agency if rule else policies.routing.last_resort, report.place.kode)
    chosen = avoid_accused(agency, report, policies)
    why = _why(rule) if chosen == agency else f"{_why(rule)}; {agency} diadukan"
    return Disposition(
        agency=chosen,
        rule=rule.id if rule else "",
        why=why,
        flags=rule.flags if rule else frozenset(),
        external=policies.agencies[chosen].external,
        sure=rule is not None and rule.auto_dispose,
    )


def tried(report: Report, policies: Policies) -> Iterator[Tried]:
    """The rules in order up to the one that decides, each with what it lacked."""
    seen = _seen(report, policies)
    for rule in policies.routing.rules:
        missing = tuple(_lacks(rule, seen))
        yield Tried(rule.id, missing)
        if not missing:
            return


def avoid_accused(agency: str, report: Report, policies: Policies) -> str:
    """The agency itself, or who takes its place when the report complains about it."""
    accused = accused_units(report, policies)
    places = (agency, policies.routing.conflict_to, policies.routing.conflict_fallback)
    return next((place for place in places if place not in accused), policies.routing.conflict_fallback)


def home_agency(report: Report, flags: frozenset[Flag], policies: Policies) -> str:
    """Where a ticket lies while nobody else has it: with the coordinator, or for WBS with its handler."""
    if "WBS" in flags:
        return avoid_accused(policies.routing.conflict_to, report, policies)
    return policies.agencies.coordinator


def accused_units(report: Report, policies: Policies) -> frozenset[str]:
    """The units this report accuses: named by the reporter, or by their names in an accusing text."""
    told = str(report.answers.get(ACCUSED_ANSWER) or "")
    named = {told} if told in policies.agencies else set()
    if _accuses(report):
        named |= {unit.id for unit in policies.agencies.by_id.values() if _mentions(report, unit.aliases)}
    if not named:
        return frozenset()
    return frozenset(unit for unit in policies.agencies.by_id if named & {unit, family_of(unit)})


def accuses_person(report: Report) -> bool:
    """Whether screening found an accusation of an identifiable person."""
    return any(finding.signal == "accusation" for finding in report.screening.findings)


def area_level(place: ReportPlace) -> str:
    """The lowest area known: kalurahan, kapanewon, kabupaten, or `tanpa` when none is."""
    return {0: "tanpa", 2: "kabupaten", 3: "kapanewon", 4: "kalurahan"}.get(
        len(place.kode.split(".")) if place.kode else 0, "tanpa"
    )


def is_outside(place: ReportPlace, policies: Policies) -> bool:
    """Whether the place is known to belong to another local government."""
    home = policies.city.kode
    return bool(place.kode) and place.kode != home and not place.kode.startswith(home + ".")


def _accuses(report: Report) -> bool:
    return accuses_person(report) or report.classification == "wbs" or report.category == "aparatur"


def _mentions(report: Report, words: tuple[str, ...]) -> bool:
    return bool(words) and _any_of(words).search(report.narrative) is not None


@lru_cache(SOUGHT)
def _any_of(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, words))})\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Seen:
    """What rules look at in a report, found out once for all of them."""

    facts: Mapping[str, str]
    report: Report
    outside: bool
    accusation: bool


def _seen(report: Report, policies: Policies) -> _Seen:
    facts = {
        "category": report.category,
        "subcategory": report.subcategory,
        "classification": report.classification,
        "owner": str(report.answers.get(OWNER_ANSWER) or ""),
        "level": area_level(report.place),
    }
    return _Seen(facts, report, is_outside(report.place, policies), accuses_person(report))


def _lacks(rule: RoutingRule, seen: _Seen) -> Iterator[str]:
    """The conditions of a rule that a report does not meet, each with what it is instead."""
    for name, wanted in rule.of:
        if (fact := seen.facts[name]) not in wanted:
            yield f"{name} is {fact or '-'}"
    if rule.words and not _mentions(seen.report, rule.words):
        yield f"none of the words {', '.join(rule.words)}"
    if rule.outside not in (None, seen.outside):
        yield "the place is " + ("outside" if rule.outside is False else "not outside")
    if rule.accusation not in (None, seen.accusation):
        yield ("an" if rule.accusation is False else "no") + " accusation of a person"


def _why(rule: RoutingRule | None) -> str:
    if rule is None:
        return "tidak ada aturan yang cocok"
    names = ("category", "subcategory", "classification", "owner", "level", "words")
    parts = [f"{name}: {', '.join(getattr(rule, name))}" for name in names if getattr(rule, name)]
    parts += [name for name in ("outside", "accusation") if getattr(rule, name)]
    return "; ".join(parts)
