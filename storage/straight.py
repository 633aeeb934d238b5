"""A line to PostgreSQL: the statements of the hot path go to asyncpg itself, past SQLAlchemy's adapter.

On SQLite a statement costs a call; here it costs a way there and back, and on top of that what is between:
the adapter's share was more than half of the processor time. What the stores run through SQLAlchemy goes over
the same connection, in the same transaction: whoever opened the line says where one begins and ends.
"""

from collections.abc import Sequence
from typing import Any

import asyncpg
from sqlalchemy import Connection
from sqlalchemy.util import await_only

HERE = "straight"
"""Under this name a connection that was opened for it carries its line."""
Row = Sequence[Any]


class Line:
    """One connection's statements, prepared once each."""

    def __init__(self, raw: "asyncpg.Connection[asyncpg.Record]") -> None:
        self.raw = raw
        self._prepared: dict[str, asyncpg.prepared_stmt.PreparedStatement[asyncpg.Record]] = {}

    async def fetch(self, sql: str, row: Row) -> tuple[list[asyncpg.Record], int]:
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

    def fetchall(self) -> list[asyncpg.Record]:
        """What it gave back."""
        return self._rows


def cursor(connection: Connection) -> Any:
    """The shortest way over a connection."""
    line = connection.info.get(HERE)
    return Cursor(line) if line is not None else connection.connection.cursor()
