"""One desk behind the operators' bot: answers its chats' updates one at a time, and goes on after a crash."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, Final

import structlog
from telegram import Update
from telegram.ext import Application, ApplicationBuilder

from bot import tracing
from bot.operator.channel import OperatorChannel
from bot.operator.client import StaffBot
from bot.operator.office import Office
from bot.operator.reading import Gathered, gather
from bot.services.core import OPERATOR
from bot.services.desk.staff_inbox import StaffInbox
from dialogs.messages import OutboundMessage
from storage.doors.database import DatabaseAwayError
from storage.talks.inbox import AlreadyDoneError
from storage.talks.outbox import Outgoing
from storage.talks.setback import left

TRY_AGAIN: Final = 1.0
PATIENCE: Final = timedelta(seconds=1)
"""How long a reply that outran us waits for the message it answers to be noted."""
NEXT_LOOK: Final = 0.05
App = Application[Any, Any, Any, Any, Any, Any]

log = structlog.get_logger(__name__)


class Front:
    """A desk and its way out; `step` is for lanes, `channel` for the house's deliveries."""

    def __init__(self, bot: StaffBot, office: Office, register: Callable[[App], None]) -> None:
        self.bot = bot
        self.office = office
        self.channel = OperatorChannel(bot, office)
        self._inbox = StaffInbox(office.core)
        self._application: App = (
            ApplicationBuilder().application_class(_Application).bot(bot).updater(None).build()
        )
        register(self._application)

    async def start(self) -> None:
        """Connect; raises telegram.error.TelegramError."""
        await self._application.initialize()

    async def stop(self) -> None:
        """Close the connections; what is not answered by then is answered after the next start."""
        await self._application.shutdown()
        await self._application.bot.shutdown()  # it knows nothing of a start that failed

    async def step(self, _channel: str, address: str) -> float | None:
        """Answer the oldest waiting update of a chat, an album as one; for `Lanes`."""
        waiting = await self._inbox.waiting(address)
        if not waiting:
            return None
        now = self.office.core.clock()
        gathered = gather(waiting, now)
        if gathered.wait:
            return gathered.wait.total_seconds()
        fresh = left(waiting[0].received_at + PATIENCE, PATIENCE, now)
        if fresh and await self._outruns_us(address, waiting[0].payload):
            return NEXT_LOOK
        return await self._answer(address, gathered)

    async def _outruns_us(self, chat: str, raw: Mapping[str, Any]) -> bool:
        """Whether a reply to our own message came before we had noted what that message was about."""
        answered = (raw.get("message") or {}).get("reply_to_message") or {}
        ours = answered.get("from", {}).get("id") == self.bot.id
        if not ours or "forum_topic_created" in answered:  # which every message in a topic hangs under
            return False
        return await self.office.roster.about(chat, str(answered["message_id"])) is None

    async def _answer(self, chat: str, gathered: Gathered) -> float:
        meters = self.office.core.meters
        with tracing.turn(str(gathered.rows[0].id)), meters.turn_seconds.labels(OPERATOR).time():
            outcome, pause = await self._attempt(chat, gathered)
        meters.turns.labels(OPERATOR, outcome).inc()
        return pause

    async def _attempt(self, chat: str, gathered: Gathered) -> tuple[str, float]:
        """How the turn ended, and the seconds until the next may be taken."""
        try:
            await self._process(gathered.raw)
            await self._inbox.finish(chat, gathered.rows)
        except AlreadyDoneError:
            return "answered before", 0
        except DatabaseAwayError:
            raise  # not the update's fault: it counts as no try
        except Exception as error:
            log.exception("staff.update_failed", kind=type(error).__name__)
            if not await self._inbox.failed(gathered.rows, error):
                return "failed", TRY_AGAIN * float(2 ** gathered.rows[0].tries)
            await self.apologise(chat)
            return "set aside", 0
        return "answered", 0

    async def _process(self, raw: dict[str, Any]) -> None:
        update = Update.de_json(raw, self.bot)
        await self._application.process_update(update)

    async def apologise(self, chat: str) -> None:
        """Tell the staff that something they sent could not be dealt with; others hear nothing."""
        if await self.office.roster.operator(chat) or await self.office.roster.group(chat):
            sorry = (await self.office.for_chat(chat)).text("petugas_galat")
            message = OutboundMessage(sorry, response="petugas_galat")
            await self.office.roster.say(Outgoing(OPERATOR, chat, message))


class _Application(Application[Any, Any, Any, Any, Any, Any]):
    """An application whose handlers' faults reach whoever gave it the update, so that it is tried again."""

    async def process_error(self, update: object, error: Exception, *_more: Any, **_named: Any) -> bool:  # noqa: ARG002 - named by the library
        """Pass the fault on."""
        raise error
