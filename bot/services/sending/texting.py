"""What SMS needs of the house: what it has cost, who wants no more of it, and which reports are urgent."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.channels.sms.channel import SmsStore
from bot.channels.sms.limits import Spent
from bot.channels.sms.parse import NAME
from bot.services.core import Core
from bot.services.lanes import Lanes
from dialogs.messages import InboundMessage, OutboundMessage
from storage.doors.database import Connection
from storage.reports import cases
from storage.talks import conversations, inbox, outbox, spending
from storage.talks.inbox import Arrival
from storage.talks.outbox import Outgoing
from storage.talks.spending import Expense

Words = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Texting:
    """The SMS channel's view of the database."""

    core: Core
    deliveries: Lanes

    def store(self) -> SmsStore:
        """The doors the channel needs."""
        return SmsStore(self.spent, self.spend, self.stopped, self.emergency, self.stop, self.start)

    def now(self) -> datetime:
        """The city's local time: days and months of the budget begin at its midnight."""
        return self.core.clock().astimezone(self.core.policies.city.timezone)

    async def spent(self, address: str) -> Spent:
        """What SMS cost today and this month, and how many segments went to this number in the last hour."""
        now = self.now()
        day = now.replace(hour=0, minute=0, second=0, microsecond=0)
        month = day.replace(day=1)

        def look(connection: Connection) -> Spent:
            return Spent(
                spending.spent(connection, NAME, day),
                spending.spent(connection, NAME, month),
                spending.segments_to(connection, NAME, address, now),
            )

        return await self.core.database.glance(look)

    async def spend(self, address: str, segments: int) -> None:
        """Note segments that went."""
        expense = Expense(NAME, address, segments, segments * self.core.policies.sms.price)
        now = self.core.clock()
        await self.core.database.write(lambda c: spending.spend(c, expense, now))

    async def stopped(self, address: str) -> bool:
        """Whether this number asked for no more news."""
        return await self.core.database.glance(lambda c: conversations.blocked(c, NAME, address))

    async def emergency(self, number: str) -> bool:
        """Whether a report is an emergency."""
        case = await self.core.database.glance(lambda c: cases.case(c, number))
        return case is not None and "DARURAT" in case.ticket.flags

    async def stop(self, message: InboundMessage, words: Words) -> None:
        """Send this number no more news, and say so."""
        await self._wish(message, words, self.core.clock())

    async def start(self, message: InboundMessage, words: Words) -> None:
        """Send it news again, and say so."""
        await self._wish(message, words, None)

    async def _wish(self, message: InboundMessage, words: Words, since: datetime | None) -> None:
        """Take a wish once, with its answer, however often the gateway repeats it."""
        now, address = self.core.clock(), message.address
        arrival = Arrival(NAME, message.external_id, address, now, message)

        def work(connection: Connection) -> None:
            if not inbox.keep(connection, arrival):
                return
            inbox.finish_update(connection, NAME, message.external_id, now)
            conversations.set_blocked(connection, NAME, address, since)
            language = conversations.spoken(connection, NAME, address)
            answer = OutboundMessage(words(language), response="sms_stop")
            outbox.add(connection, [Outgoing(NAME, address, answer)], now)

        await self.core.database.write(work)
        self.deliveries.wake(NAME, address)
