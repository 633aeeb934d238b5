"""Who is who on platforms that call a person by several names, and what they have of our files."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from bot.services.core import Core
from storage.files import uploads
from storage.people import identities


@dataclass(frozen=True, slots=True)
class Identities:
    """The address book of such a platform."""

    core: Core

    async def resolve(self, channel: str, names: Mapping[str, str]) -> str:
        """The address of the person with these names, a new one for a stranger; durable when it returns."""
        known = await self.core.database.glance(lambda c: identities.at_home(c, channel, names))
        if known:
            return known
        now = self.core.clock()
        return await self.core.database.write(lambda c: identities.resolve(c, channel, names, now))

    async def renamed(self, channel: str, old: str, new: str) -> None:
        """A person goes by another name from now on; the old one is free for somebody else."""
        now = self.core.clock()
        await self.core.database.write(lambda c: identities.renamed(c, channel, old, new, now))

    async def reach(self, channel: str, address: str) -> Mapping[str, str]:
        """The names to write to a person under, by kind."""
        return await self.core.database.glance(lambda c: identities.reach(c, channel, address))


@dataclass(frozen=True, slots=True)
class Uploads:
    """Files a platform has from us already."""

    core: Core

    async def find(self, channel: str, sha256: str) -> str:
        """The platform's handle of a file; empty when it has to be uploaded."""
        now = self.core.clock()
        return await self.core.database.glance(lambda c: uploads.uploaded(c, channel, sha256, now))

    async def keep(self, channel: str, sha256: str, ref: str, lasts: timedelta) -> None:
        """Remember a handle for as long as it lasts."""
        until = self.core.clock() + lasts
        await self.core.database.write(lambda c: uploads.note(c, channel, sha256, ref, until))
