"""Places of which the same is reported again and again: counted, and told only where nobody is pointed at."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from tickets.lives import Life
from tickets.policies.figures import FigurePolicy

KALURAHAN = 13
"""Signs of a kalurahan's code; what is known less exactly is no place to go to."""


@dataclass(frozen=True, slots=True)
class Repeat:
    """A kalurahan and a category: how many reports of it, and from how many people."""

    kode: str
    category: str
    reports: int
    people: int


def repeats(lives: Iterable[Life], policy: FigurePolicy) -> tuple[Repeat, ...]:
    """Where the same came again and again, the most people first.

    Confidential, refused and withdrawn tickets count nowhere here, and a place with fewer than
    `least_people` is left out however often they wrote: it could tell who they are.
    """
    rule = policy.repeats
    groups: dict[tuple[str, str], list[Life]] = defaultdict(list)
    for life in lives:
        if _counts(life, policy):
            groups[life.kode, life.category].append(life)
    found = [_repeat(kode, category, group) for (kode, category), group in groups.items()]
    enough = [one for one in found if one.reports >= rule.least_reports and one.people >= rule.least_people]
    return tuple(sorted(enough, key=_rank)[: rule.most])


def _counts(life: Life, policy: FigurePolicy) -> bool:
    meant = life.status in policy.counted_as or life.status == "DUPLIKAT"
    return meant and not life.secret and len(life.kode) == KALURAHAN


def _repeat(kode: str, category: str, group: list[Life]) -> Repeat:
    people = frozenset[int]().union(*(life.people for life in group))
    return Repeat(kode, category, len(group), len(people))


def _rank(one: Repeat) -> tuple[int, int, str, str]:
    return -one.people, -one.reports, one.kode, one.category
