"""A word to everybody who follows a ticket: kept, confirmed, sent little by little, counted."""

import secrets
from collections.abc import Sequence

from bot.services.core import OPERATOR, Core
from bot.services.lanes import Keys, Lanes
from bot.services.reports.ticketing import Act, apply
from dialogs.messages import OutboundMessage
from storage.doors.database import Connection
from storage.talks import announcements, inbox, outbox
from storage.talks.announcements import MARK, Announcement
from tickets.ticket import Actor, Command


class Announcing:
    """The service behind words to many."""

    def __init__(self, core: Core, deliveries: Lanes) -> None:
        self._core = core
        self._deliveries = deliveries

    async def draft(self, number: str, actor: Actor, origin: str, message: OutboundMessage) -> str:
        """Keep a word until it is confirmed; its id."""
        one = Announcement(secrets.token_hex(4), number, actor.id, origin, message)
        await self._core.database.write(lambda c: announcements.keep(c, one, self._core.clock()))
        return one.id

    async def send(self, announcement: str, actor: Actor, updates: Sequence[str] = ()) -> int:
        """Let a draft go out; to how many people, 0 when it is gone or another's.

        Raises:
            tickets.desk.DeskRefusal, bot.services.reports.ticketing.UnknownTicketError: it may not go out
                now.
            storage.talks.inbox.AlreadyDoneError: these updates had their effect before.
        """

        def work(connection: Connection) -> tuple[int, Keys]:
            for update in updates:
                inbox.finish_update(connection, OPERATOR, update, self._core.clock())
            one = announcements.draft(connection, announcement)
            if one is None or one.operator != actor.id:
                return 0, ()
            origin = f"{MARK}{one.id}"
            done = apply(connection, self._core, one.number, _act(one, actor, origin))
            copies = outbox.count_of(connection, one.number, origin)
            announcements.begin(connection, one.id, copies)
            return copies, done.wake

        copies, wake = await self._core.database.write(work)
        self._deliveries.wake_all(wake)
        return copies

    async def drop(self, announcement: str, actor: Actor) -> bool:
        """Throw a draft away; false when it is gone or another's."""

        def work(connection: Connection) -> bool:
            one = announcements.draft(connection, announcement)
            mine = one is not None and one.operator == actor.id
            return mine and announcements.drop(connection, announcement)

        return await self._core.database.write(work)


def _act(one: Announcement, actor: Actor, origin: str) -> Act:
    files = one.message.attachments
    command = Command("announce", actor, text=one.message.text, proof=tuple(each.media_id for each in files))
    return Act(command, files, OPERATOR, "message", origin)
