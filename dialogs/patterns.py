"""Regular expressions an admin writes: taken only where no text can make them run for long."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from math import prod
from re import _constants as codes  # the only reading of a pattern there is
from re import _parser as reading
from typing import Any

LENGTHS = (2_000, 300)
"""Characters of a text a pattern is tried on: fewer for one that may try much."""
MOST_TRIES = 50_000_000
"""About half a second; what the worst text may cost."""
FEW = 10
"""Times up to which a body with several ways is worked out; more are too many."""
REPEATS = {codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT}


class PatternError(ValueError):
    """A pattern that cannot be used; the text says why."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """A regular expression and how much of a text it may look at."""

    compiled: re.Pattern[str]
    length: int

    def find(self, text: str) -> re.Match[str] | None:
        """Its first occurrence in the beginning of the text, upper and lower case alike."""
        return self.compiled.search(text[: self.length])


@lru_cache(maxsize=1024)
def pattern(text: str) -> Pattern:
    """The pattern, with the length of text at which its worst case stays within MOST_TRIES.

    Raises:
        PatternError: it is no regular expression, or may try too many ways at any length.
    """
    try:
        compiled = re.compile(text, re.IGNORECASE)
        parsed = reading.parse(text, re.IGNORECASE)
    except (re.error, RecursionError, OverflowError) as error:
        raise PatternError(f"no regular expression: {error}") from None
    for length in LENGTHS:
        if length * _ways(parsed, length) <= MOST_TRIES:
            return Pattern(compiled, length)
    raise PatternError("it may take for ever: a repetition inside another, or too many of them")


def _ways(items: Iterable[tuple[Any, Any]], length: int) -> int:
    """In how many ways a sequence can match at one place of a text of that length, at most."""
    return prod((_item(code, argument, length) for code, argument in items), start=1)


def _item(code: Any, argument: Any, length: int) -> int:
    if code in REPEATS:
        return _repeated(argument, length)
    inner = INSIDE.get(code)
    return inner(argument, length) if inner else 1


def _repeated(argument: Any, length: int) -> int:
    """Each number of times is a way of its own; within one time, every way of the body may be taken anew."""
    least, most, body = argument
    most = min(int(most), length)
    least = min(int(least), most)
    body_ways = _ways(body, length)
    if body_ways > 1 and most > 1:
        return MOST_TRIES if most > FEW else body_ways**most * (most - least + 1)
    return body_ways * (most - least + 1)


def _branches(argument: Any, length: int) -> int:
    """Of branches that begin with different letters only one can match; of others each may."""
    branches = argument[1]
    first = [branch[0] if len(branch) else None for branch in branches]
    literal = [one[1] for one in first if one and one[0] is codes.LITERAL]
    ways = [_ways(branch, length) for branch in branches]
    apart = len(set(literal)) == len(branches)
    return max(ways) if apart else sum(ways)


INSIDE: dict[Any, Callable[[Any, int], int]] = {
    codes.BRANCH: _branches,
    codes.SUBPATTERN: lambda argument, length: _ways(argument[3], length),
    codes.ASSERT: lambda argument, length: _ways(argument[1], length),
    codes.ASSERT_NOT: lambda argument, length: _ways(argument[1], length),
    codes.ATOMIC_GROUP: _ways,
    codes.GROUPREF_EXISTS: lambda argument, length: sum(_ways(one, length) for one in argument[1:] if one),
}
