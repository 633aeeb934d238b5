"""Send: what the outbox holds goes out in order per address, is retried, and is never lost unreported."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

import structlog

from bot.channels.base import Channel, Delivery, OutboundFile, SendError
from bot.services.core import ASKS, OPERATOR, Core
from bot.services.ticketing import Act, DeskRefusal, UnknownTicketError, apply
from dialogs.messages import Attachment, OutboundMessage
from storage import conversations, media, outbox
from storage.database import Connection
from storage.outbox import Link, Outgoing, Trouble, WaitingOut
from tickets.ticket import Actor, Command

log = structlog.get_logger(__name__)

FIRST_PAUSE = timedelta(seconds=1)
LONGEST_PAUSE = timedelta(minutes=10)
MOST_TRIES = 12
SENT = 0.0
FILE_PAUSE = 0.5
"""Seconds until the next look at a message whose files are still being fetched."""
BLOCKED = "blocked"
CONFIRMATION = "utter_kabar_konfirmasi"


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

    async def step(self, name: str, address: str) -> float | None:
        """Send one message; None when no more wait, else seconds until the next may go."""
        channel = self.channels.get(name)
        line = self.core.database.glance(lambda c: outbox.waiting(c, name, address, 2))
        if not line or channel is None:
            return None
        early = (line[0].not_before - self.core.clock()).total_seconds()
        if early > 0:
            return early
        pause = await self._send(channel, address, line[0])
        return None if pause == SENT and len(line) == 1 else pause

    async def _send(self, channel: Channel, address: str, row: WaitingOut) -> float:
        try:
            files = tuple(self._file(one) for one in row.message.attachments)
        except FilesNotReadyError:
            return FILE_PAUSE
        found = tuple(one for one in files if one is not None)
        try:
            result = await channel.send(self._delivery(channel, address, row, found))
        except SendError as error:
            return await self._failed(channel, address, row, error)
        await self._sent(channel, address, row, result.refs)
        return SENT

    def _delivery(
        self, channel: Channel, address: str, row: WaitingOut, files: tuple[OutboundFile, ...]
    ) -> Delivery:
        language = ""
        if row.message.ask_location:
            language = self.core.database.glance(lambda c: conversations.spoken(c, channel.name, address))
        return Delivery(address, row.message, files, str(row.id), row.refs, language)

    def _file(self, attachment: Attachment) -> OutboundFile | None:
        kept = self.core.database.glance(lambda c: media.file(c, attachment.media_id))
        if kept is None or kept.state == "lost":
            return None
        if kept.state != "kept":
            raise FilesNotReadyError(attachment.media_id)

        async def read() -> bytes:
            return self.core.files.get(kept.sha256)

        return OutboundFile(attachment.kind, attachment.mime, attachment.name, read)

    async def _sent(self, channel: Channel, address: str, row: WaitingOut, refs: tuple[str, ...]) -> None:
        now = self.core.clock()

        def record(connection: Connection) -> tuple[tuple[str, str], ...]:
            outbox.sent(connection, row.id, refs, now)
            if row.ticket or row.message.response.startswith(ASKS):
                purpose = row.message.response or "news"
                outbox.link(connection, channel.name, address, refs, Link(row.ticket, purpose))
            mark = _told(row, "petugas_terkirim", "")
            outbox.add(connection, mark, now)
            return (*_keys(mark), *self._reached(connection, row))

        self.wake(await self.core.database.write(record))

    def _reached(self, connection: Connection, row: WaitingOut) -> tuple[tuple[str, str], ...]:
        """A ticket closes by itself only so long after its question reached the citizen: start that clock."""
        if row.message.response != CONFIRMATION:
            return ()
        act = Act(Command("delivered", Actor("system", "delivery")))
        try:
            return apply(connection, self.core, row.ticket, act).wake
        except (DeskRefusal, UnknownTicketError):
            return ()

    async def _failed(self, channel: Channel, address: str, row: WaitingOut, error: SendError) -> float:
        now = self.core.clock()
        trouble = Trouble(error.code, error.text, error.refs or row.refs)
        if error.held:
            self.wake(await self.core.database.write(lambda c: self._hold(c, row, trouble)))
            return 0
        if error.retryable and row.tries + 1 < MOST_TRIES:
            pause = _pause(row.tries, error.retry_after)
            await self.core.database.write(lambda c: outbox.postpone(c, row.id, now + pause, trouble))
            return pause.total_seconds()
        log.warning("undeliverable", outbox=row.id, channel=channel.name, code=error.code)
        self.wake(
            await self.core.database.write(lambda c: self._give_up(c, (channel.name, address), row, trouble))
        )
        return 0

    def _hold(self, connection: Connection, row: WaitingOut, trouble: Trouble) -> tuple[tuple[str, str], ...]:
        outbox.hold(connection, row.id, trouble)
        mark = _told(row, "petugas_ditahan", trouble.text)
        outbox.add(connection, mark, self.core.clock())
        return _keys(mark)

    def _give_up(
        self, connection: Connection, at: tuple[str, str], row: WaitingOut, trouble: Trouble
    ) -> tuple[tuple[str, str], ...]:
        now = self.core.clock()
        outbox.give_up(connection, row.id, trouble)
        mark = _told(row, "petugas_gagal", trouble.text)
        outbox.add(connection, mark, now)
        if trouble.code == BLOCKED:
            conversations.set_blocked(connection, *at, now)
        return _keys(mark)


def _pause(tries: int, asked: float) -> timedelta:
    if asked:
        return timedelta(seconds=asked)
    return min(FIRST_PAUSE * float(2**tries), LONGEST_PAUSE)


def _keys(messages: Iterable[Outgoing]) -> tuple[tuple[str, str], ...]:
    return tuple((one.channel, one.address) for one in messages)


def _told(row: WaitingOut, response: str, reason: str) -> list[Outgoing]:
    """The ✓ or ✗ for the operator whose words these were; `origin` is 'chat/message'."""
    if not row.origin:
        return []
    chat, _, message = row.origin.partition("/")
    mark = OutboundMessage(reason, response=response, ticket=row.ticket, reply_to=message)
    return [Outgoing(OPERATOR, chat, mark)]
