"""Reports from and for other programs: taken in like any citizen's, shown without anybody's secrets."""

import hashlib
import hmac
import secrets
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from bot.channels.open311.channel import NAME
from bot.services.core import Core
from bot.services.lanes import Keys, Lanes
from bot.services.reports.ticketing import Filing, open_ticket
from bot.services.talks.citydesk import TownDesk
from bot.services.talks.slots import report_of
from dialogs.messages import Attachment
from dialogs.slots import located, location
from nlu.interpretation import Interpretation
from storage.doors.database import Connection
from storage.people import consents
from storage.people.consents import Consent
from storage.reports import cases, open311
from storage.reports.cases import Home, NumberTakenError
from storage.reports.open311 import ApiKey, Posted, Wanted
from storage.talks import conversations
from storage.talks.conversations import NewContact
from tickets.ticket import Ticket

HELD = "DITAHAN"
WHEN = "waktu"
"""The extra question that is about the time of the event."""
TRIES = 5
"""How many numbers are tried until one is free."""


class RepeatedDifferentlyError(Exception):
    """The same name for a request came with another content."""


@dataclass(frozen=True, slots=True)
class Reported:
    """A report as a program posts it; `person` tells one reporter of that program from another, or is empty.

    `answers` are those to the service's extra questions; `position` is latitude and longitude in degrees.
    """

    category: str
    subcategory: str
    narrative: str
    position: tuple[float, float] | None = None
    address: str = ""
    person: str = ""
    answers: Mapping[str, Any] | None = None
    files: tuple[Attachment, ...] = ()
    language: str = "id"


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a post: the report's number and a token for it; `held` while moderators look at it."""

    number: str
    token: str
    held: bool
    emergency: bool = False


@dataclass(frozen=True, slots=True)
class Repeat:
    """How a repeat is known: a digest of the post, and the name the program gave it, if it did."""

    digest: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class PublicDesk:
    """The city's desk as other programs reach it."""

    core: Core
    deliveries: Lanes

    async def key(self, secret: str) -> ApiKey | None:
        """The key in force with that secret."""
        return await self.core.database.glance(lambda c: open311.key_of(c, secret))

    async def post(self, key: ApiKey, report: Reported, repeat: Repeat) -> Taken:
        """File a report, once; a repeat gets the first one's number.

        Raises:
            RepeatedDifferentlyError: the name of the request was used for other content.
        """
        for _ in range(TRIES):
            before = await self.core.database.glance(lambda c: self._before(c, key, repeat))
            if before is not None:
                return await self._taken(before)
            slots = await self._slots(report)
            number = await TownDesk(self.core).new_number()
            named = replace(report, files=_named(report.files, number))
            try:
                return await self._file(key, named, slots, repeat, number)
            except NumberTakenError:
                continue
        raise NumberTakenError("no free number found")

    async def find(self, wanted: Wanted) -> tuple[Ticket, ...]:
        """The public reports that are wanted."""
        return await self.core.database.read(lambda c: open311.public_tickets(c, wanted))

    async def named(self, numbers: Sequence[str]) -> tuple[Ticket, ...]:
        """The public ones among reports of these numbers."""
        return await self.core.database.read(lambda c: open311.public_of(c, numbers))

    async def token(self, token: str) -> Taken | None:
        """What became of the post a token was given for."""
        found = await self.core.database.glance(lambda c: open311.post_of_token(c, token))
        return None if found is None else await self._taken(found)

    def _before(self, connection: Connection, key: ApiKey, repeat: Repeat) -> Posted | None:
        """The same post, if it was taken before: under the same name, or in the same words a moment ago."""
        if repeat.name:
            named = open311.named_post(connection, key.id, repeat.name)
            if named is not None and not hmac.compare_digest(named.digest, repeat.digest):
                raise RepeatedDifferentlyError(repeat.name)
            return named
        window = timedelta(minutes=self.core.policies.open311.repeat_minutes)
        return open311.same_post(connection, key.id, repeat.digest, self.core.clock() - window)

    async def _taken(self, post: Posted) -> Taken:
        ticket = await self._ticket(post.number)
        return Taken(post.number, post.token, ticket.status == HELD, bool(ticket.report.emergency))

    async def _ticket(self, number: str) -> Ticket:
        case = await self.core.database.glance(lambda c: cases.case(c, number))
        assert case is not None  # noqa: S101 a post names a ticket, by foreign key
        return case.ticket

    async def _slots(self, report: Reported) -> dict[str, Any]:
        """What the report says, as the slots of a citizen's report: understood and screened like one."""
        reading = self.core.interpreter.interpret(report.narrative, None, self.core.clock())
        answers = report.answers or {}
        slots: dict[str, Any] = {
            "uraian": report.narrative,
            "klasifikasi": reading.classification,
            "kategori": report.category,
            "subkategori": report.subcategory,
            "lokasi": self._place(report),
            "waktu": str(answers.get(WHEN) or ""),
            "darurat": self._emergency(reading),
            "bahasa": report.language,
            "bukti": [one.ref for one in report.files],
        }
        return slots | {"saringan": await self._screened(report.narrative, slots)}

    def _emergency(self, reading: Interpretation) -> str:
        sure = self.core.bundles.live.settings.sure_emergency
        found = reading.emergency
        return found.kind if found is not None and found.confidence >= sure else ""

    async def _screened(self, narrative: str, slots: Mapping[str, Any]) -> Mapping[str, Any]:
        """The verdict; there is nobody to put a question to, so the one after the question counts."""
        desk = TownDesk(self.core)
        verdict = await desk.screen(narrative, slots)
        if verdict["verdict"] != "ask":
            return verdict
        asked = [rule["id"] for rule in verdict["rules"]]
        return await desk.screen(narrative, {**slots, "saringan_diminta": asked})

    def _place(self, report: Reported) -> dict[str, Any]:
        """Where it is: the point, else the address as it is read, else its words alone."""
        gazetteer = self.core.interpreter.gazetteer
        if report.position is not None:
            lat, lon = report.position
            found = gazetteer.at(lat, lon)
            outside = found.outside if found else False
            return location(report.address, found.area if found else None, lat=lat, lon=lon, outside=outside)
        area = gazetteer.area(report.address)
        if area is not None:
            return location("", area)
        named = gazetteer.find(report.address)
        if named is None or named.ambiguous:
            return location(report.address)
        return {**located(named, report.address), "text": report.address}

    async def _file(
        self, key: ApiKey, report: Reported, slots: Mapping[str, Any], repeat: Repeat, number: str
    ) -> Taken:
        made = replace(report_of(slots, report.files), answers=dict(report.answers or {}))
        token, now = secrets.token_urlsafe(16), self.core.clock()
        post = Posted(key.id, repeat.digest, number, token, repeat.name)

        def work(connection: Connection) -> tuple[Posted, Keys]:
            before = self._before(connection, key, repeat)
            if before is not None:
                return before, ()
            home = _home(connection, key, report, now)
            done = open_ticket(connection, self.core, Filing(number, made, report.files), home)
            open311.keep_post(connection, post, now)
            return post, done.wake

        kept, wake = await self.core.database.write(work)
        self.deliveries.wake_all(wake)
        return await self._taken(kept)


def _home(connection: Connection, key: ApiKey, report: Reported, now: datetime) -> Home:
    """The reporter as the program knows them: by a fingerprint, which says nothing of who they are."""
    person = report.person or uuid.uuid4().hex
    told = hashlib.sha256(key.id.encode() + b"/" + person.encode()).hexdigest()
    address = f"{key.id}:{told[:32]}"
    contact = conversations.contact_at(connection, NAME, address)
    if contact is None:
        contact = uuid.uuid4().hex
        conversations.introduce(connection, NewContact(contact, NAME, address, report.language), now)
        consents.keep(connection, contact, Consent(f"open311/{key.id}", report.language, NAME), now)
    return Home(contact, NAME, address)


def _named(files: tuple[Attachment, ...], number: str) -> tuple[Attachment, ...]:
    return tuple(replace(one, media_id=f"{NAME}-{number}-{place}") for place, one in enumerate(files))


@dataclass(frozen=True, slots=True)
class KeyRing:
    """Who may post: keys are given out once and kept as a hash."""

    core: Core

    async def add(self, name: str) -> tuple[ApiKey, str]:
        """A new key and its secret, which is told only now."""
        secret = f"kt_{secrets.token_urlsafe(32)}"
        key = ApiKey(secrets.token_hex(4), name, self.core.clock(), None)
        await self.core.database.write(lambda c: open311.add_key(c, key, secret))
        return key, secret

    async def every(self) -> tuple[ApiKey, ...]:
        """All keys there were."""
        return await self.core.database.read(open311.keys)

    async def revoke(self, key: str) -> bool:
        """End a key at once; false when none of that id is in force."""
        now = self.core.clock()
        return await self.core.database.write(lambda c: open311.revoke_key(c, key, now))
