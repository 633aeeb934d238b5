"""Requests about personal data: officers and desks are reminded while there is still time."""

from dataclasses import dataclass

from bot.services.core import OPERATOR, Core
from bot.services.lanes import Lanes
from dialogs.responses import render
from storage import outbox, requests
from storage.database import Connection
from storage.outbox import Outgoing
from storage.requests import Request
from storage.staff import Desk

REMINDER = "petugas_hak_data_tenggat"


@dataclass(frozen=True, slots=True)
class Requests:
    """The clock over what people asked for."""

    core: Core
    deliveries: Lanes

    async def run_once(self) -> int:
        """Remind of what is due soon, once each; never at once again."""
        before = self.core.clock() + self.core.policies.retention.requests.remind
        found = await self.core.database.read(lambda c: requests.to_remind(c, before))
        if found:
            self.deliveries.wake_all(await self.core.database.write(lambda c: self._remind(c, found)))
        return 0

    def _remind(self, connection: Connection, found: tuple[Request, ...]) -> tuple[tuple[str, str], ...]:
        desks = requests.desks(connection, self.core.policies.agencies.coordinator)
        told = [self._told(one, desk) for one in found for desk in desks]
        now = self.core.clock()
        outbox.add(connection, told, now)
        if told:
            requests.reminded(connection, [one.id for one in found], now)
        return tuple((one.channel, one.address) for one in told)

    def _told(self, one: Request, desk: Desk) -> Outgoing:
        due = one.due_at.astimezone(self.core.policies.city.timezone)
        values = {"pesan": one.right, "kontak": one.contact, "tenggat": f"{due:%d-%m-%Y %H:%M}"}
        bundle = self.core.bundles.live
        return Outgoing(OPERATOR, desk.chat, render(bundle, REMINDER, desk.language, OPERATOR, values))
