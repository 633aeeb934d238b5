"""What a person may ask of us about their own data: a copy of all of it, and to be forgotten."""

from dataclasses import dataclass
from typing import Any

import structlog

from bot.services.core import Core
from bot.services.files import safekeeping
from bot.services.one_by_one import one_by_one
from bot.services.people.erasures import Erasures
from bot.services.reports.masking import masked
from storage.desk import oversight
from storage.desk.oversight import Look
from storage.doors.database import Connection
from storage.people import erasing, exporting, requests
from storage.people.erasing import Person
from storage.reports import cases, media
from storage.talks import conversations
from tickets.erasure import NOBODY, Eraser, names_hidden
from tickets.ticket import Ticket

log = structlog.get_logger(__name__)

OFFICER = "pengawas"


class UnknownPersonError(Exception):
    """Nobody is known under that address, report or id."""


@dataclass(frozen=True, slots=True)
class Erased:
    """What came of an erasure: reports that lost their reporter, those still open, whether all is gone."""

    numbers: tuple[str, ...]
    open: tuple[str, ...]
    banned: bool

    @property
    def complete(self) -> bool:
        """Whether nothing of the person is left."""
        return not self.open and not self.banned


@dataclass(frozen=True, slots=True)
class Rights:
    """A person found, their data written out, and taken out."""

    core: Core
    erased: Erasures

    async def find(self, number: str = "", channel: str = "", address: str = "") -> str:
        """The id of a person by the number of a report of theirs, or by where they write from.

        Raises:
            UnknownPersonError: there is nobody.
        """

        def look(connection: Connection) -> str | None:
            if number:
                return erasing.contact_of(connection, number)
            return conversations.contact_at(connection, channel, address)

        found = await self.core.database.read(look)
        if found is None or found == NOBODY:
            raise UnknownPersonError(number or address)
        return found

    async def person(self, contact: str) -> Person:
        """Somebody with all that is theirs; raises UnknownPersonError."""
        if not await self.core.database.read(lambda c: conversations.known(c, contact)):
            raise UnknownPersonError(contact)
        now = self.core.clock()
        return await self.core.database.read(lambda c: erasing.person(c, contact, now))

    async def note(self, who: str, what: str, why: str, number: str = "") -> None:
        """Keep who looked at a person's data outside of the staff's bot."""
        look = Look(self.core.clock(), number, "cli", who, OFFICER, what, why)
        await self.core.database.write(lambda c: oversight.note(c, look))

    async def export(self, contact: str) -> dict[str, Any]:
        """Everything kept about a person, as plain values; raises UnknownPersonError."""
        who = await self.person(contact)
        return await self.core.database.read(lambda c: exporting.everything(c, who, self.core.clock()))

    async def erase(self, contact: str) -> Erased:
        """Take a person out of their closed reports, and let the rest of theirs go if none is open.

        May be stopped anywhere and done again: who is to be erased is written down first, outside of the
        database, and `again` goes on with it. Raises UnknownPersonError.
        """
        who = await self.person(contact)
        await self.erased.note(contact, self.core.clock())
        for ticket in who.closed:
            await self.take_out(ticket, who)
        if not who.held:
            await self._forget(who)
        for right in ("delete", "correct"):  # what is gone needs no correction
            await self.answered(contact, right)
        log.info("a person was taken out", reports=len(who.closed), held=len(who.open), banned=who.banned)
        return Erased(tuple(one.number for one in who.closed), who.open, who.banned)

    async def answered(self, contact: str, right: str) -> None:
        """Note that what somebody asked for was done."""
        now = self.core.clock()
        await self.core.database.write(lambda c: requests.done(c, contact, right, now))

    async def again(self) -> int:
        """Erase those on the list who are still there: held back by an open report, or back by a backup."""
        listed = await self.erased.every()
        present = await self.core.database.read(
            lambda c: [one for one in listed if conversations.known(c, one)]
        )
        before = [await self.person(one) for one in present]
        work = [who.contact for who in before if who.closed or not who.held]
        return len(await one_by_one(work, self.erase, lambda contact: f"erasure of {contact}"))

    async def run_once(self) -> int:
        """As `again`, for the clock; never at once again."""
        await self.again()
        return 0

    async def age(self) -> int:
        """Take the reporters out of reports closed for their whole term; how many if more wait, else 0."""
        term, most = self.core.policies.retention.reporters, self.core.policies.retention.at_once
        before = self.core.clock() - term.keep
        found = await self.core.database.read(lambda c: erasing.aged(c, before, most))
        await one_by_one(found, self._aged, lambda ticket: f"aging of {ticket.number}")
        if found:
            log.info("closed reports went on without their reporter", reports=len(found))
        return len(found) if len(found) == most else 0

    async def _aged(self, ticket: Ticket) -> None:
        await self.take_out(ticket, await self.person(ticket.reporter))

    async def aging(self) -> int:
        """How many reports `age` would take the reporter out of."""
        before = self.core.clock() - self.core.policies.retention.reporters.keep
        return await self.core.database.read(lambda c: erasing.count_aged(c, before))

    async def take_out(self, ticket: Ticket, who: Person) -> None:
        """Let one closed report go on without its reporter: the bytes of their files, then words."""
        keeping = self.core.policies.retention.erasure
        if not keeping.keep_files:
            number = ticket.number

            def theirs(connection: Connection) -> frozenset[str]:
                return erasing.only_theirs(connection, erasing.own_files(connection, number))

            for digest in await self.core.database.read(theirs):
                await safekeeping.let_go(self.core, digest, lambda c, one=digest: one not in theirs(c))  # type: ignore[misc]
        hidden = names_hidden({*who.names, *(address for _, address in who.addresses)})

        def words(text: str) -> str:
            return hidden(masked(self.core, text)) if text else ""

        def work(connection: Connection) -> None:
            found = cases.case(connection, ticket.number)
            if found is None or found.ticket.status not in cases.CLOSED:
                return
            eraser = Eraser(keeping, words, erasing.others(connection, ticket.number))
            erasing.take_out(connection, found.ticket, eraser, self.core.clock())

        await self.core.database.write(work)

    async def _forget(self, who: Person) -> None:
        for one in await self.core.database.read(lambda c: erasing.files_at(c, who.addresses)):
            for digest in await self.core.database.write(lambda c, one=one: media.forget(c, one)):  # type: ignore[misc]
                await safekeeping.let_go(self.core, digest, lambda c, one=digest: media.named(c, one))  # type: ignore[misc]
        await self.core.database.write(lambda c: erasing.forget(c, who))
