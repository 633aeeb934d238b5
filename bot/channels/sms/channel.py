"""Citizens by SMS: the whole dialog in letters and digits, sent within a budget."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import structlog
from aiohttp import web

from bot.channels.base import (
    Capabilities,
    Delivery,
    Intake,
    ReceiptNote,
    SendError,
    SendResult,
)
from bot.channels.sending import send_parts
from bot.channels.sms.gateway import Gateway, Handover, Hearing
from bot.channels.sms.gsm import segments
from bot.channels.sms.limits import Spent, Weight, check_room, weight
from bot.channels.sms.parse import NAME, Sms, parse
from bot.channels.sms.render import CAPABILITIES, render
from bot.channels.texts import load_texts, pick
from dialogs.messages import Attachment, InboundMessage
from tickets.policies.sms import SmsPolicy

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class SmsStore:
    """What the channel needs kept and looked up, given from outside.

    `spent` tells what was spent (also to this number), `spend` notes segments that went, `stopped` whether a
    number asked for no more news, `emergency` whether a report is one; `stop` and `start` take such a wish,
    with the sentence that answers it by language.
    """

    spent: Callable[[str], Awaitable[Spent]]
    spend: Callable[[str, int], Awaitable[None]]
    stopped: Callable[[str], Awaitable[bool]]
    emergency: Callable[[str], Awaitable[bool]]
    stop: Callable[[InboundMessage, Callable[[str], str]], Awaitable[None]]
    start: Callable[[InboundMessage, Callable[[str], str]], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Office:
    """Where the channel hands things on to, and its clock (local time of the city)."""

    intake: Intake
    receipt: ReceiptNote
    store: SmsStore
    clock: Callable[[], datetime]


class SmsChannel:
    """Sends and hears through one gateway; `emergency_number` is named where news are stopped."""

    name: str = NAME
    capabilities: Capabilities = CAPABILITIES

    def __init__(self, gateway: Gateway, office: Office, policy: SmsPolicy, emergency_number: str) -> None:
        self._gateway = gateway
        self._office = office
        self._policy = policy
        self._emergency_number = emergency_number
        self._texts = load_texts(Path(__file__).with_name("texts.json"))

    def routes(self) -> list[web.RouteDef]:
        """Where the gateway posts, for the web server."""
        return self._gateway.routes(Hearing(self.hear, self._office.receipt, self._office.clock))

    async def hear(self, sms: Sms) -> None:
        """Take an SMS in; one without a number to answer to is left alone."""
        message = parse(sms, self._policy.country_code)
        if message is None:
            log.info("SMS from no number left alone")
            return
        word = message.text.strip().strip(".!").casefold()
        if word in self._policy.stop_words:
            await self._office.store.stop(message, lambda language: self._say("stopped", language))
        elif word in self._policy.start_words and await self._office.store.stopped(message.address):
            await self._office.store.start(message, lambda language: self._say("started", language))
        else:
            await self._office.intake(message)

    async def send(self, delivery: Delivery) -> SendResult:
        """Send one message, as several texts where it is long; raises SendError."""
        texts = list(enumerate(self._rendered(delivery)))[len(delivery.sent) :]
        await self._check(delivery, sum(segments(text) for _, text in texts))
        return await send_parts(
            (Handover(delivery.address, text, f"{delivery.id}-{at}") for at, text in texts),
            self._hand_over,
            delivery.sent,
        )

    async def fetch(self, attachment: Attachment) -> bytes:
        """The bytes of a file that came by MMS; raises FetchError."""
        return await self._gateway.fetch(attachment.ref)

    async def stop(self) -> None:
        """Let the gateway's connections go."""
        await self._gateway.close()

    async def _hand_over(self, one: Handover) -> tuple[str, ...]:
        ref = await self._gateway.submit(one)
        await self._office.store.spend(one.to, segments(one.text))
        return (ref,)

    def _rendered(self, delivery: Delivery) -> list[str]:
        words = pick(self._texts, delivery.language)
        return render(delivery.message, words["choose"], len(delivery.files), words["files"])

    async def _check(self, delivery: Delivery, needed: int) -> None:
        """Make sure the message may go.

        Raises:
            SendError: the person asked for no more news, or the budget is spent.
        """
        kind = await self._weight(delivery)
        if kind == "news" and await self._office.store.stopped(delivery.address):
            raise SendError("stopped", "Warga meminta SMS dihentikan.", retryable=False)
        now = self._office.clock()
        check_room(self._policy, await self._office.store.spent(delivery.address), needed, kind, now)

    async def _weight(self, delivery: Delivery) -> Weight:
        kind = weight(delivery.message, self._policy.exempt)
        number = delivery.message.ticket
        return "urgent" if kind == "news" and number and await self._office.store.emergency(number) else kind

    def _say(self, key: str, language: str) -> str:
        return pick(self._texts, language)[key].replace("{darurat}", self._emergency_number)
