"""Buttons in rows, and the pages a long list of them is shown in."""

from collections.abc import Callable, Sequence

from bot.operator.office import Rows
from dialogs.messages import Button

Turn = Callable[[str, int], Button]
"""Makes the button that turns to a page, from its sign and the page's number."""


def in_rows(buttons: Sequence[Button], width: int) -> Rows:
    """So many beside each other."""
    return tuple(tuple(buttons[at : at + width]) for at in range(0, len(buttons), width))


def arrows(page: int, turn: Turn, *, before: bool, after: bool) -> Rows:
    """A row with the ways to the neighbouring pages there are; none where there is neither."""
    ways = [("◀", page - 1)] * before + [("▶", page + 1)] * after
    return (tuple(turn(sign, to) for sign, to in ways),) if ways else ()


def paged(buttons: Sequence[Button], page: int, size: int, width: int, turn: Turn) -> Rows:
    """One page of the buttons, the first being 0, with the ways to its neighbours."""
    shown = buttons[page * size : (page + 1) * size]
    ways = arrows(page, turn, before=page > 0, after=len(buttons) > (page + 1) * size)
    return (*in_rows(shown, width), *ways)
