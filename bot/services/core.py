"""What every service works with, put together once by the composition root."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from dialogs.bundle import Bundle
from nlu.interpreter import Interpreter
from storage import conversations
from storage.database import Database
from storage.media import Folder
from tickets.desk import Desk
from tickets.policies import Policies

Clock = Callable[[], datetime]
OPERATOR = "operator"
"""The staff's channel, as it stands in inbox and outbox."""


class Bundles:
    """The live bundle, and the older ones that open conversations are still pinned to."""

    def __init__(self, database: Database, live: Bundle) -> None:
        self._database = database
        self.live = live
        self._known = {live.hash: live}

    async def keep_live(self, author: str, now: datetime) -> None:
        """Keep the live bundle in the database, so that conversations can stay pinned to it."""
        live = self.live
        await self._database.write(
            lambda c: conversations.keep_bundle(c, live.hash, dict(live.sources), author, now)
        )

    def pinned(self, bundle_hash: str) -> Bundle:
        """The bundle of that hash; the live one when it is gone."""
        if bundle_hash not in self._known:
            sources = self._database.glance(lambda c: conversations.bundle_sources(c, bundle_hash))
            self._known[bundle_hash] = Bundle.from_sources(sources) if sources else self.live
        return self._known[bundle_hash]


@dataclass(frozen=True, slots=True)
class Core:
    """The parts services are made of: data, rules, understanding, texts, time and chance."""

    database: Database
    files: Folder
    policies: Policies
    desk: Desk
    interpreter: Interpreter
    bundles: Bundles
    clock: Clock
    chance: random.Random
