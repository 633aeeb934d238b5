"""What the clock brings about: deadlines, silences, files still owed. Timers are rows; this only looks."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import structlog

from bot.meters import Meters
from bot.services import catching_up
from bot.services.core import Core
from bot.services.lanes import Keys, Lanes, keys_of
from bot.services.one_by_one import one_by_one
from bot.services.reports.ticketing import Act, DeskRefusal, UnknownTicketError, apply
from bot.services.talks.context import context_for
from bot.services.talks.turns import Standing, Turns
from dialogs import engine
from storage.codec import talk
from storage.doors.database import Connection, DatabaseAwayError
from storage.reports import cases
from storage.reports.cases import Passed
from storage.talks import conversations, outbox
from storage.talks.conversations import StaleConversationError
from storage.talks.outbox import Outgoing
from tickets.ticket import Actor, Command

log = structlog.get_logger(__name__)

AT_ONCE = 100
DUE_AT_ONCE = 20_000
"""Deadlines looked at in one round: all that an outage can leave, so each desk is told of its own once."""
CLOCK = Actor("system", "clock")


@dataclass(frozen=True, slots=True)
class Deadlines:
    """Acts on deadlines that have passed, each once, also after an outage."""

    core: Core
    deliveries: Lanes

    async def run_once(self) -> int:
        """Act on what is due; the number of deadlines looked at."""
        now = self.core.clock()
        passed = await self.core.database.read(lambda c: cases.due(c, now, DUE_AT_ONCE))
        heaped = catching_up.heaps(passed)

        async def deal(one: Passed) -> None:
            await self._act(one, quiet=(one.agency, one.action) in heaped)

        try:
            await one_by_one(passed, deal, lambda one: f"{one.action} of {one.number}")
        finally:
            await self._tell()
        return len(passed)

    async def _act(self, passed: Passed, *, quiet: bool) -> None:
        now, act = self.core.clock(), Act(Command(passed.action, CLOCK), quiet=quiet)

        def work(connection: Connection) -> Keys:
            if not cases.deadline_done(connection, passed.row, now):
                return ()
            wake = apply(connection, self.core, passed.number, act).wake
            if quiet:
                catching_up.note_untold(connection, passed, now)
            return wake

        try:
            self.deliveries.wake_all(await self.core.database.write(work))
        except (DeskRefusal, UnknownTicketError) as refusal:
            log.info("deadline without effect", ticket=passed.number, kind=passed.action, reason=str(refusal))
            await self.core.database.write(lambda c: cases.deadline_done(c, passed.row, now))

    async def _tell(self) -> None:
        """Tell each desk at once of its heap, also of what a process that died had acted on."""

        def work(connection: Connection) -> list[Outgoing]:
            messages = catching_up.take_untold(connection, self.core)
            outbox.add(connection, messages, self.core.clock())
            return messages

        if not await self.core.database.glance(catching_up.untold):
            return
        messages = await self.core.database.write(work)
        self.deliveries.wake_all(keys_of(messages))


@dataclass(frozen=True, slots=True)
class Held:
    """Puts messages that were laid aside back in line when their time has come."""

    core: Core
    deliveries: Lanes

    async def run_once(self) -> int:
        """Put back what is due; the number of addresses."""
        now = self.core.clock()
        if not await self.core.database.glance(lambda c: outbox.due_held(c, now)):
            return 0
        freed = await self.core.database.write(lambda c: outbox.release_due(c, now))
        self.deliveries.wake_all(freed)
        return len(freed)


@dataclass(frozen=True, slots=True)
class Silences:
    """Says the word that a long silence calls for: one reminder, later that the draft is kept."""

    core: Core
    turns: Turns

    async def run_once(self) -> int:
        """Look at conversations gone quiet; the number of them."""
        now = self.core.clock()
        quiet = await self.core.database.read(lambda c: conversations.gone_quiet(c, now, AT_ONCE))
        return len(await one_by_one(quiet, self._speak, lambda at: f"a word in a silence ({at[0]})"))

    async def _speak(self, at: tuple[str, str]) -> None:
        kept = await self.core.database.glance(lambda c: conversations.load(c, *at))
        if kept is None:
            return
        conversation = talk(kept.state)
        standing = Standing(conversation, await self.core.bundles.pinned(conversation.bundle), kept)
        context = context_for(self.core, conversation)
        turn = engine.tick(conversation, standing.bundle, context)
        turn = await self.turns.finish_actions(turn, standing.bundle, context)
        try:
            await self.turns.keep(standing, turn)
        except StaleConversationError:
            log.info("they spoke first")


Job = Callable[[], Awaitable[int]]


async def every(seconds: float, job: Job, name: str, meters: Meters) -> None:
    """Run a job again and again; at once when it found work, else after a pause. Ends when cancelled."""
    while True:
        try:
            with meters.round(name):
                found = await job()
        except DatabaseAwayError as error:
            log.warning("waiting for the database", job=name, reason=str(error))
            found = 0
        except Exception:
            log.exception("job failed", job=name)
            found = 0
        if not found:
            await asyncio.sleep(seconds)
