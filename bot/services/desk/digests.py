"""Digests that go out by themselves when the offices open: once each, to whoever wants them."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.services.core import OPERATOR, Core
from bot.services.desk.bulletins import Bulletins
from bot.services.desk.overturns import Verdicts
from bot.services.lanes import Lanes, keys_of
from bot.services.one_by_one import one_by_one
from dialogs.messages import OutboundMessage
from storage.desk import digests as store
from storage.desk.digests import StaffChat
from storage.desk.staff import Membership
from storage.doors.database import Connection
from storage.talks import outbox
from storage.talks.outbox import Outgoing
from tickets.policies import Policies
from tickets.policies.figures import DIGESTS

GENERAL = frozenset({"koordinator", "admin"})
"""Roles that look after every agency; a leader of the coordinating agency does as well."""
Writer = Callable[[str | None, str], Awaitable[OutboundMessage]]
MODERATION = "putusan"
"""The digest of a matter that is the coordinator's: no agency's own people are told of it unasked."""
PART = "digest-part:"
"""How the timers begin of what is still to be written of a digest whose time has come."""


@dataclass(frozen=True, slots=True)
class _Part:
    """What some chats read of a digest: it is written and sent by itself, so that it fails by itself."""

    kind: str
    scope: str | None
    language: str

    @property
    def name(self) -> str:
        return f"{self.kind}:{self.scope or ''}:{self.language}"

    @classmethod
    def of(cls, name: str) -> "_Part":
        kind, _, rest = name.partition(":")
        scope, _, language = rest.rpartition(":")
        return cls(kind, scope or None, language)


@dataclass(frozen=True, slots=True)
class Digests:
    """Sends each digest at its moment; its timers are rows, moved on in the transaction that sends."""

    core: Core
    deliveries: Lanes

    async def run_once(self) -> int:
        """Send what is due; the number of digests sent, one for each scope and language of its readers."""
        for kind in self.core.policies.figures.digests:
            await self._look(kind)
        waiting = await self.core.database.glance(lambda c: store.running(c, PART))
        parts = [(_Part.of(name), was) for name, was in waiting.items()]
        return sum(await one_by_one(parts, self._deal, lambda part: f"digest {part[0].name}"))

    async def _look(self, kind: str) -> None:
        """When a digest is due, note what is to be written, and when the next is."""
        now, name = self.core.clock(), f"digest:{kind}"
        was = await self.core.database.glance(lambda c: store.due_at(c, name))
        if was is None:
            await self.core.database.write(lambda c: store.begin(c, name, self._next(kind, now)))
            return
        if was > now:
            if was > self._next(
                kind, now
            ):  # set by a clock that ran ahead, or before the rules named another day
                await self.core.database.write(lambda c: store.move_on(c, name, was, self._next(kind, now)))
            return
        parts = await self._parts(kind) if self._still_fresh(was, now) else {}

        def note(connection: Connection) -> None:
            if store.move_on(connection, name, was, self._next(kind, now)):
                for part in parts:
                    store.put(connection, PART + part.name, was)

        await self.core.database.write(note)

    async def _deal(self, due: "tuple[_Part, datetime]") -> bool:
        """Write a part and send it to its readers; one that failed for a whole day is too old."""
        part, was = due
        now, messages = self.core.clock(), tuple[Outgoing, ...]()
        if self._still_fresh(was, now) and (chats := (await self._parts(part.kind)).get(part)):
            message = await self._writers()[part.kind](part.scope, part.language)
            messages = tuple(Outgoing(OPERATOR, chat, message) for chat in chats)

        def send(connection: Connection) -> bool:
            mine = store.stop(connection, PART + part.name)
            if mine:
                outbox.add(connection, messages, now)
            return mine

        if await self.core.database.write(send):
            self.deliveries.wake_all(keys_of(messages))
        return bool(messages)

    def _next(self, kind: str, now: datetime) -> datetime:
        rule = self.core.policies.figures.digests[kind]
        return self.core.desk.clock.calendar.next_opening(now, rule.weekday, rule.monthday)

    def _still_fresh(self, was: datetime, now: datetime) -> bool:
        """A digest is for the day it was made for; after a longer outage the next one is soon enough."""
        return now < self.core.desk.clock.calendar.closing(was)

    def _writers(self) -> Mapping[str, Writer]:
        bulletins, verdicts = Bulletins(self.core), Verdicts(self.core)
        return {
            "harian": bulletins.daily,
            "mingguan": bulletins.weekly,
            "bulanan": bulletins.monthly,
            MODERATION: lambda _scope, language: verdicts.weekly(language),
        }

    async def _parts(self, kind: str) -> "dict[_Part, list[str]]":
        """The chats that want a digest, by what they read: those of the same scope and language share one."""
        found: dict[_Part, list[str]] = {}
        for chat in await self._wanting(kind):
            for scope in scopes_of(chat, self.core.policies):
                found.setdefault(_Part(kind, scope, chat.language), []).append(chat.chat)
        return found

    async def _wanting(self, kind: str) -> tuple[StaffChat, ...]:
        read = self.core.database.read
        chosen, chats = await read(lambda c: (store.choices(c, kind), store.staff_chats(c)))
        return tuple(one for one in chats if wants(one, kind, chosen.get(one.chat), self.core.policies))


@dataclass(frozen=True, slots=True)
class DigestChoices:
    """Which digests come to a chat of the staff."""

    core: Core

    async def choose(self, chat: StaffChat, kind: str, *, wanted: bool) -> None:
        """Let a chat have a digest or not, whatever its roles say."""
        await self.core.database.write(lambda c: store.choose(c, chat.chat, kind, wanted=wanted))

    async def standing(self, chat: StaffChat) -> dict[str, bool]:
        """Whether a chat gets each kind."""
        policies = self.core.policies
        found = await self.core.database.glance(lambda c: {kind: store.choices(c, kind) for kind in DIGESTS})
        return {kind: wants(chat, kind, chosen.get(chat.chat), policies) for kind, chosen in found.items()}


def wants(chat: StaffChat, kind: str, chosen: bool | None, policies: Policies) -> bool:  # noqa: FBT001 as it is kept
    """Whether a chat gets a digest: what it chose, else what its roles say; groups only when they chose."""
    if chosen is not None:
        return chosen
    roles, coordinator = policies.figures.digests[kind].roles, policies.agencies.coordinator
    meant = [one for one in chat.memberships if kind != MODERATION or _sees_all(one, coordinator)]
    return any(one.role in roles for one in meant)


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
