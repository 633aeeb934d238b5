"""Keep: files are fetched while the channel has them, kept as they came, examined, copied for others."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

import structlog

from bot.channels.base import Channel, FetchError
from bot.services.core import Core
from bot.services.files import refusing, safekeeping
from bot.services.files.comparing import settle
from bot.services.files.examining import Examiner, NotExaminedError
from bot.services.lanes import Lanes
from bot.services.one_by_one import one_by_one, to_the_end
from dialogs.messages import Attachment, AttachmentKind
from storage.doors.database import Connection
from storage.files.vault import AlteredError
from storage.reports import media
from storage.reports.media import File, Kept
from storage.talks.setback import LONGEST_FETCH
from tickets.evidence.findings import Examination

log = structlog.get_logger(__name__)

AT_ONCE = 8
"""Enough that the examiner need not wait for the next file to be fetched or the last one to be written."""
KEPT = "kept:"
"""How the handle of a file begins that was made here and belongs to no ticket; its hash follows."""
MOST_TRIES = 12
"""How often a channel is asked for a file: for an hour and a half."""
FIRST_PAUSE = timedelta(seconds=2)
LOST = "lost"
SWEPT_AT_ONCE = 50


async def kept_attachment(core: Core, kind: AttachmentKind, content: bytes, name: str) -> Attachment:
    """A file made here, kept under its hash, ready to be sent."""
    digest = await core.files.put(content)
    return Attachment(kind=kind, ref=f"{KEPT}{digest}", size=len(content), name=name)


@dataclass(frozen=True, slots=True)
class Keeper:
    """Fetches owed files, keeps the originals under their hash, and tells of those that cannot be taken.

    Nothing waits for it but messages that carry the files themselves.
    """

    core: Core
    channels: Mapping[str, Channel]
    examiner: Examiner
    turns: Lanes
    deliveries: Lanes

    async def run_once(self) -> int:
        """Try every file whose turn has come, and bind what tickets have; the number of files dealt with.

        What was kept before is bound while others are kept; what is kept now, in the next round at latest.

        Raises:
            storage.doors.database.DatabaseAwayError: it is; nothing is lost by that.
        """
        tried, bound = await to_the_end(self._try_owed(), self._bind())
        return tried + (bound if bound or not tried else await self._bind())

    async def _try_owed(self) -> int:
        now = self.core.clock()
        owed = await self.core.database.glance(lambda c: media.owed(c, now, AT_ONCE))
        return sum(await to_the_end(*(self._alone(one) for one in owed)))

    async def _bind(self) -> int:
        """Compare and bind files that tickets have, one by one: each must see those before it."""
        unsettled = await self.core.database.glance(lambda c: media.unsettled(c, AT_ONCE))
        return len(await one_by_one(unsettled, self._settled, lambda file: f"binding of {file.id}"))

    async def _settled(self, file: File) -> None:
        self.deliveries.wake_all(await settle(self.core, file))

    async def _alone(self, file: File) -> bool:
        """Keep a file unless another process is at it, which makes it false."""
        name = f"file:{file.id}"
        if not await self.core.database.take(name):
            return False
        try:
            await self.keep(file)
            return True
        finally:
            self.core.database.free(name)

    async def keep(self, file: File) -> None:
        """Fetch, keep and examine one file; what goes wrong is noted and tried again later."""
        try:
            content = await self._content(file)
            digest = await self.core.files.put(content)
            found = await self.examiner.examine(content)
            copy = await self.core.files.put(found.copy) if found.copy else ""
        except FetchError as error:
            await self._not_fetched(file, error)
        except AlteredError as error:
            await self._failed(file, str(error), retryable=False)
        except (NotExaminedError, OSError) as error:
            log.warning("no room or no examiner for a file", media=file.id, reason=str(error))
            await self._later(file, type(error).__name__)
        except Exception as error:
            log.exception("file not kept", media=file.id)  # it must not hold up the others
            await self._failed(file, type(error).__name__, retryable=True)
        else:
            await self._kept(file, _as_kept(digest, len(content), found, copy))
            await self._ensured({digest: content} | ({copy: found.copy} if copy else {}))

    async def _ensured(self, contents: Mapping[str, bytes]) -> None:
        try:
            await safekeeping.ensure(self.core, contents)
        except OSError as error:  # what was put away a moment ago is there, but for the rarest of chances
            log.warning("files could not be looked for once more", reason=type(error).__name__)

    async def sweep(self) -> int:
        """Let go of files that never became part of a report; the number of those."""
        before = self.core.clock() - timedelta(days=self.core.policies.evidence.unclaimed_days)
        old = await self.core.database.glance(lambda c: media.unclaimed(c, before, SWEPT_AT_ONCE))
        for file in old:
            await self._forget(file)
        return len(old)

    async def _forget(self, file: File) -> None:
        for digest in await self.core.database.write(lambda c: media.forget(c, file.id)):
            await safekeeping.let_go(self.core, digest, lambda c, one=digest: media.named(c, one))  # type: ignore[misc]

    async def _content(self, file: File) -> bytes:
        """The original: from our own vault when it lies there already, else from the channel."""
        if file.sha256:
            with suppress(FileNotFoundError):
                return await self.core.files.get(file.sha256)
        channel = self.channels.get(file.channel)
        if channel is None:
            raise FetchError(f"the channel {file.channel} is not open here", retryable=True)
        return await channel.fetch(file.attachment)

    async def _kept(self, file: File, kept: Kept) -> None:
        def record(connection: Connection) -> None:
            media.kept(connection, file.id, kept)
            if kept.refused:
                refusing.note(connection, self.core, file, kept.refused)

        await self.core.database.write(record, hurry=False)
        self.core.meters.files.labels(kept.refused or "kept").inc()
        if kept.refused:
            log.info("file refused", media=file.id, reason=kept.refused, sha256=kept.sha256)
            self._wake(file)

    async def _not_fetched(self, file: File, error: FetchError) -> None:
        if error.ours:
            log.error("platform refuses our account", channel=file.channel, remedy="kentongan doctor")
            await self._later(file, str(error))
        else:
            await self._failed(file, str(error), retryable=error.retryable)

    async def _failed(self, file: File, error: str, *, retryable: bool) -> None:
        if retryable and file.tries + 1 < MOST_TRIES:
            await self._later(file, error)
            return
        log.warning("file lost", media=file.id, ticket=file.number)
        self.core.meters.files.labels(LOST).inc()

        def record(connection: Connection) -> None:
            media.lost(connection, file.id, error)
            refusing.note(connection, self.core, file, LOST)

        await self.core.database.write(record)
        self._wake(file)

    async def _later(self, file: File, error: str) -> None:
        """Try again after a pause that grows; without end where the trouble is our own."""
        pause = min(FIRST_PAUSE * 2 ** min(file.tries, MOST_TRIES), LONGEST_FETCH)
        until = self.core.clock() + pause
        await self.core.database.write(lambda c: media.postpone(c, file.id, until, error))

    def _wake(self, file: File) -> None:
        """Those who tell the sender."""
        if refusing.of_the_staff(file):
            self.deliveries.wake(file.channel, file.address)
        else:
            self.turns.wake(file.channel, file.address)


def _as_kept(digest: str, size: int, found: Examination, copy: str) -> Kept:
    return Kept(digest, size, found.facts, found.print, copy, found.copy_mime, found.refused)
