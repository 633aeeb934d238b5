"""What the processes on one PostgreSQL tell each other: who has what in hand, and what there is to look at.

Both live in the server: an advisory lock belongs to a connection and goes with it, so that a process that
died holds nothing; NOTIFY reaches everybody who listens. All of a process's asking goes over one connection,
and what is asked at the same time makes one round trip.
"""

import asyncio
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field

import asyncpg

from storage.doors.away import DatabaseAwayError, is_away
from storage.doors.server import opened

CHANNEL = "kentongan"
AGAIN_SECONDS = 1.0
ASKED_SECONDS = 15.0
"""After that a silent server counts as gone, and with it what this process had in hand."""
ASK = """
SELECT 'freed', pg_advisory_unlock(one) FROM unnest($1::bigint[]) AS one
UNION ALL SELECT 'taken', pg_try_advisory_lock(one) FROM unnest($2::bigint[]) AS one
UNION ALL SELECT 'told', pg_notify('kentongan', one)::text = '' FROM unnest($3::text[]) AS one
"""
"""The parts run one after the other, each row by row in the order given."""
Heard = Callable[[str], None]


def number_of(name: str) -> int:
    """The 64 bits an advisory lock goes by; two names that share them only wait for each other."""
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), signed=True)


@dataclass(slots=True)
class _Round:
    """What is asked next."""

    freed: list[int] = field(default_factory=list)
    asked: list[tuple[str, asyncio.Future[bool]]] = field(default_factory=list)
    words: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.freed or self.asked or self.words)


class Bell:
    """One process's connection to the others; reconnects by itself."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._next = _Round()
        self._wake = asyncio.Event()
        self._mine: set[str] = set()
        self._listeners: list[Heard] = []
        self._stopping = False
        self._over = False
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to serve; needs a running event loop."""
        self._task = asyncio.create_task(self._serve(), name="database-bell")

    async def stop(self) -> None:
        """Say what is still to be said, then let go of everything in hand."""
        self._stopping = True
        self._wake.set()
        if self._task is not None:
            await self._task

    async def take(self, name: str) -> bool:
        """Take something in hand unless another process has it.

        Raises:
            DatabaseAwayError: nobody can tell at the moment, or this process is leaving.
        """
        if self._over:
            raise DatabaseAwayError(_ended())
        done: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._next.asked.append((name, done))
        self._wake.set()
        return await done

    def holds(self, name: str) -> bool:
        """Whether this process still has it: what is in hand is lost with the connection."""
        return name in self._mine

    def free(self, name: str) -> None:
        """Let go of what was taken."""
        if name in self._mine:
            self._mine.discard(name)
            self._next.freed.append(number_of(name))
            self._wake.set()

    def ring(self, word: str) -> None:
        """Tell every process, this one included; nobody is told while the server is away."""
        self._next.words.append(word)
        self._wake.set()

    def listen(self, heard: Heard) -> None:
        """Call this with every word from now on."""
        self._listeners.append(heard)

    async def _serve(self) -> None:
        while not self._stopping:
            try:
                await self._served()
            except Exception as error:  # noqa: BLE001 it belongs to those who ask: without us nobody is answered
                self._refuse(error)
                await asyncio.sleep(AGAIN_SECONDS)
        self._over = True
        self._refuse(_ended())

    async def _served(self) -> None:
        """Talk over one connection, until it breaks or everything is said."""
        connection = await self._connected()
        try:
            await self._talk(connection)
        finally:
            self._mine.clear()
            connection.terminate()

    async def _connected(self) -> "asyncpg.Connection[asyncpg.Record]":
        return await opened(self._url, {}, ASKED_SECONDS)

    async def _talk(self, connection: "asyncpg.Connection[asyncpg.Record]") -> None:
        connection.add_termination_listener(lambda _: self._wake.set())
        await connection.add_listener(CHANNEL, self._told)
        while not connection.is_closed() and (self._next or not self._stopping):
            if self._next:
                await self._ask(connection)
                continue
            self._wake.clear()
            await self._wake.wait()

    async def _ask(self, connection: "asyncpg.Connection[asyncpg.Record]") -> None:
        now, self._next = self._next, _Round()
        numbers = [number_of(name) for name, _ in now.asked]
        try:
            rows = await connection.fetch(ASK, now.freed, numbers, now.words, timeout=ASKED_SECONDS)
        except Exception as error:
            _refuse(now, error)
            raise
        answers = [row[1] for row in rows if row[0] == "taken"]
        for (name, done), got in zip(now.asked, answers, strict=True):
            if got:
                self._mine.add(name)
            if not done.done():
                done.set_result(got)
            elif got:
                self.free(name)

    def _told(self, *told: object) -> None:
        for heard in self._listeners:
            heard(str(told[-1]))

    def _refuse(self, error: Exception) -> None:
        now, self._next = self._next, _Round()
        _refuse(now, error)


def _ended() -> Exception:
    return asyncpg.InterfaceError("the connection is closed")


def _refuse(now: _Round, error: Exception) -> None:
    """Nobody can be answered; what was to be let go went with the connection."""
    for _, done in now.asked:
        if not done.done():
            done.set_exception(DatabaseAwayError(error) if is_away(error) else error)
