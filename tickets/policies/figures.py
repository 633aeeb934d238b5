"""How tickets are counted, from how many a figure is shown, and who is sent which digest."""

from dataclasses import dataclass
from typing import get_args

from tickets.policies.calendar import WEEKDAYS, CalendarPolicy
from tickets.policies.reader import Node
from tickets.ticket import Role, Status

COUNTS = ("done", "in_process", "deferred")
KEYS = (
    *("counted_as", "least_n", "least_surveys", "ranked", "repeats"),
    *("unknown_words", "spoken", "page", "digests"),
)
DIGESTS = ("harian", "mingguan", "bulanan", "putusan")
LAST_MONTHDAY = 28
"""Every month has it."""


@dataclass(frozen=True, slots=True)
class DigestRule:
    """Who gets a digest unless they choose otherwise, and when: every day, or once a week or a month.

    `weekday` (Monday is 0) or `monthday` is the day it comes on, or the first after it that is worked.
    """

    roles: frozenset[str]
    weekday: int | None
    monthday: int | None


@dataclass(frozen=True, slots=True)
class RepeatRule:
    """From how many reports, of how many people, a place counts as repeating, and how many are told."""

    least_reports: int
    least_people: int
    most: int


@dataclass(frozen=True, slots=True)
class SpokenRule:
    """In a report read aloud: from which percentage on time an agency is thanked, below which it needs help.

    At most `names` agencies, categories and places are named of each.
    """

    thank_from: int
    help_below: int
    names: int


@dataclass(frozen=True, slots=True)
class PageRule:
    """The page of figures: groups of fewer than `least` are not told apart to everybody.

    Staff with one of the roles get a link to the fuller page; it holds for so many hours.
    """

    least: int
    roles: frozenset[str]
    hours: int


@dataclass(frozen=True, slots=True)
class FigurePolicy:
    """What each state counts as, and below how many tickets or surveys a figure is not shown.

    `least_word_people`: a word the bot does not know is told where so many people used it.
    """

    counted_as: dict[Status, str]
    least_n: int
    least_surveys: int
    ranked: int
    repeats: RepeatRule
    least_word_people: int
    spoken: SpokenRule
    page: PageRule
    digests: dict[str, DigestRule]


def read_figures(node: Node, calendar: CalendarPolicy) -> FigurePolicy:
    """The rules of `figures.yml`; a state is counted once, and digests come on days that are worked."""
    node.known(*KEYS)
    digests = node.at("digests")
    digests.known(*DIGESTS)
    return FigurePolicy(
        counted_as=_counted(node.at("counted_as")),
        least_n=node.count("least_n", least=1),
        least_surveys=node.count("least_surveys", least=1),
        ranked=node.count("ranked", least=1),
        repeats=_repeats(node.at("repeats")),
        least_word_people=_word_people(node.at("unknown_words")),
        spoken=_spoken(node.at("spoken")),
        page=_page(node.at("page")),
        digests={name: _digest(digests.at(name), calendar) for name in DIGESTS},
    )


def _counted(node: Node) -> dict[Status, str]:
    node.known(*COUNTS)
    found: dict[Status, str] = {}
    for count in COUNTS:
        for name in node.choices(count, get_args(Status)):
            for state in get_args(Status):
                if state == name and found.setdefault(state, count) != count:
                    node.fault(f"{state} would be counted twice.", "Keep it in one of the lists.", count)
    return found


def _repeats(node: Node) -> RepeatRule:
    """A place of one person's reports alone would point at that person: two is the least there can be."""
    node.known("least_reports", "least_people", "most")
    return RepeatRule(
        least_reports=node.count("least_reports", least=2),
        least_people=node.count("least_people", least=2),
        most=node.count("most", least=1),
    )


def _word_people(node: Node) -> int:
    node.known("least_people")
    return node.count("least_people", least=2)


def _spoken(node: Node) -> SpokenRule:
    node.known("thank_from", "help_below", "names")
    found = SpokenRule(
        node.count("thank_from", least=1), node.count("help_below"), node.count("names", least=1)
    )
    if found.help_below > found.thank_from:
        node.fault(
            "An agency would be thanked and in need of help.", "Keep it at or below thank_from.", "help_below"
        )
    return found


def _page(node: Node) -> PageRule:
    node.known("least", "roles", "hours")
    return PageRule(
        least=node.count("least", least=2),
        roles=frozenset(node.choices("roles", get_args(Role))),
        hours=node.count("hours", least=1),
    )


def _digest(node: Node, calendar: CalendarPolicy) -> DigestRule:
    node.known("roles", "weekday", "monthday")
    name = node.choice("weekday", (*WEEKDAYS, ""), "")
    day = WEEKDAYS.index(name) if name in WEEKDAYS else None
    if day is not None and not any(day <= worked for worked in calendar.hours):
        node.fault(
            f"No office opens on {name} or later in the week.", "Name a day of calendar.yml.", "weekday"
        )
    return DigestRule(frozenset(node.choices("roles", get_args(Role))), day, _monthday(node))


def _monthday(node: Node) -> int | None:
    if not node.has("monthday"):
        return None
    day = node.count("monthday", least=1)
    if day > LAST_MONTHDAY:
        node.fault("Not every month has that day.", f"Write a day from 1 to {LAST_MONTHDAY}.", "monthday")
    if node.has("weekday"):
        node.fault("It cannot come by the week and by the month.", "Keep one of them.", "monthday")
    return day
