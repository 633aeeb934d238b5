"""Publish: a checked dialog goes live, open talks are carried over with it, and the history tells so."""

import asyncio
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from bot.services.core import Bundles, Clock
from dialogs.bundle import Bundle, read_bundle
from dialogs.check import check
from dialogs.conversation import from_json
from dialogs.faults import FlowFaults
from dialogs.impact import Impact, carry, impact
from storage import publishing as store
from storage.doors.database import Connection, Database
from storage.publishing import Publication, PublicationKind
from storage.talks import conversations
from storage.talks.conversations import Kept

PROGRAM = "program"
"""The author of the dialog that comes with the program."""
SHORTEST_HASH = 4


@dataclass(frozen=True, slots=True)
class Signed:
    """Who publishes, and what for."""

    author: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Published:
    """What a publication brought about."""

    publication: Publication
    impact: Impact


class UnknownBundleError(LookupError):
    """No kept bundle, or more than one, has a hash that begins so."""


class AlreadyLiveError(Exception):
    """That very dialog is live."""


class OutdatedBaseError(Exception):
    """Somebody published since the change was begun; `since` tells what, newest first."""

    def __init__(self, since: tuple[Publication, ...]) -> None:
        super().__init__("; ".join(f"{one.author}: {one.note or one.hash[:8]}" for one in since))
        self.since = since


class Publishing:
    """The service behind every door that publishes: command line, chat, web."""

    def __init__(self, database: Database, bundles: Bundles, clock: Clock) -> None:
        self._database = database
        self._bundles = bundles
        self._clock = clock

    @property
    def live(self) -> Bundle:
        """The bundle new talks begin under."""
        return self._bundles.live

    async def begin(self, delivered: Bundle) -> None:
        """Take up what is live; the dialog that came with the program goes live unless an admin's is.

        A delivered dialog that changed while an admin's is live is kept and noted as offered: it is for
        the admins to compare and publish.
        """
        last = await self._database.glance(store.live)
        self._bundles.know(delivered)
        if last is None or (last.kind == "delivered" and last.hash != delivered.hash):
            with suppress(AlreadyLiveError):  # another process that starts was first
                await self._go_live(delivered, "delivered", Signed(PROGRAM))
            await self._bundles.refresh()
            return
        if last.hash != delivered.hash and not await self._was_delivered(delivered):
            await self._database.write(lambda c: self._record(c, delivered, "offered", Signed(PROGRAM)))
        await self._bundles.refresh()

    async def _was_delivered(self, delivered: Bundle) -> bool:
        entries = await self._database.glance(lambda c: store.history(c, 1000))
        return any(one.hash == delivered.hash for one in entries if one.kind in {"delivered", "offered"})

    async def impact(self, new: Bundle) -> Impact:
        """What publishing this bundle now would do to the open talks."""
        talks = await self._database.read(conversations.open_talks)
        await self._bundles.load(kept.bundle for kept in talks)
        return await self._database.read(lambda c: self._impact(c, talks, new))

    async def publish(self, sources: Mapping[str, str], by: Signed, base: str = "") -> Published:
        """Make a dialog live; `base` is the bundle it was begun from, empty when that does not matter.

        Raises:
            FlowFaults: the check found faults; nothing was published.
            OutdatedBaseError: another one went live since `base` did.
            AlreadyLiveError: it is live.
        """
        faults = await asyncio.to_thread(check, sources)
        if faults:
            raise FlowFaults(faults)
        new, _ = await asyncio.to_thread(read_bundle, sources)
        return await self._go_live(new, "publish", by, base)

    async def rollback(self, by: Signed, to: str = "") -> Published:
        """Go back: to the bundle that was live before this one, or to one named by the head of its hash.

        Raises:
            UnknownBundleError: there is none to go back to.
            AlreadyLiveError: it is live.
        """
        target = await self.named(to) if to else await self._previous()
        return await self._go_live(target, "rollback", by)

    async def history(self, most: int = 20) -> tuple[Publication, ...]:
        """The last publications, newest first."""
        return await self._database.read(lambda c: store.history(c, most))

    async def named(self, head: str) -> Bundle:
        """The kept bundle whose hash begins so.

        Raises:
            UnknownBundleError: none does, or several do.
        """
        found = await self._database.read(lambda c: store.hashes_beginning(c, head))
        if len(head) < SHORTEST_HASH or len(found) != 1:
            raise UnknownBundleError(f"{len(found)} bundles begin with {head!r}; see the history")
        await self._bundles.load(found)
        return await self._bundles.pinned(found[0])

    async def _previous(self) -> Bundle:
        """What was live before the last change of mind: a rollback counts as being at its target again."""
        entries = [one for one in reversed(await self.history(1000)) if one.kind != "offered"]
        line: list[str] = []
        for one in entries:
            while one.kind == "rollback" and one.hash in line:
                line = line[: line.index(one.hash)]
            line.append(one.hash)
        if len(line) < 2:
            raise UnknownBundleError("nothing was live before this bundle")
        return await self.named(line[-2])

    async def _go_live(self, new: Bundle, kind: PublicationKind, by: Signed, base: str = "") -> Published:
        await self._bundles.load(await self._database.read(conversations.bundles_in_use))
        self._bundles.know(new)

        def work(connection: Connection) -> Published:
            _may_go_live(connection, new, base)
            talks = conversations.open_talks(connection)
            found = self._impact(connection, talks, new)
            publication = self._record(connection, new, kind, by, found)
            self._carry(connection, talks, new)
            return Published(publication, found)

        published = await self._database.write(work)
        await self._bundles.refresh()
        return published

    def _record(
        self,
        connection: Connection,
        new: Bundle,
        kind: PublicationKind,
        by: Signed,
        found: Impact | None = None,
    ) -> Publication:
        now = self._clock()
        counts = found.counts if found else None
        conversations.keep_bundle(connection, new.hash, dict(new.sources), by.author, now)
        publication = Publication(new.hash, kind, by.author, now, by.note, counts)
        store.record(connection, publication)
        return publication

    def _impact(self, connection: Connection, talks: Iterable[Kept], new: Bundle) -> Impact:
        pinned = partial(self._bundles.kept, connection)
        return impact((from_json(kept.state) for kept in talks), pinned, new)

    def _carry(self, connection: Connection, talks: Iterable[Kept], new: Bundle) -> None:
        now = self._clock()
        for kept in talks:
            before = from_json(kept.state)
            after = carry(before, self._bundles.kept(connection, before.bundle), new)
            if after is not before:
                moved = Kept(kept.id, kept.contact, after.bundle, after, kept.version, kept.quiet_at)
                conversations.save(connection, moved, now)


def _may_go_live(connection: Connection, new: Bundle, base: str) -> None:
    last = store.live(connection)
    if last is None:
        return
    if last.hash == new.hash:
        raise AlreadyLiveError(new.hash)
    if base and last.hash != base:
        raise OutdatedBaseError(store.since(connection, base))
