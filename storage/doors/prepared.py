"""Core statements compiled once, for the few that every message goes through.

SQLAlchemy's own execution costs about 60 µs a statement; the driver's costs 5. What these statements say is
still written in Core, and their types are still SQLAlchemy's: only the running is short.
"""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import orjson
from sqlalchemy import (
    Column,
    CompoundSelect,
    Connection,
    Integer,
    Select,
    Table,
    UpdateBase,
    bindparam,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.sql import visitors
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.util import await_only

from storage import fresh
from storage.doors import straight
from storage.doors.straight import Question
from storage.rows.sealed import SealedDocument

Processor = Callable[[Any], Any] | None
Statement = Select[Any] | CompoundSelect[Any] | UpdateBase

FLOAT8 = 701
"""What PostgreSQL calls the only kind of number with a fraction in our tables; other kinds do not look."""
MARK = "mark"
"""The value, and the last column, by which looks that are taken together are told apart."""
loads = orjson.loads


def dumps(value: Any) -> str:
    """JSON the way it is kept: frozen shapes as they are, sets as lists."""
    return orjson.dumps(value, default=list).decode()


@cache
def dialect_of(name: str) -> Dialect:
    """How a database is spoken to."""
    codec: dict[str, Any] = {"json_serializer": dumps, "json_deserializer": loads}
    if name == "sqlite":
        lite = sqlite.dialect(paramstyle="qmark", **codec)
        lite.dbapi = sqlite.dialect.import_dbapi()
        return lite
    great = postgresql.asyncpg.dialect(**codec)  # type: ignore[no-untyped-call]
    great.dbapi = postgresql.asyncpg.dialect.import_dbapi()  # type: ignore[no-untyped-call]
    return great


class Compiled:
    """A statement in one database's words."""

    def __init__(self, statement: Statement, dialect: Dialect, parameters: Sequence[str] | None) -> None:
        compiled = statement.compile(dialect=dialect, column_keys=list(parameters) if parameters else None)
        assert isinstance(compiled, SQLCompiler)  # noqa: S101 DDL is never prepared
        self.sql = str(compiled)
        self.tables = _tables(statement)
        self.cursor = self._straight if dialect.name == "postgresql" else _cursor
        self.places = tuple(compiled.positiontup or ())
        self.given = {
            name: compiled.binds[name].type for name in self.places if compiled.binds[name].required
        }
        self._binds = tuple(_bind(compiled, name, dialect) for name in compiled.positiontup or ())
        processors = [_reader(column.type, dialect) for column in statement.exported_columns]
        self._reads = tuple((place, read) for place, read in enumerate(processors) if read)

    def row(self, values: dict[str, Any]) -> list[Any]:
        """The values as the driver takes them, in order."""
        given = values.get
        return [
            write(given(name, default)) if write else given(name, default)
            for name, default, write in self._binds
        ]

    def _straight(self, connection: Connection) -> Any:
        return straight.cursor(connection, self.tables)

    def read(self, raw: Sequence[Any]) -> tuple[Any, ...]:
        """A row as it was kept."""
        row = list(raw)
        for place, read in self._reads:
            row[place] = read(row[place])
        return tuple(row)


class Prepared:
    """One statement of the hot path; `parameters` names the columns an INSERT fills."""

    def __init__(self, statement: Statement, parameters: Sequence[str] | None = None) -> None:
        self._statement = statement
        self._parameters = parameters
        self._in: dict[str, Compiled] = {}
        self._marked: tuple[Compiled, Question] | None = None

    @property
    def sql(self) -> str:
        """The statement as SQLite reads it."""
        return self.in_words_of("sqlite").sql

    def run(self, connection: Connection, values: dict[str, Any]) -> Any:
        """Run it; the result tells its row count."""
        mine = self.in_words_of(connection.dialect.name)
        cursor = mine.cursor(connection)
        cursor.execute(mine.sql, mine.row(values))
        return cursor

    def run_many(self, connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
        """Run it once for each row."""
        mine = self.in_words_of(connection.dialect.name)
        mine.cursor(connection).executemany(mine.sql, [mine.row(values) for values in rows])

    def first(self, connection: Connection, values: dict[str, Any]) -> tuple[Any, ...] | None:
        """Run it and read the first row, if there is one."""
        return next(iter(self.rows(connection, values)), None)

    def rows(self, connection: Connection, values: dict[str, Any]) -> list[tuple[Any, ...]]:
        """Run it and read every row."""
        way = straight.asking(connection)
        if way is not None and isinstance(self._statement, Select):
            marked, question = self._with_mark(self._statement, connection.dialect.name)
            found = await_only(way.rows(question, marked.row(values)))
            return [marked.read(row[:-1]) for row in found]
        mine = self.in_words_of(connection.dialect.name)
        cursor = mine.cursor(connection)
        cursor.execute(mine.sql, mine.row(values))
        return [mine.read(row) for row in cursor.fetchall()]

    def _with_mark(self, statement: Select[Any], name: str) -> tuple[Compiled, Question]:
        if self._marked is None:
            mine = Compiled(statement.add_columns(bindparam(MARK, None, Integer)), dialect_of(name), None)
            self._marked = mine, Question(mine.sql, mine.places.index(MARK))
        return self._marked

    def in_words_of(self, name: str) -> Compiled:
        """The statement for one of the databases."""
        if name not in self._in:
            self._in[name] = Compiled(self._statement, dialect_of(name), self._parameters)
        return self._in[name]


def _tables(statement: Statement) -> frozenset[str]:
    """The names of all tables a statement reads or writes."""
    parts = [part for part in visitors.iterate(statement) if isinstance(part, Table)]
    columns = [part.table for part in visitors.iterate(statement) if isinstance(part, Column)]
    own = [statement.table] if isinstance(statement, UpdateBase) else []
    return frozenset(one.name for one in (*parts, *columns, *own) if isinstance(one, Table))


def _cursor(connection: Connection) -> Any:
    return connection.connection.dbapi_connection.cursor()  # type: ignore[union-attr]  # it is open


def _bind(compiled: SQLCompiler, name: str, dialect: Dialect) -> tuple[str, Any, Processor]:
    bind = compiled.binds[name]
    write: Processor = bind.type.dialect_impl(dialect).bind_processor(dialect)
    if write and isinstance(bind.type, SealedDocument) and dialect.name == fresh.READ_AS_WRITTEN:
        write = fresh.writing(bind.type.column, write)
    return name, bind.value, write


def _reader(kind: Any, dialect: Dialect) -> Processor:
    read: Processor = kind.dialect_impl(dialect).result_processor(dialect, FLOAT8)
    at_hand = isinstance(kind, SealedDocument) and dialect.name == fresh.READ_AS_WRITTEN
    return fresh.reading(kind.column, read) if read and at_hand else read
