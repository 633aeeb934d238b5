"""Arrive and keep: what comes in is on disk before anybody is told that it was received."""

from dataclasses import replace
from datetime import datetime

from bot.services.core import OPERATOR, Core
from bot.services.lanes import Lanes
from bot.services.sending.outcomes import CONFIRMATION
from bot.services.talks.visible import plainly
from dialogs.messages import InboundMessage
from storage.doors.database import Connection
from storage.reports import media
from storage.reports.media import Owner
from storage.talks import hearings, held, inbox, outbox
from storage.talks.inbox import Arrival

UNFETCHED = frozenset({"too_large", "edited"})
"""Kinds of messages whose files the channel does not give, or gave before."""


class Intake:
    """Keeps what comes in, once, and wakes those who answer it."""

    def __init__(self, core: Core, turns: Lanes, deliveries: Lanes) -> None:
        self._core = core
        self._turns = turns
        self._deliveries = deliveries
        self._staff: Lanes | None = None

    def serve_staff(self, lanes: Lanes) -> None:
        """From now on, the staff's updates are answered in these lanes."""
        self._staff = lanes

    async def citizen(self, message: InboundMessage) -> bool:
        """Keep a citizen's message durably; false when it was here before."""
        arrival = self._arrival(message)
        return await self._keep(arrival, self._turns)

    async def returned(self, message: InboundMessage) -> bool:
        """Keep a message like `citizen`; what was held until this person wrote goes before the answer."""
        arrival = self._arrival(message)
        at = (message.channel, message.address)

        def work(connection: Connection) -> tuple[bool, int]:
            new = inbox.keep(connection, arrival)
            if new:
                _owe_files(connection, arrival)
            hearings.heard(connection, *at, min(message.sent_at, arrival.received_at))
            return new, outbox.release(connection, *at, self._core.clock()) if new else 0

        new, released = await self._core.database.write(work)
        self._count(message.channel, new=new)
        if released:
            self._deliveries.wake(*at)
        if new:
            self._turns.wake(*at)
        return new

    async def present(self, channel: str, address: str) -> None:
        """Let go what was held until this person could be reached again, and put open questions anew."""
        now = self._core.clock()

        def work(connection: Connection) -> int:
            asked = held.revive(connection, channel, address, CONFIRMATION, now)
            return asked + outbox.release(connection, channel, address, now)

        if await self._core.database.write(work):
            self._deliveries.wake(channel, address)

    async def staff(self, update_id: str, chat: str, update: dict[str, object]) -> bool:
        """Keep an update of the operators' bot durably; false when it was here before."""
        arrival = Arrival(OPERATOR, update_id, chat, self._core.clock(), update)
        return await self._keep(arrival, self._staff)

    def _arrival(self, message: InboundMessage) -> Arrival:
        kept = plainly(_with_media_ids(message))
        return Arrival(message.channel, message.external_id, message.address, self._core.clock(), kept)

    async def _keep(self, arrival: Arrival, lanes: Lanes | None) -> bool:
        new = await self._kept(arrival)
        self._count(arrival.channel, new=new)
        if new and lanes is not None:
            lanes.wake(arrival.channel, arrival.address)
        return new

    async def _kept(self, arrival: Arrival) -> bool:
        """Keep it together with whatever else comes in at the moment."""
        told: list[bool] = []

        def work(connection: Connection) -> None:
            inbox.keep_soon(connection, arrival, told.append)
            _owe_files(connection, arrival)

        await self._core.database.write(work)
        return told[-1]

    def _count(self, channel: str, *, new: bool) -> None:
        self._core.meters.arrivals.labels(channel, "new" if new else "again").inc()

    async def resume(self, before: datetime | None = None) -> None:
        """Go on with everything that was kept (before a moment) but not answered."""
        for channel, address in await self._core.database.read(lambda c: inbox.addresses_waiting(c, before)):
            lanes = self._staff if channel == OPERATOR else self._turns
            if lanes is not None:
                lanes.wake(channel, address)


def _owe_files(connection: Connection, arrival: Arrival) -> None:
    """Note a citizen's files, to be fetched while the channel has them; a repeat's are noted already."""
    message = arrival.payload
    if isinstance(message, InboundMessage) and message.attachments and message.kind not in UNFETCHED:
        owner = Owner("", arrival.channel, "evidence", arrival.address)
        media.owe(connection, message.attachments, owner, arrival.received_at)


def _with_media_ids(message: InboundMessage) -> InboundMessage:
    """Name each file after the message that brought it, so that a repeat brings no second one."""
    if not message.attachments:
        return message
    named = tuple(
        replace(one, media_id=f"{message.channel}-{message.external_id}-{place}")
        for place, one in enumerate(message.attachments)
    )
    return replace(message, attachments=named)
