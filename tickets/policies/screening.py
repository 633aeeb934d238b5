"""What screening weighs, in which order, and what follows."""

from dataclasses import dataclass
from typing import get_args

from tickets.policies.reader import Node, Words
from tickets.policies.reasons import Reason
from tickets.ticket import Verdict

SIGNALS = (
    "emergency", "self_harm", "child_safety", "personal_data", "accusation", "hate", "threat", "incitement",
    "sexual", "abuse", "hearsay", "spam", "thin",
)  # fmt: skip
GRAVEST = 3
CONTEXTS = ("substance", "evidence", "pin")


@dataclass(frozen=True, slots=True)
class ScreeningRule:
    """One rule: a signal of at least `severity` leads to `verdict`, and to `then` once it was asked."""

    id: str
    signal: str
    severity: int
    verdict: Verdict
    then: Verdict
    unless: frozenset[str]
    spares: frozenset[str]
    mask: bool
    reason: str
    advice: Words


@dataclass(frozen=True, slots=True)
class ScreeningPolicy:
    """The rules in order; a category surer than `category_confidence` is substance."""

    rules: tuple[ScreeningRule, ...]
    category_confidence: float
    min_words: int


def read_screening(node: Node, reasons: dict[str, Reason]) -> ScreeningPolicy:
    """The rules of `screening.yml`; a refusing rule must name a known reason."""
    node.known("thresholds", "rules")
    thresholds = node.at("thresholds")
    thresholds.known("category_confidence", "min_words")
    rules = tuple(_rule(item, reasons) for item in node.items("rules"))
    if len({rule.id for rule in rules}) < len(rules):
        node.fault("Two rules share an id.", "Give each rule its own id.", "rules")
    confidence = thresholds.number("category_confidence")
    if confidence > 1:
        node.fault("A confidence is at most 1.", "Write for example category_confidence: 0.35.", "thresholds")
    return ScreeningPolicy(
        rules=rules,
        category_confidence=confidence,
        min_words=thresholds.count("min_words"),
    )


def _rule(item: Node, reasons: dict[str, Reason]) -> ScreeningRule:
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
        verdict=verdict,
        then=_verdict(item, "then", verdict),
        unless=frozenset(item.choices("unless", CONTEXTS)),
        spares=frozenset(item.choices("spares", get_args(Verdict))),
        mask=item.flag("mask", default=False),
        reason=item.choice("reason", (*reasons, ""), ""),
        advice=item.words("advice"),
    )


def _verdict(item: Node, key: str, default: str) -> Verdict:
    found = item.choice(key, get_args(Verdict), default or None)
    return next((verdict for verdict in get_args(Verdict) if verdict == found), "pass")
