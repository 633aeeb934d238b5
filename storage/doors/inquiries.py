"""Looks of one work that are taken together: on PostgreSQL as one message, on SQLite one after the other."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Generic, TypeVar, cast, overload

from sqlalchemy import Connection
from sqlalchemy.util import await_only

from storage.doors import straight
from storage.doors.kinds import SHAPES, further_on
from storage.doors.prepared import Prepared
from storage.doors.straight import Asking, Line, Question

Rows = list[tuple[Any, ...]]
Answer = TypeVar("Answer")
First = TypeVar("First")
Second = TypeVar("Second")
Third = TypeVar("Third")


@dataclass(frozen=True, slots=True)
class Inquiry(Generic[Answer]):
    """Something to be looked up: a statement with its values, and what its rows come to.

    Where there is no statement, nothing needs to be looked up.
    """

    look: Prepared | None
    values: dict[str, Any]
    read: Callable[[Rows], Answer]

    def at(self, connection: Connection) -> Answer:
        """Look it up by itself."""
        return self.read(self.look.rows(connection, self.values) if self.look else [])


def nothing_to_ask(answer: Answer) -> Inquiry[Answer]:
    """What is known without a look."""
    return Inquiry(None, {}, lambda _: answer)


@overload
def together(
    connection: Connection, one: Inquiry[First], other: Inquiry[Second], /
) -> tuple[First, Second]: ...


@overload
def together(
    connection: Connection, one: Inquiry[First], other: Inquiry[Second], third: Inquiry[Third], /
) -> tuple[First, Second, Third]: ...


def together(connection: Connection, *inquiries: Inquiry[Any]) -> tuple[Any, ...]:
    """Look all of these up; none may depend on what another one finds."""
    asked = [one for one in inquiries if one.look]
    way = straight.asking(connection) or straight.sharing(connection)
    if way is None or len(asked) < 2:
        return tuple(one.at(connection) for one in inquiries)
    answers = iter(_at_once(connection, way, asked))
    return tuple(one.read(next(answers) if one.look else []) for one in inquiries)


def _at_once(connection: Connection, way: Asking | Line, asked: Sequence[Inquiry[Any]]) -> list[Rows]:
    looks = [cast("Prepared", one.look).in_words_of(connection.dialect.name) for one in asked]
    row = [value for look, one in zip(looks, asked, strict=True) for value in look.row(one.values)]
    sql = _as_one(tuple((look.sql, len(look.places)) for look in looks))
    if isinstance(way, Line):
        tables = frozenset[str]().union(*(look.tables for look in looks))
        found = await_only(way.several(sql, [*row, None], tables))
    else:
        (found,) = await_only(way.rows(Question(sql, len(row)), [*row, None]))
    return [[look.read(one) for one in rows or ()] for look, rows in zip(looks, found, strict=False)]


@lru_cache(SHAPES)
def _as_one(looks: tuple[tuple[str, int], ...]) -> str:
    """One statement whose only row holds the rows of each look, and the mark of who asked."""
    parts, before = [], 0
    for sql, places in looks:
        parts.append(f"(SELECT array_agg(one) FROM ({further_on(sql, before)}) AS one)")  # noqa: S608 our own words
        before += places
    return f"SELECT {', '.join(parts)}, ${before + 1}::int"
