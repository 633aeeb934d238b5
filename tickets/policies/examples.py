"""Examples that the routing rules have to keep right."""

from dataclasses import dataclass, field

from tickets.policies.agencies import Agencies
from tickets.policies.reader import Node

GIVEN = ("category", "subcategory", "classification", "owner", "unit", "kode")


@dataclass(frozen=True, slots=True)
class RoutingExample:
    """A citizen's words, what is known besides, and where the report has to go (by which rule, if named)."""

    text: str
    agency: str
    rule: str
    line: int
    given: dict[str, str] = field(default_factory=dict)


def read_examples(node: Node, agencies: Agencies, rules: tuple[str, ...]) -> tuple[RoutingExample, ...]:
    """The examples of `routing_examples.yml`; they may name known agencies and rules only."""
    node.known("examples")
    return tuple(_example(item, agencies, rules) for item in node.items("examples"))


def _example(item: Node, agencies: Agencies, rules: tuple[str, ...]) -> RoutingExample:
    item.known("text", "agency", "rule", *GIVEN)
    return RoutingExample(
        text=item.text("text"),
        agency=item.choice("agency", agencies.by_id),
        rule=item.choice("rule", (*rules, ""), ""),
        line=item.line,
        given={key: item.text(key) for key in GIVEN if item.has(key)},
    )
