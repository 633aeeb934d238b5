"""Bans: new reports of a person are not dealt with for a while; with a reason, an end, and an appeal."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.services.core import Core
from bot.services.lanes import Lanes, keys_of
from bot.services.sending.desks import to_coordinator
from dialogs.dates import in_words
from dialogs.responses import render
from storage.doors.database import Connection
from storage.doors.inquiries import together
from storage.reports import cases
from storage.reports.cases import Home
from storage.talks import conversations, outbox, restraint
from storage.talks.outbox import Outgoing
from storage.talks.restraint import Ban


class RestraintError(ValueError):
    """A ban cannot be given or decided so; `code` names the staff's text that says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Restraints:
    """The bans' service for moderators."""

    core: Core
    deliveries: Lanes

    async def ban(self, number: str, days: int, reason: str, by: str) -> Ban:
        """Ban whoever filed a ticket, and tell them.

        Raises:
            RestraintError: the length is none of those allowed, there is no such ticket, or a ban holds.
        """
        if days not in self.core.policies.limits.ban_days:
            raise RestraintError("petugas_batasi_lama")
        now = self.core.clock()

        def work(connection: Connection) -> tuple[Ban, list[Outgoing]]:
            case = cases.case(connection, number)
            if case is None:
                raise RestraintError("petugas_tidak_ada")
            if restraint.ban_of(connection, case.home.contact, now):
                raise RestraintError("petugas_sudah_dibatasi")
            given = Ban(case.home.contact, number, by, reason, now, now + timedelta(days=days))
            restraint.ban(connection, given)
            told = [_news(connection, self.core, case.home, "utter_kabar_dibatasi", given)]
            outbox.add(connection, told, now)
            return given, told

        given, told = await self.core.database.write(work)
        self.deliveries.wake_all(keys_of(told))
        return given

    async def decide(self, number: str, by: str, *, lift: bool) -> None:
        """Lift a ban or let it stand, and tell the person.

        Raises:
            RestraintError: no ban holds because of this ticket, or its appeal is for somebody else.
        """
        now = self.core.clock()

        def work(connection: Connection) -> list[Outgoing]:
            held = restraint.ban_about(connection, number, now)
            case = cases.case(connection, number)
            if held is None or case is None:
                raise RestraintError("petugas_tidak_dibatasi")
            if held.appealed_at and by == held.by:
                raise RestraintError("petugas_batasan_orang_lain")
            restraint.decide_ban(connection, number, by, until=now if lift else held.until, now=now)
            name = "utter_kabar_batas_dicabut" if lift else "utter_kabar_batas_tetap"
            told = [_news(connection, self.core, case.home, name, held)]
            outbox.add(connection, told, now)
            return told

        told = await self.core.database.write(work)
        self.deliveries.wake_all(keys_of(told))

    async def holding(self) -> tuple[Ban, ...]:
        """Every ban that holds now, appealed ones first."""
        now = self.core.clock()
        return await self.core.database.read(lambda c: restraint.bans_now(c, now))


def appealed(connection: Connection, core: Core, number: str, contact: str) -> list[Outgoing]:
    """Take an appeal against a ban: what to tell the moderators; empty when there is none to appeal."""
    now = core.clock()
    held = restraint.ban_about(connection, number, now)
    if held is None or not restraint.appeal_ban(connection, number, contact, now):
        return []
    values = {"nomor": number, "alasan": held.reason, "tenggat": _day(core, held.until)}
    return to_coordinator(connection, core, "petugas_batasan_banding", values)


def held_back(connection: Connection, core: Core, contact: str) -> Iterable[str]:
    """The signals screening is told about a person: `banned`, or `many` reports within a day."""
    now, limits = core.clock(), core.policies.limits
    since = restraint.filed_since(contact, now - limits.day)
    ban, filed = together(connection, restraint.banned(contact, now), since)
    if ban:
        yield "banned"
    if filed >= limits.reports:
        yield "many"


def _news(connection: Connection, core: Core, home: Home, name: str, about: Ban) -> Outgoing:
    language = conversations.language_of(connection, home.contact)
    values = {
        "nomor": about.number,
        "alasan": about.reason,
        "tenggat": in_words(_day(core, about.until), language),
        "ombudsman": core.policies.city.ombudsman[language],
    }
    message = render(core.bundles.live, name, language, home.channel, values)
    return Outgoing(home.channel, home.address, message)


def _day(core: Core, moment: datetime) -> str:
    return moment.astimezone(core.policies.city.timezone).date().isoformat()
