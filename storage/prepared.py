"""Core statements compiled once, for the few that every message goes through.

SQLAlchemy's own execution costs about 60 µs a statement; the driver's costs 5. What these statements say is
still written in Core, and their types are still SQLAlchemy's: only the running is short.
"""

from collections.abc import Callable, Sequence
from typing import Any

import orjson
from sqlalchemy import Connection, Select, UpdateBase
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeEngine

Processor = Callable[[Any], Any] | None


def dumps(value: Any) -> str:
    """JSON the way it is kept: frozen shapes as they are, sets as lists."""
    return orjson.dumps(value, default=list).decode()


def _dialect() -> Dialect:
    dialect = sqlite.dialect(paramstyle="qmark", json_serializer=dumps, json_deserializer=orjson.loads)
    dialect.dbapi = sqlite.dialect.import_dbapi()
    return dialect


DIALECT = _dialect()


class Prepared:
    """One statement of the hot path; `parameters` names the columns an INSERT fills."""

    def __init__(self, statement: Select[Any] | UpdateBase, parameters: Sequence[str] | None = None) -> None:
        self._statement = statement
        compiled = statement.compile(dialect=DIALECT, column_keys=list(parameters) if parameters else None)
        assert isinstance(compiled, SQLCompiler)  # noqa: S101 DDL is never prepared
        self.sql = str(compiled)
        self._binds = tuple(self._bind(compiled, name) for name in compiled.positiontup or ())
        processors = [_reads(column.type) for column in statement.exported_columns]
        self._reads = tuple((place, read) for place, read in enumerate(processors) if read)

    @staticmethod
    def _bind(compiled: SQLCompiler, name: str) -> tuple[str, Any, Processor]:
        bind = compiled.binds[name]
        return name, bind.value, _writes(bind.type)

    def run(self, connection: Connection, values: dict[str, Any]) -> Any:
        """Run it; the result tells its row count."""
        if connection.dialect.is_async:
            return connection.execute(self._statement, values)
        return _driver(connection).execute(self.sql, self._row(values))

    def run_many(self, connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
        """Run it once for each row."""
        _driver(connection).executemany(self.sql, [self._row(values) for values in rows])

    def first(self, connection: Connection, values: dict[str, Any]) -> tuple[Any, ...] | None:
        """Run it and read the first row, if there is one."""
        return next(iter(self.rows(connection, values)), None)

    def rows(self, connection: Connection, values: dict[str, Any]) -> list[tuple[Any, ...]]:
        """Run it and read every row."""
        if connection.dialect.is_async:
            return [tuple(row) for row in connection.execute(self._statement, values)]
        found: list[tuple[Any, ...]] = _driver(connection).execute(self.sql, self._row(values)).fetchall()
        return [self._read(row) for row in found] if self._reads else found

    def _row(self, values: dict[str, Any]) -> list[Any]:
        given = values.get
        return [
            write(given(name, default)) if write else given(name, default)
            for name, default, write in self._binds
        ]

    def _read(self, raw: tuple[Any, ...]) -> tuple[Any, ...]:
        row = list(raw)
        for place, read in self._reads:
            row[place] = read(row[place])
        return tuple(row)


def _writes(kind: TypeEngine[Any]) -> Processor:
    return kind.dialect_impl(DIALECT).bind_processor(DIALECT)


def _reads(kind: TypeEngine[Any]) -> Processor:
    return kind.dialect_impl(DIALECT).result_processor(DIALECT, None)


def _driver(connection: Connection) -> Any:
    """The driver's connection; an asynchronous one goes through SQLAlchemy, which does the waiting."""
    return connection.connection.driver_connection
