"""What the dialog's actions may ask of the city: screening, numbers, tickets, what is near."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot.services.core import Core
from bot.services.reports import ways
from bot.services.reports.neighbours import neighbours_of, public_title, public_view
from bot.services.talks.restraints import held_back
from bot.services.talks.slots import report_of, screening_facts, screening_slot
from storage.doors.database import Connection
from storage.doors.inquiries import together
from storage.people import linking
from storage.reports import cases, following
from storage.talks import conversations
from tickets.duplicates import PRIVATE, offerable
from tickets.numbers import make_number, parse_number
from tickets.screening import screen
from tickets.ticket import Actor, Ticket, TicketEvent

TOLD = frozenset(
    [
        "open",
        "verify",
        "refer",
        "claim",
        "reply",
        "ask_data",
        "refuse",
        "close",
        "confirm",
        "reopen",
        "merge",
        "split",
    ]
)
"""The steps of a history its reporter is shown."""
HIDING = {"RAHASIA": "content", "ANONIM": "name"}
"""What a flag of a ticket keeps from others."""
CODE_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
DATA_LABELS = {
    "id": ("Pertama menulis", "Persetujuan (versi, tanggal)", "Bahasa", "Kanal", "Laporan"),
    "jv": ("Sepisanan nyerat", "Sarujuk (versi, tanggal)", "Basa", "Kanal", "Lapuran"),
    "en": ("First message", "Consent (version, date)", "Language", "Channels", "Reports"),
}


@dataclass(frozen=True, slots=True)
class TownDesk:
    """The city's side of the dialog's actions."""

    core: Core

    async def screen(self, narrative: str, slots: Mapping[str, Any]) -> Mapping[str, Any]:
        """The verdict on a narrative, as the plain values of a slot."""
        facts = screening_facts(slots) | {"person": await self._known_of(str(slots.get("kontak") or ""))}
        reading = self.core.interpreter.interpret(narrative, None, self._local(self.core.clock()))
        return screening_slot(screen(narrative, reading, facts, self.core.policies), self.core.policies)

    async def _known_of(self, contact: str) -> tuple[str, ...]:
        if not contact:
            return ()
        return await self.core.database.glance(lambda c: tuple(held_back(c, self.core, contact)))

    async def new_number(self) -> str:
        """A fresh report number; that it is free is made sure when the ticket is opened."""
        year = self._local(self.core.clock()).year
        return make_number(self.core.policies.city.prefix, year, self.core.chance)

    async def nearby(self, slots: Mapping[str, Any], contact: str) -> list[Mapping[str, Any]]:
        """Open reports about what seems to be the same thing, likeliest first, as others may see them."""
        report = report_of(slots, ())
        reader = {"contact": contact, "language": report.language, "place": report.place.text}

        def look(connection: Connection) -> list[Mapping[str, Any]]:
            found = neighbours_of(connection, self.core, report)
            return [public_view(connection, self.core, one, reader) for one in found]

        return await self.core.database.glance(look)

    async def ticket(self, number: str, contact: str) -> Mapping[str, Any] | None:
        """What this person may know of a ticket: all of their own, only the state of another's."""
        proper = parse_number(number, self.core.policies.city.prefix)
        if proper is None:
            return None
        return await self.core.database.glance(lambda c: self._ticket(c, proper, contact))

    async def tickets(self, contact: str) -> list[Mapping[str, Any]]:
        """The newest reports of a person."""

        def look(connection: Connection) -> list[Mapping[str, Any]]:
            language = conversations.language_of(connection, contact)
            found = cases.cases_of(connection, contact)
            return [
                self._summary(case.ticket, language) | {"actions": list(self._actions(case.ticket, contact))}
                for case in found
            ]

        return await self.core.database.read(look)

    async def receipt(self, slots: Mapping[str, Any]) -> Mapping[str, Any]:
        """Where a report will go and by when its reporter hears of it: the desk's own opening, tried out."""
        change = self.core.desk.open(report_of(slots, ()), "", "", self.core.clock())
        ticket = change.ticket
        return {
            "agency": self.core.policies.agencies.short(ticket.agency),
            "due": self._iso(ticket.due_at),
            "status": ticket.status,
        }

    async def new_link_code(self) -> str:
        """A fresh code, in letters and digits nobody mistakes: 40 bits, for ten minutes and once."""
        letters = [self.core.chance.choice(CODE_LETTERS) for _ in range(8)]
        return "".join(letters[:4]) + "-" + "".join(letters[4:])

    async def fits(self, code: str, contact: str) -> bool:
        """Whether a code is one of another contact that still holds."""
        owner = await self.core.database.glance(lambda c: linking.owner(c, code, self.core.clock()))
        return owner not in {None, contact}

    async def ways(self, contact: str) -> list[Mapping[str, Any]]:
        """The channels a person can be reached on, the last used first."""

        def look(connection: Connection) -> list[Mapping[str, Any]]:
            language = conversations.language_of(connection, contact)
            chosen = linking.choice(connection, contact)
            found = dict.fromkeys(way.channel for way in linking.ways(connection, contact))
            return [
                {"channel": one, "name": ways.name(one, language), "chosen": one == chosen} for one in found
            ]

        return await self.core.database.glance(look)

    async def data_of(self, contact: str) -> Mapping[str, Any]:
        """All that is kept about a person, for them to read."""

        def look(connection: Connection) -> Mapping[str, Any]:
            if not conversations.known(connection, contact):  # this is their first word
                return {DATA_LABELS["id"][-1]: "-"}
            about = conversations.person(connection, contact)
            found = cases.cases_of(connection, contact)
            labels, version = DATA_LABELS[about["language"]], about["consent_version"]
            values = (
                self._iso(about["created_at"]),
                f"{version} ({self._iso(about['consent_at'])})" if version else "-",
                about["language"],
                ", ".join(way["channel"] for way in about["channels"]),
                ", ".join(case.ticket.number for case in found) or "-",
            )
            return dict(zip(labels, values, strict=True))

        return await self.core.database.read(look)

    def _ticket(self, connection: Connection, number: str, contact: str) -> Mapping[str, Any] | None:
        wanted = cases.about(number), conversations.tongue(contact), cases.past(number)
        case, language, history = together(connection, *wanted)
        if case is None:
            return None
        own = case.home.contact == contact
        summary = self._summary(case.ticket, language) | self._joined(connection, case.ticket, language)
        if not own:
            followed = following.follows(connection, number, contact)
            joined = any(one.home.contact == contact for one in following.listeners_of(connection, number))
            public = self._public(connection, case.ticket, language, followed=followed, joined=joined)
            return {**summary, **public}
        return {
            **summary,
            "history": [self._step(event, language) for event in history if event.action in TOLD],
            "actions": list(self._actions(case.ticket, contact)),
        }

    def _public(
        self, connection: Connection, ticket: Ticket, language: str, *, followed: bool, joined: bool
    ) -> Mapping[str, Any]:
        """What anybody may know, and whether they may follow; of what is private only that it is there.

        Followers also see its steps, without anybody's words; those whose report was `joined` may add to it.
        """
        private = bool(ticket.flags & PRIVATE)
        seen = cases.history(connection, ticket.number) if followed and not private else ()
        steps = [replace(event, text="") for event in seen if event.action in TOLD]
        return {
            "own": False,
            "hidden": [],
            "title": "" if private else public_title(ticket, language),
            "history": [self._step(event, language) for event in steps],
            "agency": "" if private or not followed else self.core.policies.agencies.short(ticket.agency),
            "actions": ["unfollow"] if followed else ["message"] if joined else _offered(ticket),
        }

    def _joined(self, connection: Connection, ticket: Ticket, language: str) -> dict[str, Any]:
        """How a merged report stands: as the one does it was merged into."""
        top = ticket
        while top.parent and (found := cases.case(connection, top.parent)):
            top = found.ticket
        if top is ticket:
            return {}
        names = self.core.policies.lifecycle.states
        own, now = names[ticket.status].name[language], names[top.status].name[language]
        return {
            "into": top.number,
            "status_text": f"{own} → {top.number}: {now}",
            "agency": self.core.policies.agencies.short(top.agency),
            "due": self._iso(top.due_at),
        }

    def _actions(self, ticket: Ticket, contact: str) -> tuple[str, ...]:
        return self.core.desk.allowed(ticket, Actor("citizen", contact), self.core.clock())

    def _summary(self, ticket: Ticket, language: str) -> dict[str, Any]:
        state = self.core.policies.lifecycle.states[ticket.status]
        return {
            "number": ticket.number,
            "own": True,
            "title": ticket.title,
            "status": ticket.status,
            "status_text": state.name[language],
            "agency": self.core.policies.agencies.short(ticket.agency),
            "opened": self._iso(ticket.opened_at),
            "due": self._iso(ticket.due_at),
            "hidden": [what for flag, what in HIDING.items() if flag in ticket.flags],
            "history": [],
            "actions": [],
        }

    def _step(self, event: TicketEvent, language: str) -> dict[str, str]:
        state = self.core.policies.lifecycle.states[event.after]
        words = event.text if event.action == "reply" else ""
        return {"at": self._iso(event.at), "text": words or state.name[language]}

    def _iso(self, moment: datetime | None) -> str:
        """The day it is then in the city, as an ISO date; empty when there is none."""
        return "" if moment is None else self._local(moment).date().isoformat()

    def _local(self, moment: datetime) -> datetime:
        return moment.astimezone(self.core.policies.city.timezone)


def _offered(ticket: Ticket) -> list[str]:
    return ["follow"] if offerable(ticket) else []
