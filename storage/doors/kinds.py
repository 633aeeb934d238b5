"""Runs of statements that wait for each other, and the one statement that they make."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

Row = Sequence[Any]
Told = Callable[[bool], None]
Touched = tuple[str, tuple[str, ...], tuple[str, ...]]
NUMBER = re.compile(r"\$(\d+)")
SHAPES = 200
"""Combinations of kinds that are remembered: with all turns do, some dozens occur."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A statement whose runs may wait for each other, said for as many rows as its arrays are long.

    `places` are where in a run's values each of its arrays is found; None where it takes a `fixed` value.
    `known_by` are the places of what it gives back, under the names of `keys`, of a row touched in `table`.
    """

    sql: str
    table: str
    tables: frozenset[str]
    fixed: tuple[Any, ...]
    places: tuple[int | None, ...]
    keys: tuple[str, ...] = ()
    known_by: tuple[int, ...] = ()
    sure: bool = False

    def values(self, rows: Sequence[Row]) -> list[Any]:
        """What the statement takes for these runs."""
        return [
            fixed if place is None else [row[place] for row in rows]
            for place, fixed in zip(self.places, self.fixed, strict=True)
        ]

    @property
    def counted(self) -> int:
        """The place of one of its arrays."""
        return next(number for number, place in enumerate(self.places) if place is not None)

    def key(self, row: Row) -> tuple[str, ...]:
        """What the row of a run is known by."""
        return tuple(str(row[place]) for place in self.known_by)

    def touched(self, row: Row) -> Touched:
        """What the row of a run is known by beside those of other kinds."""
        return self.table, self.keys, self.key(row)


@dataclass(slots=True)
class Runs:
    """The runs of one kind, in the order they came."""

    rows: list[Row] = field(default_factory=list)
    told: list[Told | None] = field(default_factory=list)
    keys: list[tuple[str, ...]] = field(default_factory=list)

    def tell(self, touched: Sequence[Sequence[str]] | None) -> None:
        """Tell each whether its row is among those touched."""
        found = {tuple(one) for one in touched or ()}
        for key, told in zip(self.keys, self.told, strict=True):
            if told is not None:
                told(key in found)


class Waiting:
    """All that waits to be run in a transaction."""

    def __init__(self) -> None:
        self._runs: dict[Kind, Runs] = {}
        self._tables: set[str] = set()
        self._touched: set[Touched] = set()

    def __bool__(self) -> bool:
        return bool(self._runs)

    def touches(self, tables: frozenset[str]) -> bool:
        """Whether something waits that touches these tables."""
        return not self._tables.isdisjoint(tables)

    def has(self, kind: Kind, row: Row) -> bool:
        """Whether a run waits that touches the same row: one statement touches a row once."""
        return bool(kind.keys) and kind.touched(row) in self._touched

    def add(self, kind: Kind, row: Row, told: Told | None) -> None:
        """Let a run wait."""
        runs = self._runs.setdefault(kind, Runs())
        runs.rows.append(row)
        runs.told.append(told)
        runs.keys.append(kind.key(row))
        self._tables |= kind.tables
        if kind.keys:
            self._touched.add(kind.touched(row))

    def statement(self, *, surely: bool) -> tuple[str, list[Any]]:
        """All of it as one statement, and its values."""
        waiting = self._in_order()
        values = [value for kind, runs in waiting for value in kind.values(runs.rows)]
        return together(tuple(kind for kind, _ in waiting), surely=surely), values

    def tell(self, answers: Row) -> None:
        """Tell everybody, with what the statement gave back; nothing waits any more."""
        waited = self._in_order()
        self.forget()
        touched = iter(answers)
        for kind, runs in waited:
            if kind.keys:
                runs.tell(next(touched))

    def _in_order(self) -> list[tuple[Kind, Runs]]:
        """Always the same, so that the same kinds make the same statement."""
        return sorted(self._runs.items(), key=lambda one: one[0].sql)

    def forget(self) -> None:
        """Nothing is to be run."""
        self._runs.clear()
        self._tables.clear()
        self._touched.clear()


@lru_cache(SHAPES)
def together(kinds: tuple[Kind, ...], *, surely: bool) -> str:
    """One statement that runs all of these: of each that has keys, it gives back those of the rows touched.

    `surely`, it divides by zero where a kind that is sure touched fewer rows than it was to.
    """
    parts, found, sure, before = [], [], [], 0
    for number, kind in enumerate(kinds):
        name, keys = f"kind{number}", ", ".join(f"{key}::text" for key in kind.keys)
        parts.append(f"{name} AS ({further_on(kind.sql, before)})")
        if keys:
            found.append(f"(SELECT array_agg(ARRAY[{keys}]) FROM {name})")  # noqa: S608 our own names
        if kind.sure and surely:
            count, array = f"(SELECT count(*) FROM {name})", f"${before + kind.counted + 1}"  # noqa: S608 as above
            sure.append(f"1 / ({count} = cardinality({array}))::int")
        before += len(kind.places)
    return f"WITH {', '.join(parts)} SELECT {', '.join([*found, *sure]) or '1'}"


def further_on(sql: str, places: int) -> str:
    """A statement whose values stand behind so many others."""
    return NUMBER.sub(lambda number: f"${int(number[1]) + places}", sql)
