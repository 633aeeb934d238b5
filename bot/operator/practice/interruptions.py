"""The real way out to the staff, watched: an emergency that is real breaks into practice."""

from collections.abc import Awaitable, Callable

from bot.channels.base import Capabilities, Channel, Delivery, SendResult
from bot.operator.practice.school import School
from bot.services.reports.news import CARD
from bot.services.reports.ticketing import Ticketing, UnknownTicketError
from dialogs.messages import Attachment
from tickets.ticket import Actor

ALARMS = frozenset({"petugas_darurat", "petugas_perlu_orang"})
"""What the staff is told when somebody may be in danger."""
Interrupted = Callable[[str], Awaitable[None]]


class WatchedChannel:
    """The operators' channel; before an emergency reaches somebody who practises, their practice stops."""

    def __init__(
        self, inner: Channel, school: School, ticketing: Ticketing, interrupted: Interrupted
    ) -> None:
        self.name: str = inner.name
        self.capabilities: Capabilities = inner.capabilities
        self._inner = inner
        self._school = school
        self._ticketing = ticketing
        self._interrupted = interrupted

    async def send(self, delivery: Delivery) -> SendResult:
        """Send it as ever; raises SendError."""
        breaks_in = self._school.practises(delivery.address) and await self._alarming(delivery)
        result = await self._inner.send(delivery)
        if breaks_in and await self._school.pause(delivery.address):
            await self._interrupted(delivery.address)
        return result

    async def fetch(self, attachment: Attachment) -> bytes:
        """The bytes of a file an operator sent; raises FetchError."""
        return await self._inner.fetch(attachment)

    async def _alarming(self, delivery: Delivery) -> bool:
        """An alarm, or the first card of an emergency in this chat."""
        message = delivery.message
        if message.response in ALARMS:
            return True
        if message.response != CARD or await self._school.staff.card(message.ticket, delivery.address):
            return False
        try:
            return "DARURAT" in (await self._ticketing.view(message.ticket, Actor("system"))).ticket.flags
        except UnknownTicketError:
            return False
