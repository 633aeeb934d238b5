"""The way out to people at the counter or on the telephone: through the operator who talked with them."""

from bot.channels.base import Capabilities, Delivery, SendError, SendResult
from bot.channels.rendering import flat, with_list
from bot.operator.channel import CAPABILITIES, OperatorChannel
from bot.operator.client import StaffBot
from bot.operator.counter import PRESSED
from bot.operator.office import SYSTEM, Office, Rows, eligible
from bot.operator.payloads import MAX_BYTES
from bot.operator.writing import Place, Post
from dialogs.messages import Attachment, Button
from storage.desk.frontdesk import WalkIn


class CounterChannel:
    """One of the two ways, by its name: loket or telepon."""

    capabilities: Capabilities = CAPABILITIES

    def __init__(self, name: str, bot: StaffBot, office: Office, staff: OperatorChannel) -> None:
        self.name = name
        self._bot = bot
        self._office = office
        self._staff = staff

    async def send(self, delivery: Delivery) -> SendResult:
        """Say it to the operator: as the talk goes on, or as news to pass on; raises SendError."""
        talk = await self._office.frontdesk.talk(delivery.address)
        if talk is None or await self._office.roster.operator(talk.operator) is None:
            raise SendError("not_staff", "whoever talked with them has left the staff", retryable=False)
        post = await self._as_it_goes(delivery) if talk.open else await self._as_news(delivery, talk)
        if post is None:
            return SendResult(())
        return await self._staff.post(post, Place(int(talk.operator)), delivery.sent)

    async def fetch(self, attachment: Attachment) -> bytes:
        """The bytes of a file the operator took; raises FetchError."""
        return await self._staff.fetch(attachment)

    async def _as_it_goes(self, delivery: Delivery) -> Post:
        text, rows = _pressable(delivery.message.text, delivery.message.buttons)
        return Post(text, delivery.files, rows)

    async def _as_news(self, delivery: Delivery, talk: WalkIn) -> Post | None:
        """News of a ticket for somebody who has gone; nothing else is worth a word then."""
        number = delivery.message.ticket
        if not number:
            return None
        office = await self._office.for_chat(talk.operator)
        values = {"nomor": number, "telepon": talk.phone, "pesan": delivery.message.text}
        if await self._closed_to(number, talk.operator):
            return Post(office.text("petugas_kabar_loket_tertutup", values))
        return Post(office.text("petugas_kabar_loket", values), delivery.files)

    async def _closed_to(self, number: str, operator: str) -> bool:
        ticket = (await self._office.ticketing.view(number, SYSTEM)).ticket
        known = await self._office.roster.operator(operator)
        coordinator = self._office.core.policies.agencies.coordinator
        hidden = bool(ticket.flags & {"WBS", "RAHASIA"})
        return hidden and (known is None or eligible(known, ticket, coordinator) is None)


def _pressable(text: str, rows: Rows) -> tuple[str, Rows]:
    """Buttons whose payload fits; else all of them as a list to answer by number."""
    made = tuple(tuple(_marked(one) for one in row) for row in rows)
    if all(one.url or len(one.payload.encode()) <= MAX_BYTES for one in flat(made)):
        return text, made
    return with_list(text, rows), ()


def _marked(one: Button) -> Button:
    return Button(one.label, PRESSED + one.payload, one.url)
