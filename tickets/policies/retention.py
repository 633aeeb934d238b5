"""How long personal data is kept after it was last needed, and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from tickets.policies.lifecycle import Lifecycle
from tickets.policies.reader import Node

KINDS = (
    "messages_in",
    "messages_out",
    "deliveries",
    "last_heard",
    "silent_people",
    "pauses",
    "link_codes",
    "uploads",
    "spending",
    "walk_ins",
    "texts_filed",
    "invitations",
    "looks",
    "unsent",
)
MOST_AT_ONCE = 2000
LEAST_HEARD_DAYS = 2
"""Whether a platform lets us write freely is told from when somebody was last heard."""
LEAST_DAYS: Mapping[str, int] = {"last_heard": LEAST_HEARD_DAYS, "messages_in": 7, "messages_out": 7}
"""Platforms send messages again for days: what is forgotten sooner would be taken twice."""
CALENDAR_DAYS = 2
"""A working day never takes longer than so many days of the calendar, over a stretch with holidays in it."""


@dataclass(frozen=True, slots=True)
class Term:
    """How long one kind of data is kept once it is not needed any more, with the reason or the law."""

    kind: str
    keep: timedelta
    why: str


@dataclass(frozen=True, slots=True)
class ErasurePolicy:
    """What stays of a closed report without its reporter: masked words, the exact point, original files."""

    keep_narrative: bool
    keep_point: bool
    keep_files: bool


@dataclass(frozen=True, slots=True)
class RequestPolicy:
    """Within what time the law wants something about data done, and how long before the staff is reminded."""

    within: timedelta
    remind: timedelta


@dataclass(frozen=True, slots=True)
class RetentionPolicy:
    """The schedule; at most `at_once` rows of a kind go in one round.

    `reporters` is how long a closed report still knows whose it was, from its last change on.
    """

    erasure: ErasurePolicy
    requests: RequestPolicy
    breaches: RequestPolicy
    reporters: Term
    at_once: int
    terms: tuple[Term, ...]


def read_retention(node: Node, lifecycle: Lifecycle) -> RetentionPolicy:
    """The schedule of `retention.yml`; every kind must be there: none is kept for ever by oversight."""
    node.known("at_once", "keep", "reporters", "erasure", "requests", "breaches")
    keep = node.at("keep")
    keep.known(*KINDS)
    at_once = node.count("at_once", least=1)
    if at_once > MOST_AT_ONCE:
        node.fault(
            "That many rows at once hold up the people who write.",
            f"Write at most {MOST_AT_ONCE}.",
            "at_once",
        )
    terms = tuple(_term(keep, kind) for kind in KINDS)
    return RetentionPolicy(
        erasure=_erasure(node.at("erasure")),
        requests=_within(node.at("requests"), "request"),
        breaches=_within(node.at("breaches"), "breach"),
        reporters=_reporters(node, lifecycle),
        at_once=at_once,
        terms=terms,
    )


def _reporters(node: Node, lifecycle: Lifecycle) -> Term:
    """How long closed reports keep their reporter: longer than they may be opened again."""
    term = _term(node, "reporters")
    least = CALENDAR_DAYS * lifecycle.limits.reopen_days
    if timedelta(0) < term.keep < timedelta(days=least):
        node.at("reporters").fault(
            "A report would lose its reporter while it may be opened again (reopen_days in lifecycle.yml).",
            f"Write at least {least} days.",
            "days",
        )
    return term


def _erasure(node: Node) -> ErasurePolicy:
    node.known("keep_narrative", "keep_point", "keep_files")
    return ErasurePolicy(
        keep_narrative=node.flag("keep_narrative", default=True),
        keep_point=node.flag("keep_point", default=False),
        keep_files=node.flag("keep_files", default=False),
    )


def _within(node: Node, what: str) -> RequestPolicy:
    node.known("hours", "remind_hours")
    hours, remind = node.count("hours", least=1), node.count("remind_hours", least=1)
    if remind >= hours:
        node.fault(
            f"The reminder comes before the {what}.", "Let remind_hours be less than hours.", "remind_hours"
        )
    return RequestPolicy(timedelta(hours=hours), timedelta(hours=remind))


def _term(keep: Node, kind: str) -> Term:
    node = keep.at(kind)
    if node.value is None:
        keep.fault(f"'{kind}' has no term.", f"Write {kind}: {{days: 180, why: …}}.", kind)
        return Term(kind, timedelta(0), "")
    node.known("days", "why")
    days = node.count("days", least=LEAST_DAYS.get(kind, 1))
    return Term(kind, timedelta(days=days), node.text("why"))
