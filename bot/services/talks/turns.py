"""Take a turn: understand a waiting message, advance the dialog, and write all of it in one transaction."""

import re
import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import structlog
from pydantic import ValidationError

from bot import tracing
from bot.services.core import Core
from bot.services.lanes import Key
from bot.services.talks import gathering, unanswered
from bot.services.talks.context import context_for, edited, understand
from bot.services.talks.effects import Writing, asked_for_consent, carry_out
from bot.services.talks.gathering import Gathered, Haste, Waiting
from bot.services.talks.pace import Pace
from dialogs import engine
from dialogs.actions.runner import ActionRunner
from dialogs.bundle import Bundle
from dialogs.conversation import Conversation
from dialogs.events import BotUttered
from dialogs.messages import InboundMessage
from dialogs.trace import trace
from dialogs.turn import Context, Turn
from storage.codec import INBOUND, talk
from storage.doors.database import Connection, DatabaseAwayError
from storage.reports.cases import Home, NumberTakenError
from storage.talks import beginning, conversations, inbox, outbox, owed
from storage.talks.beginning import Beginning
from storage.talks.conversations import Kept, NewContact, StaleConversationError
from storage.talks.inbox import AlreadyDoneError

log = structlog.get_logger(__name__)

MOST_WAITING = 50
"""Messages of an address looked at in one turn; further ones come in the next."""
PAUSES = (0.5, 2.0)
"""Seconds until a message that failed is tried again: what made it fail may be over by then."""
MOST_TRIES = len(PAUSES) + 1
NEWS = "utter_kabar_"
"""How the names of texts begin that bring news of a ticket."""
DIGITS = re.compile(r"\d{1,2}", re.ASCII)
LANGUAGES = ("id", "jv", "en")
Wake = Callable[[Iterable[tuple[str, str]]], None]


@dataclass(frozen=True, slots=True)
class Standing:
    """A conversation as a turn finds it; `kept` is None for a person seen for the first time."""

    conversation: Conversation
    bundle: Bundle
    kept: Kept | None

    @property
    def home(self) -> Home:
        """Where this person is talked to."""
        talk = self.conversation
        return Home(talk.contact, talk.channel, talk.address)


@dataclass(frozen=True, slots=True)
class Tried:
    """How a turn ended, the name of the last response, and how long to wait before the next is taken."""

    outcome: str
    response: str = ""
    pause: float = 0.0


class Turns:
    """The step of the turn lanes: answers the oldest waiting message of an address."""

    def __init__(self, core: Core, runner: ActionRunner, wake: Wake) -> None:
        self._core = core
        self._runner = runner
        self._wake = wake
        self._haste = Haste()
        self._pace = Pace(core)

    async def step(self, channel: str, address: str) -> float | None:
        """Take one turn; None when nothing more waits, else seconds until the next may be taken."""
        found = await self._begin(channel, address)
        rows = found.waiting
        if not rows:
            return None
        try:
            waiting = [Waiting(one.id, one.received_at, INBOUND.load(one.payload), one.tries) for one in rows]
        except ValidationError as error:
            return await self._set_unreadable_aside((channel, address), rows, error)
        ready = await self._pace.look((channel, address), waiting, found)
        if ready.wait:
            self._wake([(channel, address)])
            return ready.wait
        now = self._core.clock()
        hasty = not ready.urgent and self._haste.hasty((channel, address), now)
        gathered = gathering.gather(ready.rows, now, hasty=hasty)
        if gathered.wait:
            return gathered.wait.total_seconds()
        first = ready.rows[0]
        tried = await self._answer(gathered, found.kept, first.tries)
        answered = bool(tried.response)
        if answered:
            waited = self._core.clock() - first.received_at
            self._core.meters.answer_seconds.labels(channel).observe(waited.total_seconds())
        self._haste.note((channel, address), tried.response, ready.rows[len(gathered.rows) - 1].received_at)
        return None if answered and len(gathered.rows) == len(rows) < MOST_WAITING else tried.pause

    async def _begin(self, channel: str, address: str) -> Beginning:
        newer = self._core.policies.limits.messages
        return await self._core.database.glance(
            lambda c: beginning.found(c, channel, address, most=MOST_WAITING, newer=newer)
        )

    async def _answer(self, gathered: Gathered, kept: Kept | None, tries: int) -> Tried:
        """Answer, or note why not after so many failed tries."""
        channel, meters = gathered.message.channel, self._core.meters
        with tracing.turn(str(gathered.rows[0])), meters.turn_seconds.labels(channel).time():
            tried = await self._attempt(gathered, kept, tries)
            rows = len(gathered.rows)
            log.info("turn", channel=channel, outcome=tried.outcome, response=tried.response, rows=rows)
        meters.turns.labels(channel, tried.outcome).inc()
        return tried

    async def _attempt(self, gathered: Gathered, kept: Kept | None, tries: int) -> Tried:
        try:
            return Tried("answered", await self._turn(gathered, kept))
        except (StaleConversationError, NumberTakenError) as error:
            log.info("turn taken again", reason=type(error).__name__)
            return Tried("again")
        except AlreadyDoneError:
            return Tried("answered before")
        except DatabaseAwayError:
            raise  # not the message's fault: it counts as no try
        except Exception as error:
            last = tries + 1 >= MOST_TRIES
            log.exception("turn failed", rows=gathered.rows, tries=tries + 1)
            await self._stumble(_key(gathered.message), gathered.rows, error, last=last)
            return Tried("set aside") if last else Tried("failed", pause=PAUSES[tries])

    async def _turn(self, gathered: Gathered, kept: Kept | None) -> str:
        message = await self._pressed(gathered.message)
        standing = await self._standing(message, kept)
        turn, told = await self._advance(standing, message)
        await self.keep(standing, turn, gathered.rows, told)
        said = [one.message.response for one in turn.events if isinstance(one, BotUttered)]
        return said[-1] if said else ""

    async def _pressed(self, message: InboundMessage) -> InboundMessage:
        """A digit typed for a choice that news offered, as the button it stands for."""
        said = message.text.strip()
        if message.kind != "text" or not DIGITS.fullmatch(said):
            return message
        at = (message.channel, message.address)
        offer = await self._core.database.glance(lambda c: outbox.last_offer(c, *at, NEWS))
        buttons = [button for row in offer.buttons for button in row] if offer else []
        if not 0 < int(said) <= len(buttons) or not buttons[int(said) - 1].payload:
            return message
        return replace(message, button=buttons[int(said) - 1].payload)

    async def _standing(self, message: InboundMessage, kept: Kept | None) -> Standing:
        """The conversation of a message's sender, a new one for a stranger."""
        live = self._core.bundles.live
        if kept is None:
            return Standing(_first_conversation(message, live), live, None)
        conversation = talk(kept.state)
        if not conversation.stack:
            return Standing(replace(conversation, bundle=live.hash), live, kept)
        return Standing(conversation, await self._core.bundles.pinned(conversation.bundle), kept)

    async def _advance(self, standing: Standing, message: InboundMessage) -> tuple[Turn, dict[str, Any]]:
        conversation, bundle = standing.conversation, standing.bundle
        meaning = understand(self._core, message, conversation, bundle)
        asked = context_for(self._core, conversation, await self._about(message))
        context = await self._with_questions(asked, conversation)
        if changes := await edited(self._core, message, conversation.contact):
            context = replace(context, edited=changes)
        turn = engine.advance(conversation, message, meaning, bundle, context)
        turn = await self.finish_actions(turn, bundle, context)
        return turn, trace(turn, meaning)

    async def _with_questions(self, context: Context, conversation: Conversation) -> Context:
        """With the reports that wait for this person's word, where nothing else is being talked about."""
        if conversation.stack:
            return context
        found = await self._core.database.glance(lambda c: owed.waiting_for(c, conversation.contact))
        asked = tuple(number for number, state in found if state == "PERLU_DATA")
        confirming = tuple(number for number, state in found if state == "MENUNGGU_KONFIRMASI")
        return replace(context, questions=asked, confirming=confirming) if found else context

    async def finish_actions(self, turn: Turn, bundle: Bundle, context: Context) -> Turn:
        """Run the actions a turn waits for until it waits for none."""
        while turn.pending is not None:
            result = await self._runner.run(turn.pending, turn.conversation, context)
            turn = engine.resume(turn, result, bundle, context)
        return turn

    async def _about(self, message: InboundMessage) -> str:
        """The ticket that the message replied to is about."""
        if not message.reply_to:
            return ""
        link = await self._core.database.glance(
            lambda c: outbox.linked(c, message.channel, message.address, message.reply_to)
        )
        return link.ticket if link else ""

    async def keep(self, standing: Standing, turn: Turn, rows: Sequence[int] = (), told: Any = None) -> None:
        """Write what a turn brought about, with the messages it answers marked done, then wake delivery."""
        core, now = self._core, self._core.clock()
        asked = await asked_for_consent(core, standing.home, turn.events)

        def work(connection: Connection) -> set[tuple[str, str]]:
            inbox.finish(connection, rows, now, told)
            _keep_conversation(connection, standing, turn.conversation, core)
            writing = Writing(connection, core, standing.home, turn.conversation.language, asked)
            carry_out(writing, turn.events)
            return writing.wake

        self._wake(await core.database.write(work))

    async def _set_unreadable_aside(
        self, key: Key, rows: Sequence[inbox.Waiting], error: ValidationError
    ) -> float:
        """Take what an older program kept and this one cannot read out of the way of the rest."""
        unreadable = [one.id for one in rows if not _readable(one)]
        log.error("arrivals that cannot be read", rows=unreadable)
        await self._stumble(key, unreadable, error, last=True)
        return 0.0

    async def _stumble(self, key: Key, rows: Sequence[int], error: Exception, *, last: bool) -> None:
        """Count a failed try; after the last one, set the messages aside and tell the citizen so."""
        reason = unanswered.reason(error)

        def work(connection: Connection) -> set[Key]:
            inbox.count_try(connection, rows, reason, set_aside=last)
            return unanswered.tell(connection, self._core, key) if last else set()

        self._wake(await self._core.database.write(work))


def _key(message: InboundMessage) -> Key:
    return message.channel, message.address


def _readable(one: inbox.Waiting) -> bool:
    try:
        INBOUND.load(one.payload)
    except ValidationError:
        return False
    return True


def _first_conversation(message: InboundMessage, bundle: Bundle) -> Conversation:
    hint = message.language_hint[:2].lower()
    return Conversation.start(
        id=uuid.uuid4().hex,
        channel=message.channel,
        address=message.address,
        contact=uuid.uuid4().hex,
        bundle=bundle.hash,
        language=hint if hint in LANGUAGES else "id",
    )


def _keep_conversation(connection: Connection, standing: Standing, after: Conversation, core: Core) -> None:
    now, before = core.clock(), standing.kept
    kept = Kept(after.id, after.contact, after.bundle, after, before.version if before else 0, after.quiet_at)
    if before is not None:
        conversations.save(connection, kept, now)
        return
    conversations.begin(
        connection, NewContact(after.contact, after.channel, after.address, after.language), kept, now
    )
