"""The same picture seen before: where, whose it was there, and how surely it is the same."""

from dataclasses import dataclass
from typing import Literal

from tickets.evidence.prints import Print, apart

Like = Literal["same", "similar"]


@dataclass(frozen=True, slots=True)
class Likeness:
    """In how many bits two prints may differ at most: of 64 coarse ones and of 256 fine ones."""

    coarse: int
    fine: int


@dataclass(frozen=True, slots=True)
class Sighting:
    """An earlier file with the same picture: its ticket, who sent it (citizen or operator), and as what."""

    number: str
    media: str
    by: str
    role: str
    like: Like = "same"


def likeness(one: Print, other: Print, same: Likeness, similar: Likeness) -> Like | None:
    """Whether two prints are of the same picture; None when they are not."""
    coarse, fine = apart(one, other)
    if coarse <= same.coarse and fine <= same.fine:
        return "same"
    return "similar" if coarse <= similar.coarse and fine <= similar.fine else None
