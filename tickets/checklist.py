"""Data asked of a citizen item by item: the list they get, and which items an answer ticks."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from tickets.policies.questions import Question
from tickets.ticket import Asked

NUMBERED = re.compile(r"^\s*(\d{1,2})\s*[.):]\s*\S")
PIN = "📍"
"""How a pin that came as words begins."""


def asked_of(questions: Iterable[Question], own: str, language: str) -> tuple[Asked, ...]:
    """The items of a request in the citizen's language; `own` are words of the operator's, if any."""
    items = [Asked(one.code, one.ask[language], one.kind) for one in questions]
    return (*items, Asked("", own.strip())) if own.strip() else tuple(items)


def listed(asked: Sequence[Asked], *, open_only: bool = False) -> str:
    """The items a line each, under the numbers they keep."""
    return "\n".join(
        f"{place}. {one.words}" for place, one in enumerate(asked, 1) if not (open_only and one.done)
    )


def ticked(asked: Sequence[Asked], text: str, files: int) -> tuple[Asked, ...]:
    """The items after an answer.

    A line that begins with an item's number answers that item; every other line answers the next open one
    that words can answer; a pin the next place; every file the next photo.
    """
    items = list(asked)
    for line in filter(None, map(str.strip, text.splitlines())):
        place = _meant(items, line)
        if place is not None:
            items[place] = replace(items[place], done=True)
    for _ in range(files):
        photo = _next(items, ("photo",))
        if photo is not None:
            items[photo] = replace(items[photo], done=True)
    return tuple(items)


def _meant(items: Sequence[Asked], line: str) -> int | None:
    numbered = NUMBERED.match(line)
    if numbered and 1 <= int(numbered[1]) <= len(items):
        return int(numbered[1]) - 1
    return _next(items, ("place", "text") if line.startswith(PIN) else ("text", "place"))


def _next(items: Sequence[Asked], kinds: Sequence[str]) -> int | None:
    """The first open item of the first of these kinds that has one; words are taken in the list's order."""
    wanted = [[kinds[0]], list(kinds)] if kinds[0] == "place" else [list(kinds)]
    for kind in wanted:
        found = next((at for at, one in enumerate(items) if one.kind in kind and not one.done), None)
        if found is not None:
            return found
    return None
