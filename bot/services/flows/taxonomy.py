"""Whether the categories that routing rules name exist: a rule that names another fits no report ever."""

from collections.abc import Iterator, Mapping

from nlu.categories import Category
from tickets.policies.faults import Fault
from tickets.policies.reader import nearest
from tickets.policies.routing import Routing, RoutingRule

FILE = "routing.yml"


def unknown_categories(routing: Routing, known: Mapping[str, Category]) -> Iterator[Fault]:
    """A fault for each category or sub-category of a rule that is not of the taxonomy."""
    for rule in routing.rules:
        yield from (_fault(rule, "category", one, known) for one in rule.category if one not in known)
        of = [known[one] for one in rule.category if one in known] or list(known.values())
        parts = [part for category in of for part in category.subcategories]
        yield from (_fault(rule, "subcategory", one, parts) for one in rule.subcategory if one not in parts)


def _fault(rule: RoutingRule, key: str, name: str, known: Mapping[str, Category] | list[str]) -> Fault:
    like = nearest(name, known)
    remedy = f"Use {like}" if like.startswith("'") else "Use one of nlu_data/categories.yml"
    where = f"rules.{rule.id}.{key}"
    return Fault(FILE, where, rule.line, f"There is no {key} '{name}'.", f"{remedy}, or add it there first.")
