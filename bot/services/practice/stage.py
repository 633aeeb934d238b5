"""The stage: opens the scripted citizens' reports in a room and plays what they answer."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta

from bot.services.core import Core
from bot.services.lanes import Key
from bot.services.practice.house import CITIZENS, House
from bot.services.reports.acts import Act
from bot.services.reports.masking import masked
from bot.services.reports.ticketing import DeskRefusal, Filing, apply, open_ticket
from dialogs.messages import Attachment
from storage.desk import practice, staff
from storage.desk.practice import Played, Session
from storage.desk.staff import Membership
from storage.doors.database import Connection
from storage.reports import cases
from storage.reports.cases import Home
from storage.talks import conversations
from storage.talks.conversations import NewContact
from tickets.numbers import make_number
from tickets.practice.acting import due, heard, impatient, silence
from tickets.practice.script import Course, Reaction, Script
from tickets.practice.spans import elapsed
from tickets.ticket import Actor, Command, Report, ScreeningResult


class Stage:
    """Plays the scripts of one session in its room."""

    def __init__(self, house: House, course: Course) -> None:
        self._house = house
        self._core: Core = house.core
        self._course = course

    async def seat(self, session: Session, language: str) -> None:
        """Let the trainee work at every desk the scripts need."""
        coordinator = self._core.policies.agencies.coordinator
        desks = dict.fromkeys(self._course.scripts[code].desk for code in session.scripts)
        now = self._core.clock()

        def work(connection: Connection) -> None:
            for desk in desks:
                role = "koordinator" if desk == coordinator else "penghubung"
                staff.enrol(connection, session.operator, session.name, Membership(desk, role), now)
            staff.set_language(connection, session.operator, language)

        await self._core.database.write(work)

    async def play(self, session: Session) -> int:
        """Open what is due, and let every citizen do what they would by now; how much was done."""
        now, done = self._core.clock(), 0
        known = {one.script: one for one in await self._core.database.glance(practice.played)}
        spent = elapsed(session.begun_at, now, session.pauses)
        for code in session.scripts:
            script = self._course.scripts[code]
            if code not in known and spent >= timedelta(seconds=script.after):
                await self._open(session, script)
                done += 1
        for one in known.values():
            done += await self._go_on(session, one, now)
        return done

    async def _open(self, session: Session, script: Script) -> None:
        core, now = self._core, self._core.clock()
        contact = f"{CITIZENS}-{script.code}"
        chance = random.Random(f"{session.id}/{script.code}")  # noqa: S311 a number to read aloud
        number = make_number(core.policies.city.prefix, now.year, chance)
        photos = _photos(number, "", script.photos)
        filing = Filing(number, self._report(script, photos), photos)

        def work(connection: Connection) -> set[Key]:
            known = NewContact(contact, CITIZENS, script.code, script.language)
            conversations.introduce(connection, known, now)
            done = open_ticket(connection, core, filing, Home(contact, CITIZENS, script.code))
            practice.play(connection, Played(number, script.code))
            return set(done.wake)

        self._house.deliveries.wake_all(await core.database.write(work))

    def _report(self, script: Script, photos: tuple[Attachment, ...]) -> Report:
        return Report(
            narrative=script.text,
            classification=script.classification,
            category=script.category,
            subcategory=script.subcategory,
            place=script.place,
            screening=ScreeningResult("pass", (), masked(self._core, script.text)),
            evidence=tuple(one.media_id for one in photos),
            emergency=script.emergency,
            language=script.language,
            source=CITIZENS,
        )

    async def _go_on(self, session: Session, played: Played, now: datetime) -> int:
        """Play what has come due, in one transaction with the note that it was played."""

        def look(connection: Connection) -> tuple[Played, tuple[int, ...]]:
            return self._next(connection, session, played, now)

        after, ready = await self._core.database.glance(look)
        if after == played:
            return 0

        def work(connection: Connection) -> set[Key]:
            practice.play(connection, after)
            script = self._course.scripts[played.script]
            return {key for place in ready for key in self._do(connection, played, script, place)}

        self._house.deliveries.wake_all(await self._core.database.write(work))
        return len(ready)

    def _next(
        self, connection: Connection, session: Session, played: Played, now: datetime
    ) -> tuple[Played, tuple[int, ...]]:
        script = self._course.scripts[played.script]
        case, history = cases.case(connection, played.number), cases.history(connection, played.number)
        assert case is not None  # noqa: S101 it was opened together with its run
        run, ready = due(heard(played.run, script, history), now)
        waited = silence(history, session.pauses, now)
        tired = impatient(run, script, case.ticket, waited) if not ready else None
        if tired is not None:
            run, ready = run.using(tired), (tired,)
        return Played(played.number, played.script, run), ready

    def _do(
        self, connection: Connection, played: Played, script: Script, place: int
    ) -> Iterator[tuple[str, str]]:
        actor, reaction = Actor("citizen", f"{CITIZENS}-{played.script}"), script.reactions[place]
        photos = _photos(played.number, f"{place}-", reaction.photos)
        for command in _commands(reaction, actor, tuple(one.media_id for one in photos)):
            act = Act(command, photos if command.proof else (), CITIZENS)
            try:
                yield from apply(connection, self._core, played.number, act).wake
            except DeskRefusal:
                return


def _photos(number: str, which: str, names: tuple[str, ...]) -> tuple[Attachment, ...]:
    """Pictures as a citizen of this report sends them; each sending is a file of its own."""
    return tuple(
        Attachment("photo", name, name=name, media_id=f"{CITIZENS}-{number}-{which}{name}") for name in names
    )


def _commands(reaction: Reaction, actor: Actor, proof: tuple[str, ...]) -> Iterator[Command]:
    """What a reaction does; data asked for is given as words, as everywhere, and is then all there is."""
    if reaction.do == "confirm":
        yield Command("confirm", actor)
        if reaction.rate:
            yield Command("rate", actor, value=reaction.rate)
        return
    action = "message" if reaction.do == "give_data" else reaction.do
    reason = reaction.say if reaction.do == "deny" else ""
    yield Command(action, actor, text=reaction.say, reason=reason, proof=proof)
    if reaction.do == "give_data":
        yield Command("data_complete", actor)
