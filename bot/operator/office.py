"""What the handlers of the operators' bot work with: looking, saying, acting, each within one's rights."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.operator.moments import day, length, stamp
from bot.operator.seat import Seat
from bot.services.core import OPERATOR, Core
from bot.services.desk.frontdesk import FrontDesk
from bot.services.desk.roster import Roster
from bot.services.desk.second_look import SecondLook
from bot.services.desk.team import Team
from bot.services.desk.watching import Watching
from bot.services.people.oversight import Oversight
from bot.services.reports.actors import actor_of
from bot.services.reports.naming import state_for_staff
from bot.services.reports.ticketing import Act, DeskRefusal, Ticketing, UnknownTicketError, View, may_see
from bot.services.sending.announcing import Announcing
from bot.services.talks.restraints import Restraints
from dialogs.messages import Button, OutboundMessage
from dialogs.responses import find, render
from storage.desk.staff import Operator
from storage.talks.outbox import Outgoing
from tickets.lifecycle import refusal_text
from tickets.numbers import parse_number
from tickets.ticket import Actor, Change, Role, Ticket

LANGUAGE = "id"
"""The language of staff who chose none."""
SYSTEM = Actor("system")
"""Who looks when nobody does."""
NOTED = "petugas_dicatat"
"""The sign that words were taken."""
FRESH_CARD = "petugas_kartu_baru"
"""A ticket's card, brought to the end of the chat."""
Rows = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True)
class Office:
    """The services behind the operators' bot, with the few things every handler does."""

    core: Core
    ticketing: Ticketing
    roster: Roster
    language: str = LANGUAGE

    def speaking(self, language: str) -> "Office":
        """The same office in another language."""
        return self if language == self.language else replace(self, language=language)

    async def for_chat(self, chat: str) -> "Office":
        """The same office in the language that is read in a chat."""
        return self.speaking(await self.roster.language(chat))

    @property
    def frontdesk(self) -> FrontDesk:
        """The service behind talks held for others."""
        return FrontDesk(self.core)

    @property
    def oversight(self) -> Oversight:
        """The service behind looks that leave a trace."""
        return Oversight(self.core, self.ticketing.deliveries)

    @property
    def restraints(self) -> Restraints:
        """The service behind bans."""
        return Restraints(self.core, self.ticketing.deliveries)

    @property
    def team(self) -> Team:
        """The service behind invitations and leave-takings."""
        return Team(self.core, self.roster)

    @property
    def watching(self) -> Watching:
        """The service behind the supervisor's view."""
        return Watching(self.core)

    @property
    def second_look(self) -> SecondLook:
        """The service behind words held back beside a colleague's."""
        return SecondLook(self.core, self.ticketing.deliveries)

    @property
    def address(self) -> str:
        """Where this bot is opened; empty before it has started."""
        return self.roster.address

    @property
    def announcing(self) -> Announcing:
        """The service behind words to many."""
        return Announcing(self.core, self.ticketing.deliveries)

    def length(self, span: timedelta) -> str:
        """How long, in words: "3 hari"."""
        count, unit = length(span)
        return self.text(f"petugas_lama_{unit}", {"jumlah": str(count)})

    def day(self, moment: datetime) -> str:
        """The date in the city, in words."""
        return day(moment, self.core.policies.city.timezone, self.language)

    def stamp(self, moment: datetime) -> str:
        """The date and the time of day in the city."""
        return stamp(moment, self.core.policies.city.timezone, self.language)

    def text(self, name: str, values: Mapping[str, str] | None = None) -> str:
        """One of the staff's texts."""
        return render(self.core.bundles.live, name, self.language, OPERATOR, values or {}).text

    async def answer(
        self, seat: Seat, name: str, values: Mapping[str, str] | None = None, buttons: Rows = ()
    ) -> None:
        """Answer an update with one of the staff's texts."""
        await self.say(seat, OutboundMessage(self.text(name, values), buttons, response=name))

    async def welcome(self, seat: Seat, name: str, values: Mapping[str, str], agency: str) -> None:
        """Answer in a chat that has just become one of an agency's desks; its open tickets follow."""
        message = OutboundMessage(self.text(name, values), response=name)
        cards = await self.roster.first_cards(agency, seat.chat)
        await self.roster.say(Outgoing(OPERATOR, seat.chat, message), *cards, updates=seat.updates)

    async def say(self, seat: Seat, *messages: OutboundMessage) -> None:
        """Put messages to this chat in line, in groups as replies, and mark the update answered."""
        to = "" if seat.private else seat.message
        going = [Outgoing(OPERATOR, seat.chat, replace(one, reply_to=one.reply_to or to)) for one in messages]
        await self.roster.say(*going, updates=seat.updates)

    async def look(self, seat: Seat, number: str) -> tuple[View, Actor]:
        """A ticket as this operator may see it in this room, and as whom.

        Raises:
            UnknownTicketError: there is none, or not for them, or not in this room.
        """
        ticket = (await self.ticketing.view(number, SYSTEM)).ticket
        actor = self.actor(seat, ticket)
        if actor is None:
            raise UnknownTicketError(number)
        return await self.ticketing.view(number, actor), actor

    def actor(self, seat: Seat, ticket: Ticket) -> Actor | None:
        """As whom somebody acts on a ticket; None when it is not theirs or must not be shown in this room."""
        if seat.operator is None or not self.shows(seat, ticket):
            return None
        return eligible(seat.operator, ticket, self.core.policies.agencies.coordinator)

    def shows(self, seat: Seat, ticket: Ticket) -> bool:
        """Whether a room is one where the ticket may be shown."""
        return seat.private or (bool(seat.agency) and fit_for_group(seat.agency, ticket, self.core))

    async def act(self, seat: Seat, number: str, act: Act) -> Change:
        """Change a ticket for an operator and mark the update answered.

        Raises:
            UnknownTicketError, DeskRefusal, bot.services.reports.collisions.CollisionError: nothing was
                changed.
        """
        return await self.ticketing.act(number, replace(act, careful=True), updates=seat.updates)

    async def tell(self, operator: str, name: str, ticket: Ticket, by: str) -> None:
        """Tell a colleague something about a ticket, in their own chat and language."""
        office = await self.for_chat(operator)
        text = office.text(name, {"nomor": ticket.number, "judul": ticket.title, "nama": by})
        message = OutboundMessage(text, response=name, ticket=ticket.number)
        await self.roster.say(Outgoing(OPERATOR, operator, message))

    async def nod(self, seat: Seat) -> None:
        """Show that words were taken which nobody is told: a note, a hand-over."""
        mark = OutboundMessage("", response=NOTED, reply_to=seat.message)
        await self.roster.say(Outgoing(OPERATOR, seat.chat, mark))

    def number_in(self, text: str) -> str:
        """The report number in a text; empty when there is none."""
        return parse_number(text, self.core.policies.city.prefix) or ""

    async def refusal(self, refusal: DeskRefusal) -> str:
        """Why the desk will not, in words; colleagues by their names."""
        values = dict(refusal.values)
        if "oleh" in values:
            values["oleh"] = await self.name_of(str(values["oleh"]))
        if "state" in values:
            values["status"] = state_for_staff(self.core, values["state"], self.language).lower()
        if "sebab" in values:
            values["sebab"] = self.text(f"petugas_sebab_{values['sebab']}")
        own = f"petugas_tolak_{refusal.code}"
        if find(self.core.bundles.live, own, self.language):
            return self.text(own, {name: str(value) for name, value in values.items()})
        return refusal_text(DeskRefusal(refusal.code, **values), self.core.policies, self.language)

    async def name_of(self, operator: str) -> str:
        """A colleague's name; a general word for one who has left."""
        found = await self.roster.operator(operator)
        return found.name if found else self.text("petugas_rekan")


def eligible(operator: Operator, ticket: Ticket, coordinator: str) -> Actor | None:
    """An operator as an actor on a ticket; None when they may not even see it."""
    actor = actor_of(operator, ticket.agency, coordinator)
    if actor is None or ("WBS" in ticket.flags and actor.role != "wbs"):
        return None
    return actor if may_see(ticket, actor) else None


def desk_actor(agency: str, ticket: Ticket, core: Core) -> Actor:
    """The staff of a group as one: whoever presses a button is looked at again when they do."""
    role: Role = "koordinator" if agency == core.policies.agencies.coordinator else "penghubung"
    return Actor("operator", ticket.claimed_by, agency, role)


def fit_for_group(agency: str, ticket: Ticket, core: Core) -> bool:
    """Whether an agency's group may read a ticket; whistle-blowers' only in their handlers' own chats."""
    return "WBS" not in ticket.flags and may_see(ticket, desk_actor(agency, ticket, core))
