"""A line to PostgreSQL: the statements of the hot path go to asyncpg itself, past SQLAlchemy's adapter.

On SQLite a statement costs a call; here it costs a way there and back, and on top of that what is between:
the adapter's share was more than half of the processor time. What the stores run through SQLAlchemy goes over
the same connection, in the same transaction: whoever opened the line says where one begins and ends.
"""

from collections import OrderedDict
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from sqlalchemy import Connection, Engine, event
from sqlalchemy.util import await_only

from storage.doors.away import sqlstate
from storage.doors.kinds import Kind, Row, Told, Waiting

if TYPE_CHECKING:
    import asyncpg

HERE = "straight"
"""Under this name a connection that was opened for it carries its line."""
TOGETHER = "together"
"""Under this name what a look is given for a connection carries the way that it shares with others."""
COMMITTED = "COMMIT"
MOST_SHAPES = 64
"""Combinations of kinds that stay ready, a third of a megabyte each at the server; all others are rare."""
MISSING = "22012"
"""How the server says that it was asked to divide by zero: a row that had to be there is not."""


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


class UndoneError(RuntimeError):
    """A work went on after a statement of its transaction had failed: nothing of it is kept."""


class Line:
    """One connection's statements, prepared once each."""

    def __init__(self, raw: "asyncpg.Connection[asyncpg.Record]") -> None:
        self.raw = raw
        self.shares = False  # whether a transaction is open at whose end what waits is run
        self._begin = ""  # how it is to begin, as long as nothing was run in it
        self._waiting = Waiting()
        self._shapes: OrderedDict[str, None] = OrderedDict()
        self._prepared: dict[str, asyncpg.prepared_stmt.PreparedStatement[asyncpg.Record]] = {}

    @asynccontextmanager
    async def transaction(self, begin: str) -> AsyncIterator[None]:
        """A transaction that begins with these words, once there is something to run in it before its end.

        Raises:
            UndoneError: a work swallowed a failure of the database.
        """
        self._begin, self.shares = begin, True
        try:
            yield
            await self._commit()
        except Exception:
            self._waiting.forget()
            if not self._begin and not self.raw.is_closed():
                await self.raw.execute("ROLLBACK")
            raise
        finally:
            self._begin, self.shares = "", False

    async def _commit(self) -> None:
        """Run what waits, and commit; where nothing else was run, both are one way there and back."""
        if self._begin and await self._ran_at_once():
            return
        await self.ready()
        if await self.raw.execute("COMMIT") != COMMITTED:
            raise UndoneError("the transaction had failed before it was to be committed")

    def soon(self, kind: Kind, row: Row, told: Told | None) -> None:
        """Let a run wait for others, until somebody asks for its tables or the transaction ends.

        So runs of different kinds must not depend on each other; runs of one kind keep their order.
        """
        if self._waiting.has(kind, row):
            await_only(self.ready())
        self._waiting.add(kind, row, told)

    def waits(self, tables: frozenset[str]) -> bool:
        """Whether something is to be done before a statement that touches these tables."""
        return bool(self._begin) or self._waiting.touches(tables)

    async def ready_for(self, tables: frozenset[str]) -> None:
        """Have the transaction begun, and what waits run if it touches these tables."""
        await self._begun()
        if self._waiting.touches(tables):
            await self._run_waiting()

    async def ready(self) -> None:
        """Have the transaction begun, and what waits run; raises what those who are told raise."""
        await self._begun()
        await self._run_waiting()

    async def _begun(self) -> None:
        begin, self._begin = self._begin, ""
        if begin:
            await self.raw.execute(begin)

    async def _ran_at_once(self) -> bool:
        """Run what waits, a transaction in itself; false where a row was missing, so that nothing was run."""
        try:
            await self._run_waiting(surely=True)
        except Exception as error:
            if sqlstate(error) != MISSING:
                raise
            return False
        return True

    async def _run_waiting(self, *, surely: bool = False) -> None:
        if self._waiting:
            sql, values = self._waiting.statement(surely=surely)
            self._make_room_for(sql)
            (answers,) = await self.ask(sql, [values])
            self._waiting.tell(tuple(answers))

    def _make_room_for(self, shape: str) -> None:
        """Let go of the combination longest ago used, where there are many."""
        self._shapes[shape] = None
        self._shapes.move_to_end(shape)
        if len(self._shapes) > MOST_SHAPES:
            unused, _ = self._shapes.popitem(last=False)
            self._prepared.pop(unused, None)

    async def several(self, sql: str, row: Row, tables: frozenset[str]) -> "asyncpg.Record":
        """The only row of a combination of looks at these tables."""
        await self.ready_for(tables)
        self._make_room_for(sql)
        (found,) = await self.ask(sql, [row])
        return found

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
        await_only(line.ready_for(tables))
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
        if line is not None:
            await_only(line.ready())
