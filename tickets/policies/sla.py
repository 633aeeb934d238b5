"""How many working days each thing may take, and who is told when it takes longer."""

from dataclasses import dataclass
from typing import get_args

from tickets.policies.agencies import Agencies
from tickets.policies.reader import Node, Words
from tickets.ticket import Classification

KINDS = (
    *("verify", "moderate", "first_response", "resolve", "rework"),
    *("acknowledge", "external", "unreached", "auto_close", "confirm"),
)
RUNG_AUDIENCES = ("agency", "leader", "moderators", "top", "reporter")


@dataclass(frozen=True, slots=True)
class DeadlineRule:
    """Working days for one kind of deadline; `supervision` is None where supervision makes no difference."""

    days: int
    supervision: int | None
    by_classification: dict[str, int]
    by_agency: dict[str, int]


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of the escalation ladder: `after` so many working days past the deadline, tell whom."""

    after: int
    to: Words
    audience: str


@dataclass(frozen=True, slots=True)
class SlaPolicy:
    """Every deadline of the city, what counts as supervision, and the escalation ladder.

    `stretch_hours` is within what first answers are hoped for: counted in figures, nobody is reminded of it.
    """

    deadlines: dict[str, DeadlineRule]
    supervision_classifications: frozenset[str]
    supervision_categories: frozenset[str]
    due_soon_days: int
    escalation: tuple[Rung, ...]
    stretch_hours: int


def read_sla(node: Node, agencies: Agencies) -> SlaPolicy:
    """The deadlines of `sla.yml`; each kind must be given."""
    node.known("deadlines", "supervision", "due_soon_days", "escalation", "stretch_hours")
    deadlines, supervision = node.at("deadlines"), node.at("supervision")
    deadlines.known(*KINDS)
    supervision.known("classifications", "categories")
    return SlaPolicy(
        deadlines={kind: _rule(deadlines, kind, agencies) for kind in KINDS},
        supervision_classifications=frozenset(
            supervision.choices("classifications", get_args(Classification))
        ),
        supervision_categories=frozenset(supervision.texts("categories")),
        due_soon_days=node.count("due_soon_days", 1),
        escalation=_ladder(node),
        stretch_hours=node.count("stretch_hours", 24, least=1),
    )


def _rule(deadlines: Node, kind: str, agencies: Agencies) -> DeadlineRule:
    node = deadlines.at(kind)
    node.known("days", "supervision", "by_classification", "by_agency")
    return DeadlineRule(
        days=node.count("days", least=1),
        supervision=node.count("supervision", least=1) if node.has("supervision") else None,
        by_classification=_days(node.at("by_classification"), get_args(Classification)),
        by_agency=_days(node.at("by_agency"), tuple(agencies.by_id)),
    )


def _days(node: Node, allowed: tuple[str, ...]) -> dict[str, int]:
    node.known(*allowed)
    return {key: node.count(key, least=1) for key in node.keys() if key in allowed}  # noqa: SIM118 (a Node)


def _ladder(node: Node) -> tuple[Rung, ...]:
    rungs: list[Rung] = []
    for item in node.items("escalation"):
        item.known("after", "to", "audience")
        rung = Rung(item.count("after"), item.words("to"), item.choice("audience", RUNG_AUDIENCES))
        if rungs and rung.after < rungs[-1].after:
            item.fault(
                "This rung comes earlier than the one before it.", "Order the rungs by 'after'.", "after"
            )
        rungs.append(rung)
    return tuple(rungs)
