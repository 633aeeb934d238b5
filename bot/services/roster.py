"""Who belongs to the staff: invitations, roles, groups, and leaving."""

import secrets
from collections.abc import Sequence
from datetime import timedelta

from bot.services import news
from bot.services.core import OPERATOR, Core
from bot.services.lanes import Lanes
from storage import inbox, outbox, staff, tokens
from storage.database import Connection
from storage.outbox import Link, Outgoing, Trouble
from storage.staff import Card, Invitation, Membership, Operator
from tickets.ticket import Actor, Role
from tickets.units import serves

RECALLED = Trouble("not_staff", "this chat is not of the staff any more")
MODERATORS: tuple[Role, ...] = ("koordinator", "admin")
"""Roles that decide about held reports."""
INVITATION_LASTS = timedelta(hours=48)
STRENGTH: tuple[Role, ...] = (
    "admin", "koordinator", "wbs", "penghubung", "verifikator", "petugas", "pimpinan", "pengawas"
)  # fmt: skip
"""Roles by what they may do to a ticket, the most first."""


class UnknownAgencyError(ValueError):
    """No agency has that id."""


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
        known = self._core.policies.agencies
        if agency not in known:
            raise UnknownAgencyError(f"no agency {agency!r}; there are: {', '.join(sorted(known.by_id))}")
        token, now = secrets.token_urlsafe(18), self._core.clock()
        invitation = Invitation(agency, role, now + INVITATION_LASTS)
        await self._core.database.write(lambda c: staff.invite(c, token, invitation, now))
        return token

    async def join(self, token: str, operator: str, name: str) -> Membership | None:
        """Enrol somebody by an invitation, and show them their desk; None when it is not valid (any more)."""
        now = self._core.clock()

        def work(connection: Connection) -> tuple[Membership | None, list[Outgoing]]:
            membership = staff.redeem(connection, token, operator, now)
            if membership is None:
                return None, []
            staff.enrol(connection, operator, name, membership, now)
            return membership, self._first_cards(connection, membership.agency, operator)

        membership, cards = await self._core.database.write(work)
        if cards:
            self._deliveries.wake(OPERATOR, operator)
        return membership

    async def forget(self, token: str, updates: Sequence[str]) -> None:
        """Take an invitation's token out of the updates that brought it."""
        await self._core.database.write(lambda c: tokens.forget(c, OPERATOR, updates, token))

    def _first_cards(self, connection: Connection, agency: str, chat: str) -> list[Outgoing]:
        """The open tickets, for a chat that is now one of the agency's desks."""
        if chat not in {desk.chat for desk in staff.desks(connection, agency)}:
            return []
        cards = news.open_cards(connection, agency, chat)
        outbox.add(connection, cards, self._core.clock())
        return cards

    async def revoke(self, operator: str) -> bool:
        """End somebody's access at once, empty the cards they were shown; false when they had none.

        What was still on its way to them is not sent any more.
        """
        now = self._core.clock()

        def work(connection: Connection) -> bool:
            if not staff.revoke(connection, operator):
                return False
            outbox.recall(connection, OPERATOR, operator, RECALLED)
            shown = [news.card(one.number, operator) for one in staff.outdate_cards(connection, operator)]
            outbox.add(connection, shown, now)
            return True

        ended = await self._core.database.write(work)
        self._deliveries.wake(OPERATOR, operator)
        return ended

    async def reduce(self, operator: str, taken: Sequence[Membership]) -> None:
        """Take some of somebody's roles; the cards they were shown are drawn anew for who they are now."""
        now = self._core.clock()

        def work(connection: Connection) -> None:
            staff.leave(connection, operator, taken)
            shown = [news.card(one.number, operator) for one in staff.outdate_cards(connection, operator)]
            outbox.add(connection, shown, now)

        await self._core.database.write(work)
        self._deliveries.wake(OPERATOR, operator)

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
        """Let a group be an agency's desk and show it the open tickets."""
        now = self._core.clock()

        def work(connection: Connection) -> None:
            staff.bind_group(connection, chat, agency, forum=forum, now=now)
            self._first_cards(connection, agency, chat)

        await self._core.database.write(work)
        self._deliveries.wake(OPERATOR, chat)

    async def move_group(self, old: str, new: str, *, forum: bool) -> bool:
        """Follow a group that was given a new id; true when it is a desk, which is then shown its tickets."""

        def work(connection: Connection) -> bool:
            moved = staff.move_group(connection, old, new, forum=forum)
            group = staff.group(connection, new)
            if moved and group:
                self._first_cards(connection, group[0], new)
            return moved

        moved = await self._core.database.write(work)
        self._deliveries.wake(OPERATOR, new)
        return moved

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
            storage.inbox.AlreadyDoneError: these updates were answered before.
        """
        now = self._core.clock()

        def work(connection: Connection) -> None:
            for update in updates:
                inbox.finish_update(connection, OPERATOR, update, now)
            outbox.add(connection, messages, now)

        await self._core.database.write(work)
        self._deliveries.wake_all((one.channel, one.address) for one in messages)


def actor_of(operator: Operator, agency: str, coordinator: str = "") -> Actor | None:
    """An operator as an actor for one agency, in the strongest role held there; None without one.

    Coordinators and admins act for every agency; leaders at the coordinator's look at every agency.
    """
    held = [one for one in operator.memberships if serves(one.agency, agency)]
    general = [
        one
        for one in operator.memberships
        if one.role in {"koordinator", "admin"} or (one.role == "pimpinan" and one.agency == coordinator)
    ]
    best = min(held or general, key=lambda one: STRENGTH.index(one.role), default=None)
    if best is None:
        return None
    return Actor("operator", operator.id, best.agency, best.role)  # type: ignore[arg-type]
