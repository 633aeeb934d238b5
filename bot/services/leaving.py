"""Talks on the page that were ended by who held them: nothing of them is shown or taken there any more."""

from dataclasses import dataclass, field

from bot.services.core import Core
from storage import conversations
from storage.database import Connection

LEFT = "left "
"""How the word begins with which processes tell each other that a talk was ended."""


@dataclass(frozen=True, slots=True)
class Leaving:
    """The ended talks of a channel, known in every process; `load` before anybody is let in."""

    core: Core
    channel: str
    ended: set[str] = field(default_factory=set)

    async def load(self) -> None:
        """Know what was ended before, and hear what is from now on."""
        self.core.database.listen(self._heard)
        self.ended.update(await self.core.database.read(lambda c: conversations.gone(c, self.channel)))

    def left(self, address: str) -> bool:
        """Whether the talk of an address was ended."""
        return address in self.ended

    async def leave(self, address: str) -> None:
        """End the talk of an address; news for it are undeliverable from here on, as its reader is gone."""
        now = self.core.clock()

        def work(connection: Connection) -> None:
            conversations.set_blocked(connection, self.channel, address, now)

        self.ended.add(address)
        await self.core.database.write(work)
        self.core.database.ring(LEFT + address)

    def _heard(self, word: str) -> None:
        if word.startswith(LEFT):
            self.ended.add(word.removeprefix(LEFT))
