"""The turn in hand, so that a message can be followed from its arrival to the delivery of its answer."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_turn: ContextVar[str] = ContextVar("turn", default="")


def turn_in_hand() -> str:
    """The id of the turn that the work at hand belongs to; empty outside of turns."""
    return _turn.get()


@contextmanager
def within(turn: str) -> Iterator[None]:
    """Everything done inside, writes included, belongs to this turn."""
    token = _turn.set(turn)
    try:
        yield
    finally:
        _turn.reset(token)
