"""Screening: may this report be passed on as it is, and if not, what helps. Never silently blocks."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from nlu.interpretation import Interpretation, Signal, Span
from tickets.policies import Policies
from tickets.policies.screening import ScreeningPolicy, ScreeningRule
from tickets.ticket import Finding, Report, ScreeningResult, Verdict

STOPPING = ("ask", "hold", "refuse")
MASK = "•"
MANY = 2
"""So many others who follow a report confirm it."""
ASKED = "perbaikan"
"""Under which name a report's answers hold what its reporter said when screening asked."""
Level = Literal["kuat", "cukup", "lemah"]
Mark = Literal["sendiri", "dijelaskan", "foto", "titik", "warga"]


@dataclass(frozen=True, slots=True)
class Standing:
    """How well a report stands on its own, and what it stands on."""

    level: Level
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class _Case:
    """What the rules look at: the story, its reading, the signals in it, and what else is known."""

    narrative: str
    reading: Interpretation
    signals: tuple[Signal, ...]
    contexts: frozenset[str]
    asked: frozenset[str]


def screen(
    narrative: str, interpretation: Interpretation, facts: Mapping[str, Any], policies: Policies
) -> ScreeningResult:
    """The verdict on a story by the city's rules, with the words it rests on and the advice.

    `facts`: `evidence` (how many attachments), `pin` (a location was sent), `asked_before` (ids of rules
    whose question was already put: each asks at most once).
    """
    policy = policies.screening
    case = _case(narrative, interpretation, facts, policy)
    matched = [(rule, hits) for rule in policy.rules if (hits := _hits(rule, case))]
    findings = tuple(_finding(rule, hits, case) for rule, hits in matched)
    return ScreeningResult(_verdict([rule for rule, _ in matched], case), findings, _masked(matched, case))


def standing(report: Report, followers: int = 0) -> Standing:
    """What a report rests on: a photo, a pin with a time, or other voices make it strong, mere hearsay weak.

    Shown to the operator, never used to hide a report.
    """
    hearsay = any(finding.signal == "hearsay" for finding in report.screening.findings)
    found: dict[Mark, bool] = {
        "sendiri": not hearsay,
        "dijelaskan": hearsay and bool(report.answers.get(ASKED)),
        "foto": bool(report.evidence),
        "titik": report.place.lat is not None,
        "warga": followers > 0,
    }
    strong = found["foto"] or (found["titik"] and bool(report.event_time)) or followers >= MANY
    marks: tuple[Mark, ...] = tuple(mark for mark, holds in found.items() if holds)
    return Standing("kuat" if strong else "cukup" if marks else "lemah", marks)


def reason_of(result: ScreeningResult, policies: Policies) -> Finding | None:
    """The finding the verdict rests on: the first whose rule says it, or the first at all."""
    rules = {rule.id: rule for rule in policies.screening.rules}
    saying = (
        found
        for found in result.findings
        if found.rule in rules and result.verdict in (rules[found.rule].verdict, rules[found.rule].then)
    )
    return next(saying, next(iter(result.findings), None))


def alarm(result: ScreeningResult, policies: Policies) -> str:
    """The signal of which a person of the staff is to be told at once; empty when there is none."""
    alarming = {rule.id for rule in policies.screening.rules if rule.alert}
    return next((found.signal for found in result.findings if found.rule in alarming), "")


def _case(
    narrative: str, reading: Interpretation, facts: Mapping[str, Any], policy: ScreeningPolicy
) -> _Case:
    read = (_placed(signal, narrative, reading.text) for signal in reading.signals)
    return _Case(
        narrative=narrative,
        reading=reading,
        signals=(*read, *_own_signals(narrative, reading, policy), *_told_signals(reading, facts)),
        contexts=_contexts(reading, facts, policy),
        asked=frozenset(facts.get("asked_before") or ()),
    )


def _placed(signal: Signal, narrative: str, text: str) -> Signal:
    """The signal with its words where they stand in the narrative, which may hold more than the text read."""
    spans = (_found_again(span, narrative, text) for span in signal.spans)
    return replace(signal, spans=tuple(span for span in spans if span))


def _found_again(span: Span, narrative: str, text: str) -> Span | None:
    words = text[span.start : span.end]
    start = span.start if narrative.startswith(words, span.start) else narrative.find(words)
    return Span(start, start + len(words)) if words and start >= 0 else None


def _own_signals(narrative: str, reading: Interpretation, policy: ScreeningPolicy) -> tuple[Signal, ...]:
    found = []
    if reading.emergency:
        found.append(Signal("emergency", 3, _spans_of(narrative, reading.emergency.words)))
    if len(narrative.split()) < policy.min_words:
        found.append(Signal("thin", 1, (Span(0, len(narrative)),)))
    return tuple(found)


def _told_signals(reading: Interpretation, facts: Mapping[str, Any]) -> Iterator[Signal]:
    """What is known of the person, not of the words: banned, or many reports; nothing in an emergency."""
    known = () if reading.emergency else facts.get("person") or ()
    return (Signal(kind, 1, ()) for kind in known)


def _spans_of(narrative: str, words: tuple[str, ...]) -> tuple[Span, ...]:
    places = ((narrative.lower().find(word.lower()), len(word)) for word in words)
    return tuple(Span(start, start + length) for start, length in places if start >= 0)


def _contexts(reading: Interpretation, facts: Mapping[str, Any], policy: ScreeningPolicy) -> frozenset[str]:
    evidence, pin = bool(facts.get("evidence")), bool(facts.get("pin"))
    sure = any(guess.confidence >= policy.category_confidence for guess in reading.categories)
    known = {
        "evidence": evidence,
        "pin": pin,
        "substance": evidence or pin or sure or reading.place is not None,
    }
    return frozenset(name for name, holds in known.items() if holds)


def _hits(rule: ScreeningRule, case: _Case) -> tuple[Signal, ...]:
    weights = range(rule.severity, rule.most + 1)
    return tuple(s for s in case.signals if s.kind == rule.signal and s.severity in weights)


def _verdict(rules: list[ScreeningRule], case: _Case) -> Verdict:
    spared = frozenset().union(*(rule.spares for rule in rules))
    verdicts = [verdict for rule in rules if (verdict := _says(rule, case)) not in spared]
    stopping = next((verdict for verdict in verdicts if verdict in STOPPING), None)
    return stopping or ("pass_private" if "pass_private" in verdicts else "pass")


def _says(rule: ScreeningRule, case: _Case) -> Verdict:
    if rule.unless & case.contexts:
        return "pass"
    return rule.then if rule.verdict == "ask" and rule.id in case.asked else rule.verdict


def _finding(rule: ScreeningRule, hits: tuple[Signal, ...], case: _Case) -> Finding:
    spans = sorted({(span.start, span.end) for hit in hits for span in hit.spans})
    language = case.reading.language
    return Finding(rule.id, rule.signal, _merged(spans), rule.advice[language], rule.next[language])


def _merged(spans: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Sorted spans with overlapping ones as one, so that no word is pointed at twice."""
    kept: list[tuple[int, int]] = []
    for start, end in spans:
        if kept and start < kept[-1][1]:
            kept[-1] = (kept[-1][0], max(kept[-1][1], end))
        else:
            kept.append((start, end))
    return tuple(kept)


def _masked(matched: list[tuple[ScreeningRule, tuple[Signal, ...]]], case: _Case) -> str:
    """The narrative with other people's data hidden, sign for sign, so that offsets keep their meaning."""
    letters = list(case.narrative)
    for rule, hits in matched:
        for start, end in _finding(rule, hits, case).spans if rule.mask else ():
            letters[start:end] = [sign if sign.isspace() else MASK for sign in letters[start:end]]
    return "".join(letters)
