"""Telling how trials went: a failed one as the conversation it was, all of them as plain data."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from typing import Any

from dialogs.trial.coverage import Coverage
from dialogs.trial.play import Outcome, Said

WIDTH = 9


def told(outcome: Outcome) -> Iterator[str]:
    """The conversation as it went, then what was expected where it went another way."""
    case, found = outcome.case, outcome.difference
    yield f"✗ {case.file}:{found.line if found else case.line}: {case.name}"
    for line in outcome.lines:
        yield from _line(line)
    if found:
        yield from _entry("expected", found.expected)
        yield from _entry("got", found.actual)


def shortfall(one: Coverage) -> Iterator[str]:
    """A flow's share of steps and ways gone, with those that were not."""
    yield f"{one.flow}: steps {one.steps_run}/{one.steps}, ways {one.ways_run}/{one.ways}"
    for missing in one.missing:
        yield f"  never: {missing}"


def as_data(outcomes: Iterable[Outcome], covered: Sequence[Coverage]) -> dict[str, Any]:
    """All of it as JSON values."""
    return {
        "cases": [_case(outcome) for outcome in outcomes],
        "coverage": [asdict(one) | {"missing": list(one.missing)} for one in covered],
    }


def _case(outcome: Outcome) -> dict[str, Any]:
    case, found = outcome.case, outcome.difference
    return {
        "name": case.name,
        "file": case.file,
        "line": case.line,
        "passed": found is None,
        "difference": asdict(found) if found else None,
        "conversation": [asdict(line) | {"buttons": list(line.buttons)} for line in outcome.lines],
    }


def _line(line: Said) -> Iterator[str]:
    yield from _entry(line.by, f"{line.response}  {line.text}" if line.response else line.text)
    if line.buttons:
        yield " " * (WIDTH + 3) + " ".join(f"[{label}]" for label in line.buttons)


def _entry(head: str, text: str) -> Iterator[str]:
    first, *rest = text.split("\n") or [""]
    yield f"  {head:<{WIDTH}} {first}"
    for line in rest:
        yield " " * (WIDTH + 3) + line
