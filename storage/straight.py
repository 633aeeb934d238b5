"""A line to PostgreSQL: the statements of the hot path go to asyncpg itself, past SQLAlchemy's adapter.

On SQLite a statement costs a call; here it costs a way there and back, and on top of that what is between:
the adapter's share was more than half of the processor time. What the stores run through SQLAlchemy goes over
the same connection, in the same transaction: whoever opened the line says where one begins and ends.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from sqlalchemy import Connection, Engine, event
from sqlalchemy.util import await_only

if TYPE_CHECKING:
    import asyncpg

HERE = "straight"
"""Under this name a connection that was opened for it carries its line."""
TOGETHER = "together"
"""Under this name what a look is given for a connection carries the way that it shares with others."""
Row = Sequence[Any]
Told = Callable[[bool], None]


@dataclass(frozen=True, slots=True)
class Kind:
    """A statement whose runs may wait for each other.

    `known_by` are the places, in a run's values, of what the statement gives back of a row it touched.
    """

    sql: str
    tables: frozenset[str]
    known_by: tuple[int, ...] = ()


class Question(NamedTuple):
    """A look that may be taken together with others of its kind.

    The last column of an answer gives back what stood in `place` of the values: whose answer it is.
    """

    sql: str
    place: int

    def marked(self, values: Row, number: int) -> Row:
        """The values with a mark."""
        return [*values[: self.place], number, *values[self.place + 1 :]]


class Asking(Protocol):
    """A way that looks share."""

    async def rows(self, question: Question, values: Row) -> "list[asyncpg.Record]":
        """What is answered."""


@dataclass(slots=True)
class _Group:
    rows: list[Row] = field(default_factory=list)
    told: list[Told | None] = field(default_factory=list)


class Line:
    """One connection's statements, prepared once each."""

    def __init__(self, raw: "asyncpg.Connection[asyncpg.Record]") -> None:
        self.raw = raw
        self.shares = False  # whether a transaction is open at whose end what waits is run
        self._prepared: dict[str, asyncpg.prepared_stmt.PreparedStatement[asyncpg.Record]] = {}
        self._soon: dict[Kind, _Group] = {}
        self._touched: set[str] = set()

    def soon(self, kind: Kind, row: Row, told: Told | None) -> None:
        """Let a run wait for others of its kind, until somebody asks for the table or the transaction ends.

        So runs of different kinds must not depend on each other; runs of one kind keep their order.
        """
        group = self._soon.setdefault(kind, _Group())
        group.rows.append(row)
        group.told.append(told)
        self._touched |= kind.tables

    def waits(self, tables: frozenset[str] | None = None) -> bool:
        """Whether something waits that touches these tables, or any."""
        return bool(self._touched if tables is None else self._touched & tables)

    def forget(self) -> None:
        """The transaction is undone, and with it what was to be run."""
        self._soon.clear()
        self._touched.clear()

    async def flush(self) -> None:
        """Run what waits, each kind in one way there and back; raises what those who are told raise."""
        waiting = tuple(self._soon.items())
        self.forget()
        for kind, group in waiting:
            if not kind.known_by:
                await self.many(kind.sql, group.rows)
                continue
            touched = await self.ask(kind.sql, group.rows)
            _tell(kind, group, [tuple(row) for row in touched])

    async def ask(self, sql: str, rows: Sequence[Row]) -> "list[asyncpg.Record]":
        """What a statement gives back for all of these, one after the other, in one way there and back."""
        statement = await self._statement(sql)
        return await (statement.fetch(*rows[0]) if len(rows) == 1 else statement.fetchmany(rows))

    async def fetch(self, sql: str, row: Row) -> "tuple[list[asyncpg.Record], int]":
        """What a statement gives back, and how many rows it touched."""
        statement = await self._statement(sql)
        rows = await statement.fetch(*row)
        return rows, int((statement.get_statusmsg() or "0").rsplit(" ", 1)[-1])

    async def many(self, sql: str, rows: Sequence[Row]) -> None:
        """Run a statement for each row, all of them in one way there and back."""
        await (await self._statement(sql)).executemany(rows)

    async def _statement(self, sql: str) -> "asyncpg.prepared_stmt.PreparedStatement[asyncpg.Record]":
        statement = self._prepared.get(sql)
        if statement is None:
            statement = self._prepared[sql] = await self.raw.prepare(sql)
        return statement


def _tell(kind: Kind, group: _Group, touched: list[Row]) -> None:
    """Tell each whether its row is among those touched, which come in the order they were asked for."""
    place = 0
    for row, told in zip(group.rows, group.told, strict=True):
        here = place < len(touched) and touched[place] == tuple(row[one] for one in kind.known_by)
        place += here
        if told is not None:
            told(here)


class Cursor:
    """As much of a DBAPI cursor as prepared statements need."""

    rowcount = -1

    def __init__(self, line: Line) -> None:
        self._line = line
        self._rows: list[asyncpg.Record] = []

    def execute(self, sql: str, row: Row) -> None:
        """Run it."""
        self._rows, self.rowcount = await_only(self._line.fetch(sql, row))

    def executemany(self, sql: str, rows: Sequence[Row]) -> None:
        """Run it for each row."""
        await_only(self._line.many(sql, rows))

    def fetchall(self) -> "list[asyncpg.Record]":
        """What it gave back."""
        return self._rows


def cursor(connection: Connection, tables: frozenset[str]) -> Any:
    """The shortest way over a connection for a statement that touches these tables."""
    line = connection.info.get(HERE)
    if line is None:
        return connection.connection.cursor()
    if line.waits(tables):
        await_only(line.flush())
    return Cursor(line)


def asking(connection: Connection) -> Asking | None:
    """The way shared with other looks, where this is a look."""
    way: Asking | None = connection.info.get(TOGETHER) if connection.dialect.name != "sqlite" else None
    return way


def sharing(connection: Connection) -> Line | None:
    """The line of a transaction in which runs may wait for each other."""
    if connection.dialect.name == "sqlite":
        return None
    line: Line | None = connection.info.get(HERE)
    return line if line is not None and line.shares else None


def before_others(engine: Engine) -> None:
    """Let what SQLAlchemy itself runs find everything that was to be run before it."""

    @event.listens_for(engine, "before_cursor_execute")
    def flush(connection: Connection, *_: object) -> None:
        line = connection.info.get(HERE)
        if line is not None and line.waits():
            await_only(line.flush())
