"""What a room of practice is made of: the same parts as the real house, on another database."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from bot.channels.base import Capabilities, Channel, Delivery, FetchError, SendResult
from bot.services.core import Core
from bot.services.desk.roster import Roster
from bot.services.files.keeping import Keeper
from bot.services.lanes import Lanes
from bot.services.reports.ticketing import Act, DeskRefusal, Ticketing
from bot.services.talks.intake import Intake
from dialogs.messages import Attachment
from storage.desk import practice
from storage.desk.staff import Operator
from tickets.practice.work import Try
from tickets.ticket import Change

CITIZENS = "latihan"
"""The channel of scripted citizens."""


class House(Protocol):
    """What practice needs of a house."""

    @property
    def core(self) -> Core:
        """Its data, rules and clock."""

    @property
    def channels(self) -> dict[str, Channel]:
        """Its ways to talk, by name."""

    @property
    def turns(self) -> Lanes:
        """Where citizens' turns are taken."""

    @property
    def deliveries(self) -> Lanes:
        """Where messages go out."""

    @property
    def intake(self) -> Intake:
        """Where messages arrive."""

    @property
    def ticketing(self) -> Ticketing:
        """Where tickets change."""

    @property
    def roster(self) -> Roster:
        """Who works there."""

    @property
    def keeper(self) -> Keeper:
        """Who fetches files."""

    async def resume(self) -> None:
        """Go on with what a stop left undone."""


class ScriptChannel:
    """The way to scripted citizens: what they are told stays in the outbox, they send the course pictures."""

    name = CITIZENS
    capabilities = Capabilities(
        max_text=4096,
        max_buttons=8,
        max_button_label=64,
        sends_photos=True,
        asks_location=False,
        max_download=0,
    )

    def __init__(self, pictures: Mapping[str, bytes]) -> None:
        self._pictures = pictures

    async def send(self, delivery: Delivery) -> SendResult:
        """Take a message; it has been read."""
        return SendResult((str(delivery.id),))

    async def fetch(self, attachment: Attachment) -> bytes:
        """The picture of that name.

        Raises:
            FetchError: there is none any more.
        """
        if attachment.ref not in self._pictures:
            raise FetchError(f"{attachment.ref} is no file", retryable=False)
        return self._pictures[attachment.ref]


class SupervisedTicketing(Ticketing):
    """The desk's door, with a note of what it refused to whom practises."""

    async def act(self, number: str, act: Act, *, updates: Sequence[str] = ()) -> Change:
        """Change a ticket like the real door; a refusal is noted for the marking, then raised."""
        try:
            return await super().act(number, act, updates=updates)
        except DeskRefusal as refusal:
            if act.command.actor.kind == "operator":
                one = Try(act.command.action, refusal.code, self._core.clock())
                await self._core.database.write(lambda c: practice.note_try(c, number, one))
            raise


class Visitors(Roster):
    """The staff of the real house, as whoever stands before practice sees them; nothing of it is written."""

    def __init__(self, core: Core, deliveries: Lanes, real: Roster) -> None:
        super().__init__(core, deliveries)
        self._real = real

    async def operator(self, user: str) -> Operator | None:
        """The real operator behind a user id."""
        return await self._real.operator(user)

    async def language(self, chat: str) -> str:
        """The language really read in a chat."""
        return await self._real.language(chat)
