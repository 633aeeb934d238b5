"""What was sealed a moment ago is at hand: a message, its answer and the talk are read back right after.

Hence a few hundred values are kept at most, and none for longer than two minutes.

A sealed value looks different every time it is written, so what lies in a column names what was sealed there.
Whatever was altered, or written by another process, is not known here and takes the long way. PostgreSQL's
driver hands over JSON it has read already, which names nothing: there, nothing is remembered.
"""

from collections import OrderedDict
from collections.abc import Callable
from typing import Any

Processor = Callable[[Any], Any]

READ_AS_WRITTEN = "sqlite"
"""The database whose driver hands over what was written, to the letter."""
AT_HAND = 500
"""Values of a column, 6 KB for a talk and 0.8 to 4 for others; those longest ago written make room."""
MARK = ""
"""Stands behind all that was written when somebody let go the last time; nothing sealed looks like it."""
_columns: dict[str, OrderedDict[Any, Any]] = {}


def writing(column: str, write: Processor) -> Processor:
    """How values of a column are written, shapes among them being remembered: they never change."""
    at_hand = _columns.setdefault(column, OrderedDict())

    def process(value: Any) -> Any:
        kept = write(value)
        if isinstance(kept, str) and hasattr(value, "__dataclass_fields__"):
            at_hand[kept] = value
            if len(at_hand) > AT_HAND:
                at_hand.popitem(last=False)
        return kept

    return process


def reading(column: str, read: Processor) -> Processor:
    """How values of a column are read: the shape itself if it is at hand."""
    at_hand = _columns.setdefault(column, OrderedDict())

    def process(kept: Any) -> Any:
        value = at_hand.get(kept) if isinstance(kept, str) else None
        return read(kept) if value is None else value

    return process


def let_go() -> None:
    """Have no longer at hand what was there the last time already: hardly anything is read back that late."""
    for at_hand in _columns.values():
        while MARK in at_hand:
            at_hand.popitem(last=False)
        if at_hand:
            at_hand[MARK] = None


def forget() -> None:
    """Have nothing at hand any more: somebody's data is to be gone."""
    for at_hand in _columns.values():
        at_hand.clear()
