"""Which report goes to which agency: ordered rules, the first that fits counts."""

from dataclasses import dataclass, field
from typing import get_args

from tickets.policies.agencies import Agencies
from tickets.policies.reader import Node, nearest
from tickets.ticket import Classification, Flag

OWNERS = ("nasional", "provinsi", "kabupaten", "kalurahan")
LEVELS = ("kabupaten", "kapanewon", "kalurahan", "tanpa")
RULE_FLAGS = ("RAHASIA", "WBS")
FACTS = ("category", "subcategory", "classification", "owner", "level")
"""What a rule may ask of a report by its value."""
CONDITIONS = ("category", "subcategory", "classification", "owner", "level", "words", "outside", "accusation")


@dataclass(frozen=True, slots=True)
class RoutingRule:
    """One rule; an empty condition (or None) fits every report, the others must all fit."""

    id: str
    agency: str
    line: int
    category: tuple[str, ...] = ()
    subcategory: tuple[str, ...] = ()
    classification: tuple[str, ...] = ()
    owner: tuple[str, ...] = ()
    level: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    outside: bool | None = None
    accusation: bool | None = None
    flags: frozenset[Flag] = frozenset()
    auto_dispose: bool = True
    of: tuple[tuple[str, tuple[str, ...]], ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Note which of the facts it looks at: few of them, and rules are many."""
        given = ((name, getattr(self, name)) for name in FACTS)
        object.__setattr__(self, "of", tuple((name, wanted) for name, wanted in given if wanted))


@dataclass(frozen=True, slots=True)
class Routing:
    """The rules in order, where the rest goes, and who takes what concerns the accused unit itself."""

    rules: tuple[RoutingRule, ...]
    last_resort: str
    conflict_to: str
    conflict_fallback: str

    @property
    def categories(self) -> frozenset[str]:
        """Every category a rule names."""
        return frozenset(name for rule in self.rules for name in rule.category)


def categories_of(entry: Node, routing: Routing, *more: str) -> tuple[str, ...]:
    """The `categories` of an entry, each of which a rule has, or is one `more`; either may be misspelt."""
    known, found = (*routing.categories, *more), entry.texts("categories")
    for name in found:
        if name not in known:
            remedy = f"Correct it here or there; here it may be {nearest(name, known)}."
            entry.fault(f"No rule of routing.yml has the category '{name}'.", remedy, "categories")
    return found


def read_routing(node: Node, agencies: Agencies) -> Routing:
    """The rules of `routing.yml`; they may name known agencies only."""
    node.known("last_resort", "conflict", "rules")
    conflict = node.at("conflict")
    conflict.known("to", "fallback")
    rules = tuple(_rule(item, agencies) for item in node.items("rules"))
    _ids_once(node, rules)
    return Routing(
        rules=rules,
        last_resort=node.choice("last_resort", agencies.by_id),
        conflict_to=conflict.choice("to", agencies.by_id),
        conflict_fallback=conflict.choice("fallback", agencies.by_id),
    )


def _rule(item: Node, agencies: Agencies) -> RoutingRule:
    item.known("id", "agency", "flags", "auto_dispose", *CONDITIONS)
    if not any(item.has(key) for key in CONDITIONS):
        item.fault("This rule fits every report.", "Give it a condition, or use last_resort.")
    return RoutingRule(
        id=item.text("id"),
        agency=item.choice("agency", agencies.by_id),
        line=item.line,
        category=item.texts("category"),
        subcategory=item.texts("subcategory"),
        classification=item.choices("classification", get_args(Classification)),
        owner=item.choices("owner", OWNERS),
        level=item.choices("level", LEVELS),
        words=item.texts("words"),
        outside=item.flag("outside", default=False) if item.has("outside") else None,
        accusation=item.flag("accusation", default=False) if item.has("accusation") else None,
        flags=frozenset(flag for flag in get_args(Flag) if flag in item.choices("flags", RULE_FLAGS)),
        auto_dispose=item.flag("auto_dispose", default=True),
    )


def _ids_once(node: Node, rules: tuple[RoutingRule, ...]) -> None:
    seen: set[str] = set()
    for rule, item in zip(rules, node.items("rules"), strict=True):
        if rule.id in seen:
            item.fault(f"The rule '{rule.id}' is listed twice.", "Give each rule its own id.", "id")
        seen.add(rule.id)
