"""What every service works with, put together once by the composition root."""

import asyncio
import random
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from bot.meters import Meters
from dialogs.bundle import Bundle, read_bundle
from nlu.interpreter import Interpreter
from storage import publishing
from storage.doors.database import Connection, Database
from storage.files.vault import Vault
from storage.talks import conversations
from tickets.desk import Desk
from tickets.policies import Policies

Clock = Callable[[], datetime]
AT_HAND = 32
"""Bundles that are kept read; further ones are read again when they are needed."""
OPERATOR = "operator"
"""The staff's channel, as it stands in inbox and outbox."""
ASKS = "petugas_tanya_"
"""How the names of messages begin that ask the staff for words; answers to them find their way back."""


class Bundles:
    """The live bundle, and the older ones that open conversations are still pinned to.

    Which one is live stands in the database, as the last publication; this process looks there with
    `refresh` and otherwise works with what it has.
    """

    def __init__(self, database: Database, live: Bundle) -> None:
        self._database = database
        self.live = live
        self._known = OrderedDict({live.hash: live})
        self._seen = 0

    async def pinned(self, bundle_hash: str) -> Bundle:
        """The bundle of that hash; the live one when it is gone."""
        if bundle_hash == self.live.hash:
            return self.live
        if bundle_hash not in self._known:
            return await self._database.glance(lambda c: self.kept(c, bundle_hash))
        self._known.move_to_end(bundle_hash)
        return self._known[bundle_hash]

    def kept(self, connection: Connection, bundle_hash: str) -> Bundle:
        """The same for those who hold a connection.

        A kept bundle that this program no longer reads without a fault still goes on as it can.
        """
        if bundle_hash == self.live.hash:
            return self.live
        if bundle_hash not in self._known:
            sources = conversations.bundle_sources(connection, bundle_hash)
            self.know(read_bundle(sources)[0] if sources else self.live, bundle_hash)
        self._known.move_to_end(bundle_hash)
        return self._known[bundle_hash]

    async def load(self, hashes: Iterable[str]) -> None:
        """Have these bundles at hand, read beside the turns."""
        for bundle_hash in set(hashes) - self._known.keys():
            sources = await self._database.glance(lambda c, h=bundle_hash: conversations.bundle_sources(c, h))  # type: ignore[misc]
            found = (await asyncio.to_thread(read_bundle, sources))[0] if sources else self.live
            self.know(found, bundle_hash)

    async def refresh(self) -> int:
        """Make live what was published last, by whatever process; 1 when that is news, else 0."""
        newest = await self._database.glance(publishing.newest)
        if newest == self._seen:
            return 0
        published = await self._database.glance(publishing.live)
        if published is not None:
            await self.load([published.hash])
            self.live = await self.pinned(published.hash)
        self._seen = newest
        return 1

    def know(self, bundle: Bundle, bundle_hash: str = "") -> None:
        """Have a bundle at hand that is read already; those used longest ago make room."""
        self._known[bundle_hash or bundle.hash] = bundle
        if len(self._known) > AT_HAND:
            self._known.popitem(last=False)


@dataclass(frozen=True, slots=True)
class Core:
    """The parts services are made of: data, rules, understanding, texts, time and chance.

    `url` is the address the web server is reached at from outside; empty when it is not, or not for this.
    """

    database: Database
    files: Vault
    policies: Policies
    desk: Desk
    interpreter: Interpreter
    bundles: Bundles
    clock: Clock
    chance: random.Random
    meters: Meters = field(default_factory=Meters)
    url: str = ""
