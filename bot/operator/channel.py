"""The way out to the staff: cards kept up to date, news under them, ✓ and ✗ on what they wrote."""

from collections.abc import Awaitable, Callable, Mapping

from telegram import Message
from telegram.constants import ReactionEmoji
from telegram.error import BadRequest, TelegramError

from bot.channels.base import DOOR_CODES, Capabilities, Delivery, FetchError, SendError, SendResult
from bot.operator import announce, looks
from bot.operator.client import StaffBot
from bot.operator.errors import says, send_error
from bot.operator.office import FRESH_CARD, NOTED, Office
from bot.operator.payloads import prompt_of
from bot.operator.reading import MAX_DOWNLOAD
from bot.operator.shelf import THREAD_GONE, Shelf
from bot.operator.writing import Place, Post, write
from bot.services.core import OPERATOR
from bot.services.people.oversight import REPORTER, SEEN
from bot.services.reports.news import CARD
from bot.services.reports.ticketing import UnknownTicketError
from bot.services.sending.outcomes import ANNOUNCED, DELAYED, DELIVERED, FAILED, WAITS
from dialogs.messages import Attachment
from tickets.ticket import Ticket

SIGNS = {DELIVERED: ReactionEmoji.OK_HAND_SIGN, NOTED: ReactionEmoji.WRITING_HAND}

CAPABILITIES = Capabilities(
    max_text=4096,
    max_buttons=100,
    max_button_label=64,
    sends_photos=True,
    asks_location=False,
    max_download=MAX_DOWNLOAD,
)

Way = Callable[[Delivery], Awaitable[SendResult]]


class OperatorChannel:
    """Messages to the staff, through python-telegram-bot."""

    name: str = OPERATOR
    capabilities: Capabilities = CAPABILITIES

    def __init__(self, bot: StaffBot, office: Office) -> None:
        self._bot = bot
        self._office = office
        self._shelf = Shelf(bot, office)
        self._ways: Mapping[str, Way] = {
            CARD: self._show_card,
            FRESH_CARD: self._show_fresh_card,
            DELIVERED: self._tick,
            NOTED: self._tick,
            FAILED: self._cross,
            ANNOUNCED: self._outcome,
            REPORTER: self._reporter,
            SEEN: self._seen,
            WAITS: self._cross,
            DELAYED: self._cross,
        }

    async def send(self, delivery: Delivery) -> SendResult:
        """Send or show one message; raises SendError."""
        way = self._ways.get(delivery.message.response, self._tell)
        if not self._bot.ready:
            raise SendError("stopped", "the bot has been stopped", retryable=True)
        try:
            return await way(delivery)
        except TelegramError as error:
            raise send_error(error, self._bot.token) from None
        except RuntimeError:
            if self._bot.ready:
                raise
            raise SendError("stopped", "the bot was stopped meanwhile", retryable=True) from None
        except UnknownTicketError:
            raise SendError("no_ticket", "there is no such ticket", retryable=False) from None

    async def fetch(self, attachment: Attachment) -> bytes:
        """The bytes of a file an operator sent; raises FetchError, also when it is too large."""
        try:
            file = await self._bot.get_file(attachment.ref)
            if (file.file_size or 0) > MAX_DOWNLOAD:
                raise FetchError("larger than 20 MB", retryable=False)
            content = bytes(await file.download_as_bytearray())
        except TelegramError as error:
            problem = send_error(error, self._bot.token)
            ours = problem.code in DOOR_CODES
            raise FetchError(str(problem), retryable=problem.retryable, ours=ours) from None
        if len(content) > MAX_DOWNLOAD:
            raise FetchError("larger than 20 MB", retryable=False)
        return content

    async def _show_card(self, delivery: Delivery) -> SendResult:
        return SendResult(await self._shelf.show(delivery.message.ticket, delivery.address))

    async def _show_fresh_card(self, delivery: Delivery) -> SendResult:
        return SendResult(await self._shelf.show_again(delivery.message.ticket, delivery.address))

    async def _tick(self, delivery: Delivery) -> SendResult:
        """A sign as a reaction on the operator's own words, where Telegram allows it; else a short reply."""
        message = delivery.message
        sign = SIGNS[message.response]
        try:
            await self._bot.set_message_reaction(int(delivery.address), int(message.reply_to), sign)
        except BadRequest:
            said = await self._office.for_chat(delivery.address)
            return await self._say(delivery, said.text(message.response, {"nomor": message.ticket}))
        return SendResult(())

    async def _cross(self, delivery: Delivery) -> SendResult:
        office = await self._office.for_chat(delivery.address)
        values = {"nomor": delivery.message.ticket, "alasan": _reason(office, delivery.message.text)}
        return await self._say(delivery, office.text(delivery.message.response, values))

    async def _outcome(self, delivery: Delivery) -> SendResult:
        office, message = await self._office.for_chat(delivery.address), delivery.message
        return await self._say(delivery, announce.outcome(office, message.ticket, message.text))

    async def _reporter(self, delivery: Delivery) -> SendResult:
        """Who reported: to a handler's own chat, and kept from being passed on."""
        office, number = await self._office.for_chat(delivery.address), delivery.message.ticket
        if await self._shelf.hidden(number, delivery.address):
            raise SendError("not_staff", "this chat may not know", retryable=False)
        text = looks.told(office, number, await office.oversight.reporter(number))
        sent = await self._bot.send_message(int(delivery.address), text, protect_content=True)
        return SendResult((str(sent.message_id),))

    async def _seen(self, delivery: Delivery) -> SendResult:
        office = await self._office.for_chat(delivery.address)
        return await self._say(delivery, looks.seen(office, delivery.message.text))

    async def _tell(self, delivery: Delivery) -> SendResult:
        return await self._say(delivery, delivery.message.text)

    async def _say(self, delivery: Delivery, text: str) -> SendResult:
        """Words and files, in the ticket's topic where the chat has topics."""
        number, chat = delivery.message.ticket, delivery.address
        hidden = await self._shelf.hidden(number, chat) if number else None
        if hidden is not None:
            return await self._hint(delivery, hidden)
        post = Post(text, delivery.files, delivery.message.buttons, prompt_of(delivery.message.response))
        place = await self._place(delivery)
        try:
            return await self._write(post, place, delivery.sent)
        except BadRequest as error:
            if place.thread is None or not says(error, *THREAD_GONE):
                raise
            await self._shelf.renew(number, chat)
            return await self._write(post, await self._place(delivery), delivery.sent)

    async def _hint(self, delivery: Delivery, ticket: Ticket) -> SendResult:
        """To staff who may not read it: that something happened. To others: nothing."""
        if not await self._shelf.of_the_staff(delivery.address):
            raise SendError("not_staff", "this chat is not of the staff any more", retryable=False)
        office = await self._office.for_chat(delivery.address)
        where = office.core.policies.agencies.short(ticket.agency)
        text = office.text("petugas_kabar_tertutup", {"nomor": ticket.number, "dinas": where})
        return await self._write(Post(text), Place(int(delivery.address)), delivery.sent)

    async def _place(self, delivery: Delivery) -> Place:
        number, chat, reply_to = delivery.message.ticket, delivery.address, delivery.message.reply_to
        mention = await self._mention(delivery)
        if not number:
            return Place(int(chat), reply_to=reply_to, mention=mention)
        card = await self._shelf.card(number, chat)
        under = reply_to or (card.message if card else "")
        return Place(int(chat), card.thread if card else None, under, mention)

    async def _mention(self, delivery: Delivery) -> tuple[str, str]:
        prompt = prompt_of(delivery.message.response)
        asked = await self._office.roster.operator(prompt.asked) if prompt and prompt.asked else None
        return (asked.id, asked.name) if asked else ("", "")

    async def post(self, post: Post, place: Place, sent: tuple[str, ...]) -> SendResult:
        """Write something to a chat of the staff; raises SendError."""
        if not self._bot.ready:
            raise SendError("stopped", "the bot has been stopped", retryable=True)
        try:
            return await self._write(post, place, sent)
        except TelegramError as error:
            raise send_error(error, self._bot.token) from None

    async def _write(self, post: Post, place: Place, sent: tuple[str, ...]) -> SendResult:
        refs = sent
        for part in write(self._bot, post, place, len(sent)):
            try:
                messages: list[Message] = await part()
            except TelegramError as error:
                if refs == sent:
                    raise
                problem = send_error(error, self._bot.token)
                problem.refs = refs
                raise problem from None
            refs += tuple(str(message.message_id) for message in messages)
        return SendResult(refs)


def _reason(office: Office, technical: str) -> str:
    blocked = "blocked" in technical.lower() or "deactivated" in technical.lower()
    return office.text("petugas_diblokir") if blocked else technical
