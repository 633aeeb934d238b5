"""Talks on the page that were ended by who held them: nothing of them is shown or taken there any more."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import timedelta

from bot.services.core import Core
from storage.doors.database import Connection
from storage.talks import conversations

LEFT = "left "
"""How the word begins with which processes tell each other that a talk was ended."""
LOOKED_BACK = timedelta(minutes=10)
"""How far back each look goes: clocks of several machines differ, and a commit takes its time."""


@dataclass(frozen=True, slots=True)
class Leaving:
    """The ended talks of a channel, known in every process; `load` before anybody is let in.

    A word between processes tells of one at once; as a word can be lost, `run_once` also looks.
    """

    core: Core
    channel: str
    ended: set[str] = field(default_factory=set)
    _listeners: list[Callable[[str], None]] = field(default_factory=list)

    async def load(self) -> None:
        """Know what was ended before, and hear what is from now on."""
        self.core.database.listen(self._heard)
        self._end(await self.core.database.read(lambda c: conversations.gone(c, self.channel)))

    async def run_once(self) -> int:
        """Know what was ended in other processes, word or no word; always 0."""
        since = self.core.clock() - LOOKED_BACK
        self._end(await self.core.database.read(lambda c: conversations.gone(c, self.channel, since)))
        return 0

    def listen(self, ended: Callable[[str], None]) -> None:
        """Call this with the address of each talk that is found to have ended."""
        self._listeners.append(ended)

    def left(self, address: str) -> bool:
        """Whether the talk of an address was ended."""
        return address in self.ended

    async def leave(self, address: str) -> None:
        """End the talk of an address; news for it are undeliverable from here on, as its reader is gone."""
        now = self.core.clock()

        def work(connection: Connection) -> None:
            conversations.set_blocked(connection, self.channel, address, now)

        await self.core.database.write(work)
        self._end([address])
        self.core.database.ring(LEFT + address)

    def _heard(self, word: str) -> None:
        if word.startswith(LEFT):
            self._end([word.removeprefix(LEFT)])

    def _end(self, addresses: Iterable[str]) -> None:
        for address in addresses:
            if address not in self.ended:
                self.ended.add(address)
                for tell in self._listeners:
                    tell(address)
