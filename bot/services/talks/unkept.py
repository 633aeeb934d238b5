"""Messages that could not be kept as they came: what can be of them is set aside, and that is told."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

import structlog

from bot.services.core import Core
from bot.services.lanes import Key
from bot.services.talks import unanswered
from bot.services.talks.visible import plainly
from dialogs.messages import InboundMessage
from storage.doors.database import Connection, DatabaseAwayError
from storage.talks import inbox
from storage.talks.inbox import Arrival

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Unkept:
    """Sets messages aside for the channels; `wake` is told whom there is something to say to."""

    core: Core
    wake: Callable[[Iterable[Key]], None]

    async def aside(self, message: InboundMessage | None, error: Exception) -> bool:
        """Whether it is out of the way; not while the trouble is the database's or the disk's."""
        if isinstance(error, DatabaseAwayError | OSError):
            return False
        reason = unanswered.reason(error)
        log.error("arrival set aside", channel=message.channel if message else "", reason=reason)
        return message is None or await self._kept(message, reason)

    async def _kept(self, message: InboundMessage, reason: str) -> bool:
        at = (message.channel, message.address)
        arrival = Arrival(at[0], message.external_id, at[1], self.core.clock(), _bare(message))

        def work(connection: Connection) -> set[Key]:
            new = inbox.keep_aside(connection, arrival, reason)
            return unanswered.tell(connection, self.core, at) if new else set()

        try:
            self.wake(await self.core.database.write(work))
        except Exception:
            log.exception("nothing of an arrival could be kept")
            return False
        return True


def _bare(message: InboundMessage) -> InboundMessage:
    """Its words: whatever else came with them may be what broke the keeping."""
    words = message.text.replace("\x00", "").encode(errors="ignore").decode()
    bare = InboundMessage(
        channel=message.channel,
        external_id=message.external_id,
        address=message.address,
        sent_at=message.sent_at,
        kind="text" if words.strip() else "unsupported",
        text=words,
        message_ref=message.message_ref,
    )
    return replace(bare, button=message.button, kind="button") if message.button else plainly(bare)
