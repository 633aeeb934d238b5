"""Writes of many turns that go to PostgreSQL in one message, whatever kinds they are of.

A kind's statement is said once for all rows: its values come as arrays, a column each. The statements of all
kinds that wait make one, so that a transaction of such writes alone is one way there and back.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import (
    JSON,
    BindParameter,
    ColumnElement,
    Connection,
    Insert,
    TableValuedAlias,
    Text,
    Update,
    UpdateBase,
    bindparam,
    cast,
    column,
    func,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.sql import visitors
from sqlalchemy.types import TypeDecorator

from storage.doors import straight
from storage.doors.kinds import Kind, Told
from storage.doors.prepared import Compiled, Prepared, dialect_of

GIVEN = "given"
"""What the rows of a statement over arrays are called."""


class Joint(Prepared):
    """A statement whose runs, of many turns, may go together before their transaction ends.

    `known_by` names, for each value that a row is known by, the column that holds it. Where a run waits,
    others of other kinds go before it: it must not touch the rows that they touch, unless both are known by
    the same columns. A run of which it is `sure` that it touches a row undoes the transaction where it does
    not.
    """

    def __init__(
        self,
        statement: UpdateBase,
        parameters: Sequence[str] | None = None,
        known_by: Mapping[str, ColumnElement[Any]] | None = None,
        *,
        sure: bool = False,
    ) -> None:
        super().__init__(statement, parameters)
        assert isinstance(statement, Insert | Update)  # noqa: S101 nothing else is ever joint
        self._known_by = dict(known_by or {})
        self._sure = sure
        self._joined: Insert | Update = statement.returning(*self._known_by.values())
        self._kind: tuple[Compiled, Kind] | None = None

    def soon(self, connection: Connection, values: dict[str, Any], told: Told | None = None) -> None:
        """Run it, at the latest when the transaction ends.

        `told` learns then whether it touched a row. What it raises undoes the transaction, if the statement
        is one of which that is sure; otherwise it raises nothing.
        """
        line = straight.sharing(connection)
        if line is not None:
            mine, kind = self._together(connection.dialect.name)
            line.soon(kind, mine.row(values), told)
            return
        touched = self.run(connection, values).rowcount == 1
        if told is not None:
            told(touched)

    def all_soon(self, connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
        """Run it for each row, at the latest when the transaction ends."""
        if straight.sharing(connection) is not None:
            for values in rows:
                self.soon(connection, values)
        elif rows:
            self.run_many(connection, rows)

    def _together(self, name: str) -> tuple[Compiled, Kind]:
        if self._kind is None:
            dialect = dialect_of(name)
            mine = self.in_words_of(name)
            given = mine.given
            over = Compiled(_over_arrays(self._joined, given, dialect), dialect, None)
            kind = Kind(
                sql=over.sql,
                table=self._joined.table.name,  # type: ignore[union-attr]
                tables=mine.tables,
                fixed=tuple(over.row({})),
                places=tuple(mine.places.index(one) if one in given else None for one in over.places),
                keys=tuple(one.name for one in self._known_by.values()),
                known_by=tuple(mine.places.index(one) for one in self._known_by),
                sure=self._sure,
            )
            self._kind = mine, kind
        return self._kind


def _over_arrays(statement: Insert | Update, given: Mapping[str, Any], dialect: Dialect) -> Insert | Update:
    """The statement for as many rows as its arrays are long."""
    rows = _rows(given, dialect)
    told = {name: _as_told(rows.c[name], kind) for name, kind in given.items()}
    if isinstance(statement, Insert):
        return statement.from_select(list(told), select(*told.values()))

    def of_row(part: Any, **_: Any) -> Any:
        return told.get(part.key) if isinstance(part, BindParameter) else None

    changed: Update = visitors.replacement_traverse(statement, {}, of_row)  # type: ignore[call-overload]
    return changed


def _rows(given: Mapping[str, Any], dialect: Dialect) -> TableValuedAlias:
    kinds = {name: _plain(kind, dialect) for name, kind in given.items()}
    arrays = [bindparam(name, None, ARRAY(kind)) for name, kind in kinds.items()]
    columns = [column(name, kind) for name, kind in kinds.items()]
    return func.unnest(*arrays).table_valued(*columns).render_derived(name=GIVEN)


def _plain(kind: Any, dialect: Dialect) -> Any:
    """What the driver takes an element for; documents go as the texts that they are."""
    while isinstance(kind, TypeDecorator):
        kind = kind.load_dialect_impl(dialect)
    return Text() if isinstance(kind, JSON) else kind.dialect_impl(dialect)


def _as_told(value: ColumnElement[Any], kind: Any) -> ColumnElement[Any]:
    while isinstance(kind, TypeDecorator):
        kind = kind.impl_instance
    return cast(value, JSON) if isinstance(kind, JSON) else value
