"""Where cards stand: one live card a ticket and chat, in forums one topic a ticket, remade when lost."""

from dataclasses import replace

import structlog
from telegram.constants import ParseMode
from telegram.error import BadRequest

from bot.operator.cards import Card, closed_card, full_card, short_card, topic_title
from bot.operator.client import StaffBot
from bot.operator.errors import says
from bot.operator.office import SYSTEM, Office, desk_actor, eligible, fit_for_group
from bot.operator.writing import NO_PREVIEW, keyboard
from bot.services.reports.ticketing import View
from storage.desk.staff import Card as Place
from tickets.ticket import Actor, Ticket

log = structlog.get_logger(__name__)

NO_VERSION = -1
FOLLOWERS = 10_000
FILES = 100
SAME = "message is not modified"
MESSAGE_GONE = (
    "message to edit not found",
    "message can't be edited",
    "message_id_invalid",
    "message thread",
)
THREAD_GONE = ("message thread not found", "topic_deleted")
TURNED = ("topic_not_modified", *THREAD_GONE)
"""Refusals after which a topic is as it should be, or is no more."""
NO_TOPICS = ("not a forum", "not enough rights")


class Shelf:
    """Shows cards and keeps them up to date. Within a chat one call at a time, as deliveries go."""

    def __init__(self, bot: StaffBot, office: Office) -> None:
        self._bot = bot
        self._office = office

    async def show(self, number: str, chat: str) -> tuple[str, ...]:
        """Put the card up in a chat, or bring the one there up to date; the ids of its message."""
        view = await self._office.ticketing.view(number, SYSTEM)
        place = await self._office.roster.card(number, chat)
        card = await self._card_for(view, chat)
        if place is None and not card.buttons and not await self._reader(view.ticket, chat):
            return await self._announce(view, chat, card)
        if place is not None and place.message and place.version == edition(view):
            return (place.message,)
        message = await self._put(view, place or _nowhere(number, chat), card)
        await self._turn_topic(view.ticket, chat, over=not card.buttons or self._over(view.ticket))
        return (message,)

    async def show_again(self, number: str, chat: str) -> tuple[str, ...]:
        """Put the card up anew at the end of the chat, where somebody has just asked for it."""
        place = await self._office.roster.card(number, chat)
        if place is not None:
            await self._strip(place)
            await self._office.roster.keep_card(replace(place, message="", version=NO_VERSION))
        return await self.show(number, chat)

    async def renew(self, number: str, chat: str) -> None:
        """Make a lost topic anew, with the card in it."""
        await self._office.roster.keep_card(_nowhere(number, chat))
        await self.show(number, chat)

    async def card(self, number: str, chat: str) -> Place | None:
        """Where the card stands; in a forum it is put up first when there is none."""
        place = await self._office.roster.card(number, chat)
        if place is None and await self._is_forum(chat):
            await self.show(number, chat)
            place = await self._office.roster.card(number, chat)
        return place

    async def hidden(self, number: str, chat: str) -> Ticket | None:
        """The ticket, when a chat may not be told what is said about it."""
        ticket = (await self._office.ticketing.view(number, SYSTEM)).ticket
        return None if await self._reader(ticket, chat) else ticket

    async def of_the_staff(self, chat: str) -> bool:
        """Whether a chat is an operator's own or an agency's group."""
        return bool(await self._office.roster.operator(chat) or await self._office.roster.group(chat))

    async def _reader(self, ticket: Ticket, chat: str) -> Actor | None:
        """Who reads in a chat: its operator, or the staff of the group; None when it is not for them."""
        operator = await self._office.roster.operator(chat)
        if operator is not None:
            return eligible(operator, ticket, self._office.core.policies.agencies.coordinator)
        group = await self._office.roster.group(chat)
        if group is None or not fit_for_group(group[0], ticket, self._office.core):
            return None
        return desk_actor(group[0], ticket, self._office.core)

    async def _card_for(self, view: View, chat: str) -> Card:
        reader, office = await self._reader(view.ticket, chat), await self._office.for_chat(chat)
        if reader is not None:
            return await full_card(office, await office.ticketing.view(view.ticket.number, reader))
        known = await office.roster.operator(chat) or await office.roster.group(chat)
        return short_card(office, view.ticket) if known else closed_card(office, view.ticket.number)

    async def _announce(self, view: View, chat: str, card: Card) -> tuple[str, ...]:
        """A word that there is a ticket which is to be read elsewhere; nothing for outsiders."""
        group = await self._office.roster.group(chat)
        if group is None or group[0] != view.ticket.agency:
            return ()
        return (await self._put(view, _nowhere(view.ticket.number, chat), card),)

    async def _is_forum(self, chat: str) -> bool:
        group = await self._office.roster.group(chat)
        return group is not None and group[1]

    async def _put(self, view: View, place: Place, card: Card) -> str:
        if place.message and await self._edited(place, card):
            await self._keep(place, place.message, view)
            return place.message
        place = await self._in_topic(view.ticket, place)
        try:
            message = await self._sent(place, card)
        except BadRequest as error:
            if place.thread is None or not says(error, *THREAD_GONE):
                raise
            place = await self._in_topic(view.ticket, replace(place, thread=None))
            message = await self._sent(place, card)
        await self._keep(place, message, view)
        return message

    async def _keep(self, place: Place, message: str, view: View) -> None:
        await self._office.roster.keep_card(replace(place, message=message, version=edition(view)))

    async def _in_topic(self, ticket: Ticket, place: Place) -> Place:
        """The place with a topic, where there are topics; noted before anything is written into it."""
        if place.thread is not None or not await self._is_forum(place.chat):
            return place
        try:
            topic = await self._bot.create_forum_topic(int(place.chat), topic_title(ticket))
        except BadRequest as error:
            if says(error, *NO_TOPICS):
                log.warning(
                    "staff.no_topic", remedy="give the bot the right to manage topics, then /pasang again"
                )
                return place
            raise
        made = replace(place, thread=topic.message_thread_id, message="", version=NO_VERSION, closed=False)
        await self._office.roster.keep_card(made)
        return made

    def _over(self, ticket: Ticket) -> bool:
        """Whether nothing is left to be done."""
        return self._office.core.policies.lifecycle.states[ticket.status].final

    async def _turn_topic(self, ticket: Ticket, chat: str, *, over: bool) -> None:
        """Close the topic of a ticket that is over (or elsewhere), open it again when it goes on."""
        place = await self._office.roster.card(ticket.number, chat)
        if place is None or place.thread is None or place.closed is over:
            return
        turn = self._bot.close_forum_topic if over else self._bot.reopen_forum_topic
        try:
            await turn(int(chat), place.thread)
        except BadRequest as error:
            if not says(error, *TURNED):
                log.warning("staff.topic_not_turned", closing=over)
                return
        await self._office.roster.keep_card(replace(place, closed=over))

    async def _sent(self, place: Place, card: Card) -> str:
        message = await self._bot.send_message(
            int(place.chat),
            card.html,
            parse_mode=ParseMode.HTML,
            message_thread_id=place.thread,
            reply_markup=keyboard(card.buttons),
            link_preview_options=NO_PREVIEW,
        )
        return str(message.message_id)

    async def _edited(self, place: Place, card: Card) -> bool:
        """Whether the card that stands there now shows this; false when it is gone."""
        try:
            await self._bot.edit_message_text(
                card.html,
                int(place.chat),
                int(place.message),
                parse_mode=ParseMode.HTML,
                reply_markup=keyboard(card.buttons),
                link_preview_options=NO_PREVIEW,
            )
        except BadRequest as error:
            if says(error, SAME):
                return True
            if says(error, *MESSAGE_GONE):
                return False
            raise
        return True

    async def _strip(self, place: Place) -> None:
        """Take the buttons off a card that is replaced; whether it still stands does not matter."""
        if not place.message:
            return
        try:
            await self._bot.edit_message_reply_markup(int(place.chat), int(place.message))
        except BadRequest:
            return


def edition(view: View) -> int:
    """What a card shows, as a number: it grows with version, followers and settled files."""
    known = sum(file.settled for file in view.files)
    followed = view.ticket.version * FOLLOWERS + min(view.followers, FOLLOWERS - 1)
    return followed * FILES + min(known, FILES - 1)


def _nowhere(number: str, chat: str) -> Place:
    return Place(number, chat, None, "", NO_VERSION)
