"""How much one person may send before a pause, and what counts as a flood of one text."""

from dataclasses import dataclass
from datetime import timedelta

from tickets.policies.reader import Node


@dataclass(frozen=True, slots=True)
class Pausing:
    """A pause lasts `first`, twice as long each time up to `longest`; after `forget` it is the first."""

    first: timedelta
    longest: timedelta
    forget: timedelta

    def after(self, times: int) -> timedelta:
        """How long the pause is that comes after so many others."""
        return min(self.first * (1 << min(times, 20)), self.longest)


@dataclass(frozen=True, slots=True)
class Flood:
    """One text from `people` within `window` is one matter; shorter ones than `least_words` never are."""

    people: int
    window: timedelta
    least_words: int


@dataclass(frozen=True, slots=True)
class WebChatTerms:
    """A talk on the page ends when nobody used it for `idle`, and when it is `longest` old."""

    idle: timedelta
    longest: timedelta


@dataclass(frozen=True, slots=True)
class LimitPolicy:
    """Messages of one person in `burst`, reports in `day`, pauses, floods, how long a ban may be.

    `web_chat` says how long a browser is known.
    """

    messages: int
    burst: timedelta
    pause: Pausing
    reports: int
    day: timedelta
    flood: Flood
    ban_days: tuple[int, ...]
    web_chat: WebChatTerms


def read_limits(node: Node) -> LimitPolicy:
    """The limits of `limits.yml`."""
    node.known("burst", "pause", "reports", "flood", "ban_days", "web_chat")
    burst, reports = node.at("burst"), node.at("reports")
    burst.known("messages", "seconds")
    reports.known("count", "hours")
    return LimitPolicy(
        messages=burst.count("messages", least=10),
        burst=timedelta(seconds=burst.number("seconds", least=1)),
        pause=_pausing(node.at("pause")),
        reports=reports.count("count", least=1),
        day=timedelta(hours=reports.number("hours", least=1)),
        flood=_flood(node.at("flood")),
        ban_days=_days(node),
        web_chat=_web_chat(node.at("web_chat")),
    )


def _pausing(node: Node) -> Pausing:
    node.known("minutes", "longest", "forget_hours")
    first, longest = node.number("minutes", least=0.1), node.number("longest", least=0.1)
    if longest < first:
        node.fault(
            "The longest pause is shorter than the first.", "Let longest be at least minutes.", "longest"
        )
    forget = timedelta(hours=node.number("forget_hours", least=0.1))
    return Pausing(timedelta(minutes=first), timedelta(minutes=longest), forget)


def _flood(node: Node) -> Flood:
    node.known("people", "minutes", "least_words")
    return Flood(
        people=node.count("people", least=2),
        window=timedelta(minutes=node.number("minutes", least=1)),
        least_words=node.count("least_words", least=3),
    )


def _web_chat(node: Node) -> WebChatTerms:
    node.known("idle_hours", "longest_days")
    terms = WebChatTerms(
        idle=timedelta(hours=node.number("idle_hours", least=1)),
        longest=timedelta(days=node.number("longest_days", least=1)),
    )
    if terms.longest < terms.idle:
        node.fault(
            "A talk would end by its age before it is idle.",
            "Let longest_days be at least as long as idle_hours.",
            "longest_days",
        )
    return terms


def _days(node: Node) -> tuple[int, ...]:
    found = []
    for item in node.items("ban_days"):
        if isinstance(item.value, int) and not isinstance(item.value, bool) and item.value > 0:
            found.append(item.value)
        else:
            item.fault(f"'{item.value}' is no number of days.", "Write for example [1, 7, 30].")
    if not found and node.has("ban_days"):
        node.fault("There is no length a ban may have.", "Write for example [1, 7, 30].", "ban_days")
    return tuple(sorted(found))
