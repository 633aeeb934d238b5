"""The turn in hand, so that a message can be followed from its arrival to the delivery of its answer."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

_turn: ContextVar[str] = ContextVar("turn", default="")
_marks: ContextVar[Mapping[str, object] | None] = ContextVar("marks", default=None)


def turn_in_hand() -> str:
    """The id of the turn that the work at hand belongs to; empty outside of turns."""
    return _turn.get()


@contextmanager
def within(turn: str) -> Iterator[None]:
    """Everything done inside, writes and log lines included, belongs to this turn."""
    earlier, marks = _turn.set(turn), _marks.set({"turn": turn})
    try:
        yield
    finally:
        _marks.reset(marks)
        _turn.reset(earlier)


def marks_in_hand() -> Mapping[str, object]:
    """What a log line says of the work at hand: its turn, the message being sent."""
    return _marks.get() or {}


@contextmanager
def marked(marks: Mapping[str, object]) -> Iterator[None]:
    """Every log line written inside says this; who writes none pays nothing for it."""
    token = _marks.set(marks)
    try:
        yield
    finally:
        _marks.reset(token)
