"""Breaches: on record at once, told to the data officers, who are reminded in time and when it is late."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.services.core import OPERATOR, Core
from bot.services.lanes import Lanes
from dialogs.responses import render
from storage.desk.staff import Desk
from storage.doors.database import Connection
from storage.people import breaches, requests
from storage.people.breaches import Account, Breach
from storage.talks import outbox
from storage.talks.outbox import Outgoing

NEW, DUE, LATE, LETTER = (f"petugas_kebocoran{end}" for end in ("", "_tenggat", "_lewat", "_surat"))


class FutureError(ValueError):
    """Nothing becomes known later than now."""


@dataclass(frozen=True, slots=True)
class Breaches:
    """The record of failures to protect data, and the clock over it."""

    core: Core
    deliveries: Lanes

    async def record(self, account: Account, known: datetime, by: str) -> Breach:
        """Put one on record, with word to the officers, which goes out at the next `run_once`.

        Raises:
            FutureError: it is said to have become known later than now.
        """
        now, due = self.core.clock(), known + self.core.policies.retention.breaches.within
        if known > now:
            raise FutureError(known)

        def work(connection: Connection) -> Breach:
            number = breaches.record(connection, account, by, known, due)
            found = Breach(number, account, by, known, due, {})
            self._tell(connection, NEW, (found,))
            return found

        return await self.core.database.write(work)

    async def run_once(self) -> int:
        """Remind of what is due soon, tell of what is late, once each; send what commands left; always 0."""
        now = self.core.clock()
        soon = now + self.core.policies.retention.breaches.remind

        def look(connection: Connection) -> tuple[tuple[Breach, ...], tuple[Breach, ...]]:
            return breaches.to_remind(connection, soon), breaches.late(connection, now)

        def work(connection: Connection) -> None:
            if not self._desks(connection):
                return  # whoever comes to look after it hears of it then
            due, late = look(connection)
            over = {one.id for one in late}
            self._tell(connection, DUE, (one for one in due if one.id not in over))
            self._tell(connection, LATE, late)
            breaches.noted(connection, (one.id for one in due), "reminded_at", now)
            breaches.noted(connection, over, "late_at", now)

        if any(await self.core.database.read(look)):
            await self.core.database.write(work)
        self.deliveries.wake_all(await self.core.database.read(outbox.addresses_waiting))
        return 0

    def letter(self, one: Breach, language: str) -> str:
        """The notice the law asks for, in the city's words, to be completed and sent."""
        city, told = self.core.policies.city, one.account
        known = f"{one.known_at.astimezone(city.timezone):%d-%m-%Y %H:%M}"
        values = {"data": told.data, "cara": told.how, "upaya": told.measures}
        values |= {"kota": city.name, "tanggal": known}
        return render(self.core.bundles.live, LETTER, language, OPERATOR, values).text

    def _tell(self, connection: Connection, name: str, found: Iterable[Breach]) -> None:
        desks = self._desks(connection)
        going = [self._said(name, one, desk) for one in found for desk in desks]
        outbox.add(connection, going, self.core.clock())

    def _desks(self, connection: Connection) -> tuple[Desk, ...]:
        return requests.desks(connection, self.core.policies.agencies.coordinator)

    def _said(self, name: str, one: Breach, desk: Desk) -> Outgoing:
        live, zone = self.core.bundles.live, self.core.policies.city.timezone
        parties = (f"petugas_kebocoran_{party}" for party in one.waiting)
        missing = ", ".join(render(live, party, desk.language, OPERATOR, {}).text for party in parties)
        values = {"kejadian": str(one.id), "pesan": one.account.data, "siapa": missing}
        values |= {"tenggat": f"{one.due_at.astimezone(zone):%d-%m-%Y %H:%M}"}
        return Outgoing(OPERATOR, desk.chat, render(live, name, desk.language, OPERATOR, values))
