"""What the processes wrote into their logs: how much of each kind, and of each error one line to read."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.soak.processes import ROOT

PLAIN = re.compile(r"(WARNING|ERROR|CRITICAL) (\S+ .*)")
"""How a library's line begins; what follows without such a beginning belongs to it."""
CHANGING = re.compile(r"0x[0-9a-f]+|\d+")
"""What differs between two lines of the same event."""
LIBRARIES = re.compile(r"[^\s\"']*/lib/python3\.\d+/")
NAME_LETTERS = 120
SAMPLE_LINES = 40
UNCAUGHT = "Traceback (most recent call last)"
QUIET = frozenset({"warning", "other"})
"""Levels that are only counted."""


@dataclass(slots=True)
class Said:
    """One event of a log: `name` is the same for all that tell of the same thing."""

    level: str
    name: str
    lines: list[str]

    @property
    def sample(self) -> list[str]:
        """Its lines, without where things lie on this machine, the middle left out of a long one."""
        short = [LIBRARIES.sub("", one.replace(f"{ROOT}/", "")) for one in self.lines]
        half = SAMPLE_LINES // 2
        return short if len(short) <= SAMPLE_LINES else [*short[:half], "…", *short[-half:]]


@dataclass(slots=True)
class Log:
    """What was said, reckoned up: times by level, times by warning, each error with its first sample."""

    levels: Counter[str] = field(default_factory=Counter)
    warnings: Counter[str] = field(default_factory=Counter)
    errors: dict[str, dict[str, Any]] = field(default_factory=dict)

    def add(self, said: Said) -> None:
        """Count one more."""
        self.levels[said.level] += 1
        if said.level == "warning":
            self.warnings[said.name] += 1
        if said.level not in QUIET:
            self.errors.setdefault(said.name, {"times": 0, "sample": said.sample})["times"] += 1


def reckoned(text: str) -> Log:
    """The log of a run."""
    log = Log()
    for said in _said(text):
        log.add(said)
    return log


def _said(text: str) -> Iterator[Said]:
    loose: Said | None = None
    """A library's words, or what nobody logged: more lines may follow."""
    for line in text.splitlines():
        ours, theirs = _ours(line), PLAIN.match(line)
        if loose and (ours or theirs):
            yield _judged(loose)
            loose = None
        if ours:
            yield ours
        elif theirs:
            loose = Said(theirs[1].lower(), _name(theirs[2]), [line])
        else:
            loose = loose or Said("other", _name(line), [])
            loose.lines.append(line)
    if loose:
        yield _judged(loose)


def _ours(line: str) -> Said | None:
    """A line of the house: one JSON object."""
    try:
        told = json.loads(line)
        level, event, trace = told.pop("level"), told.pop("event"), told.pop("trace", [])
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
    return Said(level, _name(f"{event} {told.get('error', '')}"), [json.dumps(told), *trace])


def _judged(said: Said) -> Said:
    """What nobody logged is an error when an exception fell out of the program."""
    if said.level == "other" and any(UNCAUGHT in line for line in said.lines):
        return Said("error", said.name, said.lines)
    return said


def _name(words: str) -> str:
    return CHANGING.sub("#", words)[:NAME_LETTERS].strip()
