"""Which questions people leave unanswered: counted from the traces of turns, without anybody's words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from dialogs.flow import Flow

GIVEN_UP = frozenset({"cancelled", "restarted"})
"""How a flow ends when somebody wants no more of it."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question by the name of its text, and the steps (`flow.step`) that put it."""

    name: str
    steps: frozenset[str]

    @property
    def flows(self) -> frozenset[str]:
        """The flows it is part of."""
        return frozenset(step.partition(".")[0] for step in self.steps)


@dataclass(frozen=True, slots=True)
class Tally:
    """What became of a question each time it was put.

    `reached` = `answered` + `cancelled` + `silent` (no word for long) + `left` (something else was talked of)
    + `waiting`; `again` counts how often it had to be repeated.
    """

    reached: int = 0
    answered: int = 0
    again: int = 0
    cancelled: int = 0
    silent: int = 0
    left: int = 0
    waiting: int = 0

    @property
    def abandoned(self) -> int:
        """How often nothing came of it."""
        return self.cancelled + self.silent

    def more(self, what: str) -> "Tally":
        """One more of one of the counts."""
        return replace(self, **{what: getattr(self, what) + 1})


@dataclass(frozen=True, slots=True)
class Exchange:
    """One turn of a talk: which talk, when, and what its trace says happened."""

    talk: str
    at: datetime
    happened: tuple[list[Any], ...]

    def names(self, kind: str) -> list[str]:
        """What the events of a kind are about, in order."""
        return [entry[1] for entry in self.happened if entry[0] == kind]


def questions(flows: Iterable[Flow]) -> dict[str, Question]:
    """Every question by each text it is put in, that of a rejected answer among them."""
    found: dict[str, Question] = {}
    for flow in flows:
        for step in (one for one in flow.steps.values() if one.slot):
            name = step.utter or f"utter_ask_{step.slot}"
            known = found.get(name, Question(name, frozenset()))
            whole = Question(name, known.steps | {f"{flow.id}.{step.id}"})
            for text in (name, *(one.utter for one in step.rejections if one.utter)):
                found[text] = whole
    return found


@dataclass(slots=True)
class Ledger:
    """Counts talks turn by turn; those of one talk come in their order."""

    asks: Mapping[str, Question]
    quiet: timedelta
    tallies: dict[str, Tally] = field(default_factory=dict)
    _open: dict[str, tuple[Question, datetime]] = field(default_factory=dict)

    def take(self, turn: Exchange) -> None:
        """Settle what was asked before, and note what is asked now."""
        asked = self._asked(turn)
        before = self._open.pop(turn.talk, None)
        if before is not None:
            fate = _fate(before[0], turn, asked, silent=turn.at - before[1] > self.quiet)
            self._count(before[0], fate)
            if fate == "again":
                self._open[turn.talk] = (before[0], turn.at)
                return
        if asked is not None:
            self._count(asked, "reached")
            self._open[turn.talk] = (asked, turn.at)

    def take_all(self, turns: Iterable[Exchange]) -> None:
        """Take many, one after another."""
        for turn in turns:
            self.take(turn)

    def close(self, now: datetime) -> None:
        """Settle what is still open: silent if for long, else waiting."""
        for asked, since in self._open.values():
            self._count(asked, "silent" if now - since > self.quiet else "waiting")
        self._open.clear()

    def _asked(self, turn: Exchange) -> Question | None:
        said = turn.names("BotUttered")
        return self.asks.get(said[-1]) if said else None

    def _count(self, asked: Question, what: str) -> None:
        self.tallies[asked.name] = self.tallies.get(asked.name, Tally()).more(what)


def _fate(open_: Question, turn: Exchange, asked: Question | None, *, silent: bool) -> str:
    """What the next turn made of an open question."""
    ended = [entry for entry in turn.happened if entry[0] == "FlowEnded" and entry[1] in open_.flows]
    if silent:
        return "silent"
    if any(entry[2] in GIVEN_UP for entry in ended):
        return "cancelled"
    if asked is not None and asked.name == open_.name:
        return "again"
    return "answered" if open_.steps & set(turn.names("StepRun")) else "left"
