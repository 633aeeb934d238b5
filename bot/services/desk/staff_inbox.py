"""What the operators' bot was sent and has not answered yet, chat by chat."""

from collections.abc import Sequence

from bot.services.core import OPERATOR, Core
from bot.services.talks.unanswered import reason
from storage.doors.database import Connection
from storage.talks import inbox
from storage.talks.inbox import Waiting

MOST_TRIES = 3
AT_ONCE = 32


class StaffInbox:
    """The operators' updates in the order they came, each answered once."""

    def __init__(self, core: Core) -> None:
        self._core = core

    async def waiting(self, chat: str) -> tuple[Waiting, ...]:
        """The oldest unanswered updates of a chat, more than an album has parts."""
        return await self._core.database.glance(lambda c: inbox.waiting(c, OPERATOR, chat, AT_ONCE))

    async def finish(self, chat: str, rows: Sequence[Waiting]) -> None:
        """Mark answered what answering has not marked itself."""
        still = {one.id for one in await self.waiting(chat)}
        left = [one.id for one in rows if one.id in still]
        if left:
            await self._core.database.write(lambda c: inbox.finish(c, left, self._core.clock()))

    async def failed(self, rows: Sequence[Waiting], error: Exception) -> bool:
        """Count a failed try; true when it was the last and the updates are set aside."""
        set_aside = rows[0].tries + 1 >= MOST_TRIES
        ids, kind = [one.id for one in rows], reason(error)

        def count(connection: Connection) -> None:
            inbox.count_try(connection, ids, kind, set_aside=set_aside)

        await self._core.database.write(count)
        return set_aside
