"""Who belongs to the staff: invitations, roles, groups, and leaving."""

import secrets
from collections.abc import Iterator, Sequence
from datetime import timedelta

from bot.services.core import OPERATOR, Core
from bot.services.desk.vacating import held_by, vacate
from bot.services.lanes import Keys, Lanes, keys_of
from bot.services.reports import news
from dialogs.messages import OutboundMessage
from dialogs.responses import render
from storage import tokens
from storage.desk import oversight, rooms, staff
from storage.desk.staff import Card, Invitation, Membership, Operator
from storage.doors.database import Connection
from storage.talks import inbox, outbox
from storage.talks.outbox import Link, Outgoing, Trouble
from tickets.ticket import Role

RECALLED = Trouble("not_staff", "this chat is not of the staff any more")
THROWN_OUT = Trouble("thrown_out", "the bot is not in this group any more")
MODERATORS: tuple[Role, ...] = ("koordinator", "admin")
"""Roles that decide about held reports."""
INVITATION_LASTS = timedelta(hours=48)


class UnknownAgencyError(ValueError):
    """No agency has that id."""


class LastAdminError(Exception):
    """Nobody would be left who can bring in anybody."""


class Roster:
    """The staff's service: joining by a one-time invitation, groups as desks, revocation at once."""

    def __init__(self, core: Core, deliveries: Lanes) -> None:
        self._core = core
        self._deliveries = deliveries
        self.address = ""
        """Where the operators' bot is opened; known once it has started."""

    async def invite(self, agency: str, role: Role) -> str:
        """A new invitation's token: single use, good for 48 hours.

        Raises:
            UnknownAgencyError: no agency has that id; the message lists those there are.
        """
        return await self._core.database.write(lambda c: self.invited(c, agency, role))

    def invited(self, connection: Connection, agency: str, role: Role) -> str:
        """As `invite`, within the transaction of what the invitation comes of."""
        known = self._core.policies.agencies
        if agency not in known:
            raise UnknownAgencyError(f"no agency {agency!r}; there are: {', '.join(sorted(known.by_id))}")
        token, now = secrets.token_urlsafe(18), self._core.clock()
        staff.invite(connection, token, Invitation(agency, role, now + INVITATION_LASTS), now)
        return token

    async def join(self, token: str, operator: str, name: str) -> Membership | None:
        """Enrol somebody by an invitation; None when it is not valid (any more)."""
        now = self._core.clock()

        def work(connection: Connection) -> Membership | None:
            membership = staff.redeem(connection, token, operator, now)
            if membership is not None:
                staff.enrol(connection, operator, name, membership, now)
            return membership

        return await self._core.database.write(work)

    async def forget(self, token: str, updates: Sequence[str]) -> None:
        """Take an invitation's token out of the updates that brought it."""
        await self._core.database.write(lambda c: tokens.forget(c, OPERATOR, updates, token))

    async def first_cards(self, agency: str, chat: str) -> list[Outgoing]:
        """The open tickets, for a chat that is now one of the agency's desks; none for one that is not."""
        return await self._core.database.read(lambda c: _first_cards(c, agency, chat))

    async def revoke(self, operator: str, *, spare_last_admin: bool = False) -> bool:
        """End somebody's access at once, empty the cards they were shown; false when they had none.

        What was still on its way to them is not sent any more; what they held goes back to its desks.

        Raises:
            LastAdminError: they are the last admin, who is to be spared.
        """
        held = await self._core.database.read(lambda c: held_by(c, operator))

        def work(connection: Connection) -> Keys | None:
            if spare_last_admin:
                _check_admins_without(connection, operator)
            if not staff.revoke(connection, operator):
                return None
            outbox.recall(connection, OPERATOR, operator, RECALLED)
            return self._gone(connection, operator, held)

        told = await self._core.database.write(work)
        self._deliveries.wake_all((*(told or ()), *await self._late(operator, held)))
        return told is not None

    async def reduce(self, operator: str, taken: Sequence[Membership]) -> None:
        """Take some of somebody's roles; the cards they were shown are drawn anew for who they are now.

        Raises:
            LastAdminError: they are the last admin, and that role is among those taken.
        """
        held = await self._core.database.read(lambda c: held_by(c, operator))

        def work(connection: Connection) -> Keys:
            if any(one.role == "admin" for one in taken):
                _check_admins_without(connection, operator)
            staff.leave(connection, operator, taken)
            return self._gone(connection, operator, held)

        told = await self._core.database.write(work)
        self._deliveries.wake_all((*told, *await self._late(operator, held)))

    async def _late(self, operator: str, held: Sequence[str]) -> Keys:
        """Free what they claimed after the look at what they hold, before that was theirs no more."""
        now = await self._core.database.read(lambda c: held_by(c, operator))
        late = [number for number in now if number not in held]
        if not late:
            return ()
        return await self._core.database.write(lambda c: vacate(c, self._core, operator, late))

    def _gone(self, connection: Connection, operator: str, held: Sequence[str]) -> Keys:
        """Draw somebody's cards anew and free what is theirs no more; the addresses that are told."""
        freed = vacate(connection, self._core, operator, held)
        shown = [news.card(one.number, operator) for one in staff.outdate_cards(connection, operator)]
        outbox.add(connection, shown, self._core.clock())
        return (*freed, (OPERATOR, operator))

    async def language(self, chat: str) -> str:
        """The language that is read in a chat of the staff."""
        return await self._core.database.glance(lambda c: staff.language_of(c, chat))

    async def speak(self, chat: str, language: str) -> None:
        """From now on, this chat of the staff is written to in a language."""
        await self._core.database.write(lambda c: staff.set_language(c, chat, language))

    async def moderators(self) -> tuple[str, ...]:
        """The ids of everybody who may decide about what is held."""
        return await self._core.database.glance(lambda c: staff.having_roles(c, MODERATORS))

    async def operator(self, user: str) -> Operator | None:
        """The operator behind a messenger's user id, if they are one."""
        return await self._core.database.glance(lambda c: staff.operator(c, user))

    async def bind_group(self, chat: str, agency: str, *, forum: bool) -> None:
        """Let a group be an agency's desk."""
        now = self._core.clock()
        await self._core.database.write(lambda c: rooms.bind_group(c, chat, agency, forum=forum, now=now))

    async def move_group(self, old: str, new: str, *, forum: bool) -> bool:
        """Follow a group that was given a new id; true when it is a desk, which is then shown its tickets."""

        def work(connection: Connection) -> bool:
            moved = rooms.move_group(connection, old, new, forum=forum)
            group = staff.group(connection, new)
            if moved and group:
                outbox.add(connection, _first_cards(connection, group[0], new), self._core.clock())
            return moved

        moved = await self._core.database.write(work)
        self._deliveries.wake(OPERATOR, new)
        return moved

    async def lose_group(self, chat: str) -> None:
        """The bot is in a group no more: where it was a desk, the agency's own chats are from now on."""

        def work(connection: Connection) -> list[Outgoing]:
            agency = rooms.lose_group(connection, chat)
            if agency is None:
                return []
            outbox.recall(connection, OPERATOR, chat, THROWN_OUT)
            told = list(_of_a_lost_group(connection, self._core, agency))
            outbox.add(connection, told, self._core.clock())
            return told

        self._deliveries.wake_all((one.channel, one.address) for one in await self._core.database.write(work))

    async def colleagues(self, agency: str) -> tuple[Operator, ...]:
        """Everybody who works for an agency."""
        return await self._core.database.glance(lambda c: staff.members(c, agency))

    async def group(self, chat: str) -> tuple[str, bool] | None:
        """(agency, is a forum) of a group that is a desk."""
        return await self._core.database.glance(lambda c: staff.group(c, chat))

    async def about(self, chat: str, message: str) -> Link | None:
        """The ticket a message in a staff chat is about, and what answering it means."""
        return await self._core.database.glance(lambda c: outbox.linked(c, OPERATOR, chat, message))

    async def in_topic(self, chat: str, thread: int) -> Card | None:
        """The card that stands in a forum's topic."""
        return await self._core.database.glance(lambda c: staff.card_in_thread(c, chat, thread))

    async def card(self, number: str, chat: str) -> Card | None:
        """Where a ticket's card stands in a chat."""
        return await self._core.database.glance(lambda c: staff.card(c, number, chat))

    async def keep_card(self, shown: Card) -> None:
        """Remember where a card stands now."""
        await self._core.database.write(lambda c: staff.keep_card(c, shown))

    async def say(self, *messages: Outgoing, updates: Sequence[str] = ()) -> None:
        """Put messages to the staff in line; `updates` are the operators' updates they answer.

        Raises:
            storage.talks.inbox.AlreadyDoneError: these updates were answered before.
        """
        now = self._core.clock()

        def work(connection: Connection) -> None:
            for update in updates:
                inbox.finish_update(connection, OPERATOR, update, now)
            outbox.add(connection, messages, now)

        await self._core.database.write(work)
        self._deliveries.wake_all(keys_of(messages))


def _check_admins_without(connection: Connection, operator: str) -> None:
    """Make sure that an admin is left once this one is none any more; raises LastAdminError."""
    if oversight.holders(connection, "admin") == (operator,):
        raise LastAdminError(operator)


def _of_a_lost_group(connection: Connection, core: Core, agency: str) -> Iterator[Outgoing]:
    """Tell whoever has the agency's work now; where nobody is, the coordinator."""
    agencies = core.policies.agencies
    own = staff.desks(connection, agency)
    name = "petugas_grup_hilang" if own else "petugas_grup_hilang_kosong"
    for desk in own or staff.desks(connection, agencies.coordinator):
        values = {"dinas": agencies.short(agency), "kode": agency}
        text = render(core.bundles.live, name, desk.language, OPERATOR, values).text
        yield Outgoing(OPERATOR, desk.chat, OutboundMessage(text))


def _first_cards(connection: Connection, agency: str, chat: str) -> list[Outgoing]:
    if chat not in {desk.chat for desk in staff.desks(connection, agency)}:
        return []
    return news.open_cards(connection, agency, chat)
