"""What screening weighs, in which order, and what follows."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import get_args

from tickets.policies.reader import Node, Words
from tickets.policies.reasons import Reason
from tickets.ticket import Verdict

SIGNALS = (
    "emergency", "self_harm", "child_safety", "personal_data", "accusation", "hate", "threat", "incitement",
    "sexual", "abuse", "hearsay", "spam", "thin", "banned", "many",
)  # fmt: skip
OWN = frozenset({"emergency", "thin", "banned", "many"})
"""Signals screening finds by itself or is told of; the understanding gives the others."""
GRAVEST = 3
GAP = re.compile(r"\{bantuan_(\w+)\}")
CONTEXTS = ("substance", "evidence", "pin")


@dataclass(frozen=True, slots=True)
class ScreeningRule:
    """One rule: a signal of `severity` to `most` leads to `verdict`, and to `then` once it was asked.

    `advice` tells the citizen what would help, `next` what happens now; with `alert` a person of the staff
    is told at once.
    """

    id: str
    signal: str
    severity: int
    most: int
    verdict: Verdict
    then: Verdict
    unless: frozenset[str]
    spares: frozenset[str]
    mask: bool
    reason: str
    alert: bool
    advice: Words
    next: Words


@dataclass(frozen=True, slots=True)
class ScreeningPolicy:
    """The rules in order; a category surer than `category_confidence` is substance.

    A report with a signal of `two_people` is refused by two people only.
    """

    rules: tuple[ScreeningRule, ...]
    category_confidence: float
    min_words: int
    two_people: frozenset[str]


def read_screening(node: Node, reasons: dict[str, Reason], helplines: Mapping[str, str]) -> ScreeningPolicy:
    """The rules of `screening.yml`; a refusing rule must name a known reason, a text known helplines."""
    node.known("thresholds", "moderation", "rules")
    moderation = node.at("moderation")
    moderation.known("two_people")
    thresholds = node.at("thresholds")
    thresholds.known("category_confidence", "min_words")
    rules = tuple(_rule(item, reasons, helplines) for item in node.items("rules"))
    if len({rule.id for rule in rules}) < len(rules):
        node.fault("Two rules share an id.", "Give each rule its own id.", "rules")
    confidence = thresholds.number("category_confidence")
    if confidence > 1:
        node.fault("A confidence is at most 1.", "Write for example category_confidence: 0.35.", "thresholds")
    return ScreeningPolicy(
        rules=rules,
        category_confidence=confidence,
        min_words=thresholds.count("min_words"),
        two_people=frozenset(moderation.choices("two_people", SIGNALS)),
    )


def _rule(item: Node, reasons: dict[str, Reason], helplines: Mapping[str, str]) -> ScreeningRule:
    item.known(*ScreeningRule.__dataclass_fields__)
    verdict = _verdict(item, "verdict", "")
    if "refuse" in {verdict, item.text("then", "")} and not item.has("reason"):
        item.fault("A refusing rule needs a reason.", "Add reason: with a code of reasons.yml.")
    if verdict == "ask" and not item.has("then"):
        item.fault("A rule asks only once.", "Add then: with what follows the answer.")
    if item.has("then") and item.text("then") == "ask":
        item.fault("A rule asks only once.", "Let then: be pass, pass_private, hold or refuse.", "then")
    if item.count("severity", 1, least=1) > GRAVEST:
        item.fault(f"A signal weighs at most {GRAVEST}.", "Write severity: 1, 2 or 3.", "severity")
    return ScreeningRule(
        id=item.text("id"),
        signal=item.choice("signal", SIGNALS),
        severity=item.count("severity", 1, least=1),
        most=item.count("most", GRAVEST, least=1),
        verdict=verdict,
        then=_verdict(item, "then", verdict),
        unless=frozenset(item.choices("unless", CONTEXTS)),
        spares=frozenset(item.choices("spares", get_args(Verdict))),
        mask=item.flag("mask", default=False),
        reason=item.choice("reason", (*reasons, ""), ""),
        alert=item.flag("alert", default=False),
        advice=_filled(item, "advice", helplines),
        next=_filled(item, "next", helplines),
    )


def _filled(item: Node, key: str, helplines: Mapping[str, str]) -> Words:
    """A text with the city's helplines where it names them."""
    filled = {}
    for language, text in item.words(key).items():
        for name in GAP.findall(text):
            if name not in helplines:
                known = ", ".join(f"{{bantuan_{one}}}" for one in helplines)
                item.fault(
                    f"There is no helpline '{name}' in city.yml.", f"Use {known}, or add it there.", key
                )
        filled[language] = GAP.sub(lambda gap: helplines.get(gap[1], gap[0]), text)
    return filled


def _verdict(item: Node, key: str, default: str) -> Verdict:
    found = item.choice(key, get_args(Verdict), default or None)
    return next((verdict for verdict in get_args(Verdict) if verdict == found), "pass")
