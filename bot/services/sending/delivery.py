"""Send: what the outbox holds goes out in order per address, is retried, and is never lost unreported."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import structlog

from bot import tracing
from bot.channels.base import (
    DOOR_CODES,
    RATE_LIMITED,
    Channel,
    Delivery,
    OutboundFile,
    SendError,
    SendResult,
)
from bot.services.core import Core
from bot.services.files.copies import COPY, made_for
from bot.services.files.keeping import KEPT
from bot.services.files.passing import made_here, outbound
from bot.services.lanes import Key, Keys
from bot.services.sending import outcomes, refusals
from bot.services.sending.outcomes import INVITING, MOST_TRIES, pause_after
from dialogs.messages import Attachment
from storage import tokens
from storage.doors.database import Connection, DatabaseAwayError
from storage.reports import media
from storage.talks import conversations, hearings, held, outbox, receipts
from storage.talks.held import KNOCKED
from storage.talks.outbox import Trouble, WaitingOut
from storage.talks.setback import LONGEST_ASKED, is_ahead, left

log = structlog.get_logger(__name__)

SENT = 0.0
"""The pause after a message that went: none."""
WAITED_OUT = DOOR_CODES | {RATE_LIMITED}
"""Codes that no number of tries makes a reason to give a message up."""
FAULT = "fault"
"""The code of a message that a fault of our own kept from going."""
FILE_PAUSE = 0.5
"""Seconds until the next look at a message whose files are still being fetched."""
NOTICE_SENT = "pemberitahuan singkat sudah dikirim"
"""Shown to the operator whose words wait."""


class FilesNotReadyError(Exception):
    """A message's files are still on their way in."""


def _nobody(_keys: Iterable[tuple[str, str]]) -> None:
    """Wake nobody: for those who look at the outbox themselves."""


@dataclass(frozen=True, slots=True)
class Sender:
    """The step of the delivery lanes: sends the oldest waiting message of an address.

    `wake` is told of addresses for which sending brought about something more to send.
    """

    core: Core
    channels: Mapping[str, Channel]
    wake: Callable[[Iterable[tuple[str, str]]], None] = _nobody
    _unrecorded: dict[int, SendResult] = field(default_factory=dict)
    """What went out while the database could not be told: it is told later, and nothing is sent again."""

    async def step(self, name: str, address: str) -> float | None:
        """Send one message; None when no more wait, else seconds until the next may go."""
        channel = self.channels.get(name)
        line = await self.core.database.glance(lambda c: outbox.waiting(c, name, address, 2))
        if not line or channel is None:
            return None
        early = _early(line[0], self.core.clock())
        if early:
            return early.total_seconds()
        last = len(line) == 1
        pause = await self._send(channel, address, line[0], last=last)
        return None if pause == SENT and last else pause

    async def _send(self, channel: Channel, address: str, row: WaitingOut, *, last: bool) -> float:
        try:
            files = [await self._file((channel.name, address), one) for one in row.message.attachments]
        except FilesNotReadyError:
            return FILE_PAUSE
        found = tuple(one for one in files if one is not None)
        if files and not found and not row.message.text:
            # None of them could be taken: nothing is left to say.
            await self._sent(channel, address, row, SendResult(()), hurry=True)
            return SENT
        with tracing.sending(row.turn, row.id):
            return await self._give(channel, address, row, found, last=last)

    async def _give(
        self, channel: Channel, address: str, row: WaitingOut, files: tuple[OutboundFile, ...], *, last: bool
    ) -> float:
        meters = self.core.meters
        if (went := self._unrecorded.get(row.id)) is not None:
            await self._sent(channel, address, row, went, hurry=True)
            return SENT
        try:
            delivery = await self._delivery(channel, address, row, files)
            with meters.send_seconds.labels(channel.name).time():
                result = await _given(channel, delivery)
        except SendError as error:
            meters.sends.labels(channel.name, error.code).inc()
            return await self._failed((channel.name, address), row, error)
        meters.sends.labels(channel.name, "sent").inc()
        log.info("sent", channel=channel.name, response=row.message.response)
        await self._sent(channel, address, row, result, hurry=not last)
        return SENT

    async def _delivery(
        self, channel: Channel, address: str, row: WaitingOut, files: tuple[OutboundFile, ...]
    ) -> Delivery:
        glance, at = self.core.database.glance, (channel.name, address)
        language = ""
        able = channel.capabilities
        if row.message.ask_location or able.window or not able.max_buttons:
            language = await glance(lambda c: conversations.spoken(c, *at))
        silent_for: timedelta | None = timedelta(0)
        knocked = False
        if channel.capabilities.window:
            heard = await glance(lambda c: hearings.last_heard(c, *at))
            silent_for = None if heard is None else self.core.clock() - heard
            knocked = any(one.code == KNOCKED for one in await glance(lambda c: held.held(c, *at)))
        return Delivery(address, row.message, files, str(row.id), row.refs, language, silent_for, knocked)

    async def _file(self, at: Key, attachment: Attachment) -> OutboundFile | None:
        if attachment.ref.startswith(COPY):
            return made_for(self.core, at, attachment)
        if attachment.ref.startswith(KEPT):
            return made_here(self.core, attachment, attachment.ref.removeprefix(KEPT))
        kept = await self.core.database.glance(lambda c: media.file(c, attachment.media_id))
        if kept is not None and kept.state == "waiting":
            raise FilesNotReadyError(attachment.media_id)
        return outbound(self.core, kept) if kept else None

    async def _sent(
        self, channel: Channel, address: str, row: WaitingOut, result: SendResult, *, hurry: bool
    ) -> None:
        """Record what went; unless a message behind it waits for that, together with what comes next."""
        at = (channel.name, address)

        def record(connection: Connection) -> Keys:
            outcomes.linked(connection, at, row, result.refs)
            if channel.capabilities.receipts:
                receipts.expect(connection, at[0], result.refs, row.id, self.core.clock())
            if result.knocked:
                notice = Trouble(KNOCKED, NOTICE_SENT)
                return outcomes.kept_back(connection, self.core, at, row, notice)
            outbox.sent(connection, row.id, result.refs, self.core.clock())
            if row.message.response in INVITING:
                tokens.blank(connection, row.id)
            # Where the platform tells what reached a person, that counts, not that it took the message.
            if not channel.capabilities.receipts:
                return outcomes.arrived(connection, self.core, row)
            early = receipts.failure(connection, at[0], result.refs)
            if early:
                went = replace(row, refs=result.refs)
                return outcomes.failed_later(connection, self.core, at, went, early)
            if not receipts.all_reached(connection, at[0], result.refs):
                return ()
            receipts.reached(connection, row.id, "delivered", self.core.clock())
            return outcomes.arrived(connection, self.core, row)

        self._unrecorded[row.id] = result
        self.wake(await self.core.database.write(record, hurry=hurry))
        del self._unrecorded[row.id]

    async def _failed(self, at: Key, row: WaitingOut, error: SendError) -> float:
        now = self.core.clock()
        trouble = Trouble(error.code, error.text, error.refs or row.refs)
        if error.held:
            until = now + timedelta(seconds=error.retry_after) if error.retry_after else None
            write = self.core.database.write
            self.wake(await write(lambda c: outcomes.kept_back(c, self.core, at, row, trouble, until)))
            return 0
        if error.code in WAITED_OUT or (error.retryable and row.tries + 1 < MOST_TRIES):
            pause = pause_after(row.tries, error.retry_after)

            def postpone(connection: Connection) -> Keys:
                outbox.postpone(connection, row.id, now + pause, trouble)
                return refusals.told(connection, self.core, at[0], trouble)

            self.wake(await self.core.database.write(postpone))
            return pause.total_seconds()
        log.warning("undeliverable", outbox=row.id, channel=at[0], code=error.code)
        self.wake(await self.core.database.write(lambda c: outcomes.given_up(c, self.core, at, row, trouble)))
        return 0


async def _given(channel: Channel, delivery: Delivery) -> SendResult:
    """Give a message to its channel.

    Raises:
        SendError: it was not taken; also for a fault of our own, which must not hold up a line for ever.
    """
    try:
        return await channel.send(delivery)
    except (SendError, DatabaseAwayError):
        raise
    except Exception as error:
        log.exception("sending failed", outbox=delivery.id, channel=channel.name)
        raise SendError(FAULT, type(error).__name__, retryable=True) from error


def _early(row: WaitingOut, now: datetime) -> timedelta:
    """How long a message has still to wait for its next try."""
    return timedelta(0) if is_ahead(row.created_at, now) else left(row.not_before, LONGEST_ASKED, now)
