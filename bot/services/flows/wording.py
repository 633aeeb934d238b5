"""Whether all the news a city's rules send has a text: of a name nobody wrote, people would read the name."""

from collections.abc import Iterator

import structlog

from dialogs.responses import FALLBACK, Speaker
from tickets.policies.faults import Fault
from tickets.policies.lifecycle import Lifecycle, Telling
from tickets.policies.reader import nearest

log = structlog.get_logger(__name__)
FILE = "lifecycle.yml"
CITIZENS, STAFF = "utter_", "petugas_"
DRAWN = "kartu"
"""News to the staff that is no text: their card is drawn anew."""


def unwritten(lifecycle: Lifecycle, texts: Speaker) -> tuple[Fault, ...]:
    """A fault for each telling whose text nobody wrote, with the name most like it."""
    written = texts.responses.get(FALLBACK, {}).keys()
    return tuple(
        _fault(key, telling, frozenset(written))
        for key, telling in _tellings(lifecycle)
        if telling.name != DRAWN and _prefix(telling) + telling.name not in written
    )


def complain(lifecycle: Lifecycle, texts: Speaker) -> None:
    """Log what `unwritten` finds."""
    for fault in unwritten(lifecycle, texts):
        log.error("policies.text_missing", fault=str(fault), remedy=fault.remedy)


def _tellings(lifecycle: Lifecycle) -> Iterator[tuple[str, Telling]]:
    for verdict, opening in lifecycle.opening_tells.items():
        yield from ((f"opening_tells.{verdict}", telling) for telling in opening)
    for name, rule in lifecycle.actions.items():
        yield from ((f"actions.{name}.tells", telling) for telling in rule.tells)


def _prefix(telling: Telling) -> str:
    return CITIZENS if telling.to in {"reporter", "followers"} else STAFF


def _fault(key: str, telling: Telling, written: frozenset[str]) -> Fault:
    prefix = _prefix(telling)
    missing = prefix + telling.name
    names = sorted(name.removeprefix(prefix) for name in written if name.startswith(prefix))
    like = nearest(telling.name, names)
    near = f"Did you mean {like}? Else write" if like.startswith("'") else "Write"
    remedy = f"{near} {missing} in a file of dialogs/responses, in every language."
    return Fault(FILE, key, telling.line, f"No text is called {missing}.", remedy)
