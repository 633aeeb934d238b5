"""Requests about personal data: officers and desks are reminded while there is still time."""

from dataclasses import dataclass

from bot.services.core import Core
from bot.services.lanes import Lanes
from bot.services.sending.desks import to_desks
from dialogs.responses import render
from storage.doors.database import Connection
from storage.people import linking, requests
from storage.people.requests import Request
from storage.talks import conversations, outbox
from storage.talks.outbox import Outgoing

REMINDER = "petugas_hak_data_tenggat"
CORRECT = "correct"
CORRECTED = "utter_kabar_data_diperbaiki"


@dataclass(frozen=True, slots=True)
class Requests:
    """The clock over what people asked for."""

    core: Core
    deliveries: Lanes

    async def run_once(self) -> int:
        """Remind of what is due soon, once each; send what commands left for people; never at once again."""
        before = self.core.clock() + self.core.policies.retention.requests.remind
        found = await self.core.database.read(lambda c: requests.to_remind(c, before))
        if found:
            await self.core.database.write(lambda c: self._remind(c, found))
        self.deliveries.wake_all(await self.core.database.read(outbox.addresses_waiting))
        return 0

    async def corrected(self, contact: str, words: str) -> int:
        """Close what somebody asked to have corrected, with word to them; how many requests that were."""
        now = self.core.clock()

        def work(connection: Connection) -> int:
            closed = requests.done(connection, contact, CORRECT, now)
            way = next(iter(linking.ways(connection, contact)), None)
            if closed and way:
                language = conversations.language_of(connection, contact)
                told = render(self.core.bundles.live, CORRECTED, language, way.channel, {"pesan": words})
                outbox.add(connection, [Outgoing(way.channel, way.address, told)], now)
            return closed

        return await self.core.database.write(work)

    def _remind(self, connection: Connection, found: tuple[Request, ...]) -> None:
        desks = requests.desks(connection, self.core.policies.agencies.coordinator)
        told = [said for one in found for said in to_desks(self.core, desks, REMINDER, self._values(one))]
        now = self.core.clock()
        outbox.add(connection, told, now)
        if told:
            requests.reminded(connection, [one.id for one in found], now)

    def _values(self, one: Request) -> dict[str, str]:
        due = one.due_at.astimezone(self.core.policies.city.timezone)
        return told_of(one.contact, one.right, one.words) | {"tenggat": f"{due:%d-%m-%Y %H:%M}"}


def told_of(contact: str, right: str, words: str) -> dict[str, str]:
    """What the staff's texts about a request say of it."""
    correct = contact if right == CORRECT else ""
    return {"pesan": right, "kontak": contact, "isi": words, "perbaiki": correct}
