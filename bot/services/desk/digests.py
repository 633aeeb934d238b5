"""Digests that go out by themselves when the offices open: once each, to whoever wants them."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.services.core import OPERATOR, Core
from bot.services.desk.bulletins import Bulletins
from bot.services.desk.overturns import Verdicts
from bot.services.lanes import Lanes
from dialogs.messages import OutboundMessage
from storage.desk import digests as store
from storage.desk.digests import StaffChat
from storage.desk.staff import Membership
from storage.doors.database import Connection
from storage.talks import outbox
from storage.talks.outbox import Outgoing
from tickets.policies import Policies

GENERAL = frozenset({"koordinator", "admin"})
"""Roles that look after every agency; a leader of the coordinating agency does as well."""
Writer = Callable[[str | None, str], Awaitable[OutboundMessage]]


@dataclass(frozen=True, slots=True)
class Digests:
    """Sends each digest at its moment; its timer is a row, moved on in the transaction that sends."""

    core: Core
    deliveries: Lanes

    async def run_once(self) -> int:
        """Send what is due; the number of digests sent."""
        return sum([await self._look(kind) for kind in self.core.policies.figures.digests])

    async def _look(self, kind: str) -> int:
        now, name = self.core.clock(), f"digest:{kind}"
        was = await self.core.database.glance(lambda c: store.due_at(c, name))
        if was is None:
            await self.core.database.write(lambda c: store.begin(c, name, self._next(kind, now)))
            return 0
        if was > now:
            return 0
        messages = await self._written(kind) if self._still_fresh(was, now) else ()

        def send(connection: Connection) -> bool:
            moved = store.move_on(connection, name, was, self._next(kind, now))
            if moved:
                outbox.add(connection, messages, now)
            return moved

        if await self.core.database.write(send):
            self.deliveries.wake_all((one.channel, one.address) for one in messages)
        return 1

    def _next(self, kind: str, now: datetime) -> datetime:
        rule = self.core.policies.figures.digests[kind]
        return self.core.desk.clock.calendar.next_opening(now, rule.weekday)

    def _still_fresh(self, was: datetime, now: datetime) -> bool:
        """A digest is for the day it was made for; after a longer outage the next one is soon enough."""
        return now < self.core.desk.clock.calendar.closing(was)

    async def _written(self, kind: str) -> tuple[Outgoing, ...]:
        """A digest for every chat that wants it; those of the same scope and language share one."""
        bulletins, verdicts = Bulletins(self.core), Verdicts(self.core)
        write: Mapping[str, Writer] = {
            "harian": bulletins.daily,
            "mingguan": bulletins.weekly,
            "putusan": verdicts.weekly,
        }
        made: dict[tuple[str | None, str], OutboundMessage] = {}
        going = []
        for chat in await self._wanting(kind):
            for scope in scopes_of(chat, self.core.policies):
                key = (scope, chat.language)
                made[key] = made.get(key) or await write[kind](*key)
                going.append(Outgoing(OPERATOR, chat.chat, made[key]))
        return tuple(going)

    async def _wanting(self, kind: str) -> tuple[StaffChat, ...]:
        read = self.core.database.read
        chosen, chats = await read(lambda c: (store.choices(c, kind), store.staff_chats(c)))
        return tuple(one for one in chats if wants(one, kind, chosen.get(one.chat), self.core.policies))


def wants(chat: StaffChat, kind: str, chosen: bool | None, policies: Policies) -> bool:  # noqa: FBT001 as it is kept
    """Whether a chat gets a digest: what it chose, else what its roles say; groups only when they chose."""
    if chosen is not None:
        return chosen
    return any(one.role in policies.figures.digests[kind].roles for one in chat.memberships)


def scopes_of(chat: StaffChat, policies: Policies) -> tuple[str | None, ...]:
    """The agencies whose figures a chat may read; (None,) for those of all."""
    coordinator = policies.agencies.coordinator
    if chat.group_agency:
        return (None,) if chat.group_agency == coordinator else (chat.group_agency,)
    if any(_sees_all(one, coordinator) for one in chat.memberships):
        return (None,)
    return tuple(dict.fromkeys(one.agency for one in chat.memberships))


def _sees_all(membership: Membership, coordinator: str) -> bool:
    leads = membership.role == "pimpinan" and membership.agency == coordinator
    return leads or membership.role in GENERAL
