"""Conversations written down: what the citizen does, and what is expected of the bot."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Move:
    """One thing the citizen does.

    `text` are the words, a caption where there are `files`; `pin` is latitude and longitude; `button` a
    label shown now, or a payload beginning with a slash; `sends` another kind of message; `silence` is in
    minutes; `reply_to` the number of the report whose news is answered; `meant` (an intent, its confidence,
    a classification) takes the place of what the reading finds.
    """

    text: str = ""
    files: tuple[str, ...] = ()
    pin: tuple[float, float] | None = None
    button: str = ""
    sends: str = ""
    silence: int = 0
    reply_to: str = ""
    meant: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        """As a line of a conversation."""
        parts = [
            self.text,
            *(f"[{name}]" for name in self.files),
            f"[{self.pin[0]}, {self.pin[1]}]" if self.pin else "",
            f"[{self.button}]" if self.button else "",
            f"[{self.sends}]" if self.sends else "",
            f"({self.silence} min)" if self.silence else "",
        ]
        return " ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Expected:
    """One thing expected of a turn: `kind` is one of CHECKS, `value` what the file says of it."""

    kind: str
    value: Any
    line: int


@dataclass(frozen=True, slots=True)
class Exchange:
    """A move and all that is expected of the turn it brings about."""

    move: Move
    expected: tuple[Expected, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Given:
    """How the world stands before the first word.

    `tickets`, `nearby`, `ways` and `verdicts` are what the desk will answer; `broken` names questions to the
    desk that fail; `slots` come from fixtures.
    """

    language: str = "id"
    channel: str = "telegram"
    consent: bool = False
    office_hours: bool = True
    tickets: tuple[Mapping[str, Any], ...] = ()
    nearby: tuple[Mapping[str, Any], ...] = ()
    ways: tuple[Mapping[str, Any], ...] = ()
    verdicts: tuple[Mapping[str, Any], ...] = ()
    broken: frozenset[str] = frozenset()
    slots: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Case:
    """A conversation to try, and where it is written."""

    name: str
    file: str
    line: int
    given: Given
    exchanges: tuple[Exchange, ...]
