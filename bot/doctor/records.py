"""The database: within reach, of the right schema, undamaged, and with nothing left lying in it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.channels.base import DOOR_CODES
from bot.doctor.finding import Check, Finding, NotLookedAtError
from bot.services.databases import holder_of
from bot.services.keys import KeyFormError, NoKeyError, UnknownKeyError
from bot.settings import Settings
from storage import condition
from storage.condition import Condition
from storage.doors.away import DatabaseAwayError, unusable
from storage.doors.database import UnsupportedDatabaseError, check_usable
from storage.doors.server import ServerRefusedError
from storage.migrations import newest_schema

AHEAD = timedelta(minutes=2)
OUT_OF_USE = (DatabaseAwayError, ServerRefusedError, UnsupportedDatabaseError)
RESTORE = "Stop Kentongan, keep the damaged file, and restore a backup (docs/operations.md)."


@dataclass(slots=True)
class Records:
    """Checks of the database; it is looked at once, by the first of them."""

    settings: Settings
    now: datetime
    _found: Condition | None = None
    _trouble: str = ""

    def checks(self) -> Iterator[tuple[str, Check]]:
        """Each check under the name of what it looks at."""
        yield "database", self.schema
        yield "keys", self.keys
        yield "pages of the database", self.pages
        yield "clock and records", self.clock
        yield "messages left lying", self.left
        yield "answers that wait", self.refused
        yield "bots' tokens", self.tokens

    async def schema(self) -> Finding:
        """Whether it can be opened, and is of this program's schema."""
        what, newest = "database", newest_schema()
        try:
            found = await self.look()
        except NotLookedAtError:
            return Finding(what, "ill", "cannot be used", self._trouble)
        if found is not None and found.damage:
            return Finding(what, "ill", "damaged", RESTORE)
        if found is None or not found.schema:
            return Finding(what, "well", "empty; the first start makes the tables")
        if found.schema == newest:
            return Finding(what, "well", f"schema {newest}")
        if found.schema < newest:
            remedy = f"The next start brings it to {newest}. Back it up before."
            return Finding(what, "look", f"schema {found.schema} of an older program", remedy)
        told = f"schema {found.schema} of a newer program"
        return Finding(
            what, "ill", told, "Start the newer program again, or restore the backup made before it."
        )

    async def keys(self) -> Finding:
        """Whether the keys open what is kept; none is made here."""
        what, found, holder = "keys", await self.look(), holder_of(self.settings)
        standing = found.standing if found else None
        if standing is None and holder.makes_one:
            return Finding(what, "well", "the first start makes one")
        try:
            keys = holder.ring(standing)
        except (NoKeyError, KeyFormError, UnknownKeyError) as error:
            return Finding(what, "ill", "what is kept cannot be opened", str(error))
        if standing and standing.turning_to:
            told = f"a rotation to the key {standing.turning_to} was not finished"
            return Finding(what, "ill", told, "kentongan keys rotate")
        where = "KENTONGAN_KEYS" if holder.given else holder.file
        return Finding(what, "well", f"{keys.newest.id}, from {where}; is there a copy elsewhere?")

    async def pages(self) -> Finding:
        """Whether every page can be read."""
        what, found = "pages of the database", await self.look()
        if found is not None and found.damage:
            return Finding(what, "ill", f"damaged: {found.damage[0]}", RESTORE)
        return Finding(what, "well", "all can be read")

    async def clock(self) -> Finding:
        """Whether the clock runs behind what is kept: then deadlines and orders of time go wrong."""
        what, found = "clock and records", await self.look()
        if found is None or found.newest is None or found.newest <= self.now + AHEAD:
            return Finding(what, "well", f"it is {self.now:%Y-%m-%d %H:%M:%S} UTC")
        told = f"the newest message is of {found.newest:%Y-%m-%d %H:%M} UTC, in the future"
        return Finding(what, "ill", told, "Set the clock by NTP (timedatectl set-ntp true).")

    async def left(self) -> Finding:
        """Whether messages were set aside or could not be delivered."""
        what, found = "messages left lying", await self.look()
        aside, failed = (found.set_aside, found.failed) if found else (0, 0)
        if not aside and not failed:
            return Finding(what, "well", "none")
        told = f"{aside} that could not be answered, {failed} that could not be delivered"
        return Finding(what, "look", told, "kentongan messages")

    async def refused(self) -> Finding:
        """Whether answers wait because a platform refuses our account."""
        what, found = "answers that wait", await self.look()
        ours = [one for one in (found.refused if found else ()) if one[1] in DOOR_CODES]
        if not ours:
            return Finding(what, "well", "no platform refuses our account")
        told = "; ".join(f"{count} on {channel} ({code})" for channel, code, count in ours)
        remedy = (
            "See to the account there, and to its token in the settings; then start `kentongan serve` again."
        )
        return Finding(what, "ill", told, remedy)

    async def tokens(self) -> Finding:
        """Whether somebody else receives a bot's updates: people then meet now one, now the other."""
        what, found = "bots' tokens", await self.look()
        now = [channel for channel, until in (found.contested if found else ()) if until > self.now]
        if not now:
            return Finding(what, "well", "nobody else asks with them")
        told = f"another installation receives updates with the same token: {', '.join(sorted(now))}"
        remedy = "Stop it, or give it a token of its own; if nobody knows it, let BotFather revoke ours."
        return Finding(what, "ill", told, remedy)

    async def look(self) -> Condition | None:
        """What there is in the database; None where none was made yet.

        Raises:
            NotLookedAtError: it cannot be used.
        """
        if self._found is None and not self._trouble:
            try:
                await check_usable(self.settings.database)
                self._found = await condition.examined(self.settings.database)
            except OUT_OF_USE as error:
                self._trouble = unusable(error.__cause__) or str(error)
        if self._trouble:
            raise NotLookedAtError("database")
        return self._found
