"""Words held back beside a colleague's: sent after all, turned into a note, or dropped, by who wrote them."""

import secrets
from collections.abc import Sequence
from dataclasses import replace

from bot.services.core import OPERATOR, Core
from bot.services.lanes import Keys, Lanes
from bot.services.reports.acts import Act
from bot.services.reports.ticketing import apply
from storage.doors.database import Connection
from storage.talks import inbox, unsent
from storage.talks.unsent import Held, Unsent
from tickets.ticket import Actor, Command


class SecondLook:
    """The service behind words that wait for their writer's second look."""

    def __init__(self, core: Core, deliveries: Lanes) -> None:
        self._core = core
        self._deliveries = deliveries

    async def keep(self, number: str, act: Act) -> str:
        """Hold an operator's words; the id they are kept under."""
        held = Held(act.command, act.files, act.channel, act.role, act.origin)
        one = Unsent(secrets.token_hex(4), number, act.command.actor.id, held)
        await self._core.database.write(lambda c: unsent.keep(c, one, self._core.clock()))
        return one.id

    async def release(
        self, key: str, number: str, actor: Actor, *, as_note: bool, updates: Sequence[str] = ()
    ) -> bool:
        """Let them go to the citizen, or to colleagues as a note; false when they are gone or another's.

        Raises:
            tickets.desk.DeskRefusal, bot.services.reports.ticketing.UnknownTicketError: nothing was changed,
                and they are still held.
            storage.talks.inbox.AlreadyDoneError: these updates had their effect before.
        """

        def work(connection: Connection) -> Keys | None:
            for update in updates:
                inbox.finish_update(connection, OPERATOR, update, self._core.clock())
            held = unsent.take(connection, key, number, actor.id)
            if held is None:
                return None
            return apply(connection, self._core, number, _act(held, actor, as_note=as_note)).wake

        wake = await self._core.database.write(work)
        self._deliveries.wake_all(wake or ())
        return wake is not None

    async def drop(self, key: str, number: str, actor: Actor) -> bool:
        """Throw them away; false when they are gone or another's."""
        taken = await self._core.database.write(lambda c: unsent.take(c, key, number, actor.id))
        return taken is not None


def _act(held: Held, actor: Actor, *, as_note: bool) -> Act:
    command = replace(held.command, actor=actor)
    if as_note:
        command = Command("note", actor, text=command.text or command.reason, proof=command.proof)
    origin = "" if as_note else held.origin
    role = "message" if as_note else held.role
    return Act(command, held.files, held.channel, role, origin)
