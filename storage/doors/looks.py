"""Looks at PostgreSQL that are taken at the same time go there and back together, those of one kind at once.

On SQLite a look is a call; here each would be a message of its own in each direction, and what a process
spends on sending it and on being woken by its answer is more than the server spends on answering.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.util import await_only

from storage.doors.away import DatabaseAwayError
from storage.doors.kinds import Row
from storage.doors.lines import Lines
from storage.doors.straight import TOGETHER, Question

if TYPE_CHECKING:
    import asyncpg

AT_ONCE = 2
"""Ways there and back at the same time: the fewer, the more go together; but who is slow holds up others."""
MOST = 64


@dataclass(frozen=True, slots=True)
class _Asked:
    values: Row
    answer: "asyncio.Future[list[asyncpg.Record]]"


class Looks:
    """Asks what waits to be asked, `AT_ONCE` kinds at a time, each over a line of its own."""

    def __init__(self, lines: Lines) -> None:
        self._lines = lines
        self._waiting: dict[Question, list[_Asked]] = {}
        self._under_way = 0
        self._serving: set[asyncio.Task[None]] = set()

    async def rows(self, question: Question, values: Row) -> "list[asyncpg.Record]":
        """What the server answers, as things stand when it does; the last column is ours."""
        one = _Asked(values, asyncio.get_running_loop().create_future())
        self._waiting.setdefault(question, []).append(one)
        if self._under_way < AT_ONCE:
            self._under_way += 1
            serving = asyncio.create_task(self._serve(), name="database-looks")
            self._serving.add(serving)
            serving.add_done_callback(self._serving.discard)
        return await one.answer

    async def close(self) -> None:
        """Let the lines go; what is being asked is answered first."""
        await asyncio.gather(*self._serving, return_exceptions=True)
        await self._lines.close()

    async def _serve(self) -> None:
        try:
            while self._waiting:
                question = next(iter(self._waiting))
                asked = self._waiting.pop(question)
                if len(asked) > MOST:
                    self._waiting[question] = asked[MOST:]
                await self._together(question, asked[:MOST])
        finally:
            self._under_way -= 1

    async def _together(self, question: Question, asked: list[_Asked]) -> None:
        """Ask for all of them; where that goes wrong, for each alone, so that nobody suffers for another."""
        try:
            found = await self._ask(question, asked)
        except DatabaseAwayError as away:
            _refuse(asked, away)
        except Exception as error:  # noqa: BLE001 whatever it is belongs to those who asked
            if len(asked) == 1:
                _refuse(asked, error)
                return
            for one in asked:
                await self._together(question, [one])
        else:
            for one, rows in zip(asked, found, strict=True):
                if not one.answer.done():
                    one.answer.set_result(rows)

    async def _ask(self, question: Question, asked: list[_Asked]) -> "list[list[asyncpg.Record]]":
        rows = [question.marked(one.values, number) for number, one in enumerate(asked)]
        async with self._lines.line() as (_, line):
            answered = await line.ask(question.sql, rows)
        found: list[list[asyncpg.Record]] = [[] for _ in asked]
        for row in answered:
            found[row[-1]].append(row)
        return found


def _refuse(asked: list[_Asked], error: Exception) -> None:
    for one in asked:
        if not one.answer.done():
            one.answer.set_exception(error)


class Look:
    """What one look is given for a connection: whatever is not shared goes over a line taken for it."""

    def __init__(self, looks: Looks, dialect: Dialect, taken: Callable[[], Awaitable[Connection]]) -> None:
        self.info = {TOGETHER: looks}
        self.dialect = dialect
        self._taken = taken
        self._own: Connection | None = None

    def __getattr__(self, name: str) -> Any:
        """Everything else is the line's."""
        if self._own is None:
            self._own = await_only(self._taken())
        return getattr(self._own, name)
