"""Tickets are opened and changed here, by citizens, operators and the clock, each change with its news."""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import NamedTuple

from bot.services.core import OPERATOR, Core
from bot.services.lanes import Keys, Lanes, keys_of
from bot.services.reports import collisions, joining, neighbours, news, ways
from bot.services.reports.acts import Act
from bot.services.reports.corrections import corrections
from bot.services.reports.neighbours import Neighbour
from dialogs.messages import Attachment
from storage import learning
from storage.doors.database import Connection
from storage.doors.inquiries import Inquiry, together
from storage.reports import cases, following, media
from storage.reports.cases import Home
from storage.reports.media import Owner
from storage.reports.searching import Place, look_through
from storage.talks import inbox, outbox
from storage.talks.announcements import MARK
from storage.talks.outbox import Outgoing
from tickets.desk import DeskRefusal
from tickets.duplicates import Candidate
from tickets.sla import SlaClock
from tickets.ticket import Actor, Change, Report, Ticket, TicketEvent
from tickets.units import serves

__all__ = [
    "Act",
    "DeskRefusal",
    "Filing",
    "Known",
    "Ticketing",
    "UnknownTicketError",
    "View",
    "apply",
    "open_ticket",
    "to_know",
]

MOST_FOUND = 11
"""One more than is shown: so many that more words would help."""
A_SECOND = 20
"""Copies of one word to many that go out each second; Telegram takes 30 messages of all kinds."""
AT_THE_END = {"auto_close": "auto_close", "unreached": "unheard", "confirm": "moderate_lapse"}
"""What the clock does when a deadline of this kind is over, in place of reminding and escalating."""


class UnknownTicketError(Exception):
    """There is no ticket of that number (or none this person may know of)."""


@dataclass(frozen=True, slots=True)
class Filing:
    """A report to be opened under a number, with the files that prove it."""

    number: str
    report: Report
    evidence: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class Done:
    """A change that was made, and the addresses that have something waiting because of it."""

    change: Change
    wake: Keys


@dataclass(frozen=True, slots=True)
class View:
    """A ticket as its desk sees it: the case, its history, its files, and what this actor may do now.

    `hidden` are the numbers of other tickets its pictures were seen in that are not for this actor.
    """

    ticket: Ticket
    history: tuple[TicketEvent, ...]
    files: tuple[media.File, ...]
    followers: int
    allowed: tuple[str, ...]
    hidden: frozenset[str] = frozenset()


class Known(NamedTuple):
    """What an opening has to know: which of its files cannot be taken, and the reports near by."""

    refused: frozenset[str]
    near: tuple[Candidate, ...]


def to_know(core: Core, filing: Filing) -> tuple[Inquiry[frozenset[str]], Inquiry[tuple[Candidate, ...]]]:
    """How what an opening has to know is found out."""
    return media.refused_among(filing.report.evidence), neighbours.near_by(core, filing.report)


def open_ticket(
    connection: Connection, core: Core, filing: Filing, home: Home, known: Known | None = None
) -> Done:
    """Open a ticket in the transaction of the turn that asked for it.

    `known` is what this transaction found out `to_know`, where it did so before.

    Raises:
        storage.reports.cases.NumberTakenError: the number is in use.
    """
    now = core.clock()
    refused, near = known or together(connection, *to_know(core, filing))
    report = _without(refused, filing.report)
    opened = core.desk.open(report, filing.number, home.contact, now)
    change = neighbours.pointed_out(connection, core, opened, near)
    cases.open_ticket(connection, change, home)
    owner = Owner(filing.number, home.channel, "evidence", home.address)
    media.owe(connection, filing.evidence, owner, now)
    return _settle(connection, core, news.after_receipt(change), home)


def apply(connection: Connection, core: Core, number: str, act: Act) -> Done:
    """Change a ticket inside a transaction, with everything the change brings about.

    Raises:
        UnknownTicketError: there is no such ticket.
        tickets.desk.DeskRefusal: the lifecycle does not allow it; its code says why.
        bot.services.reports.collisions.CollisionError: somebody else is at work on it.
    """
    case = cases.case(connection, number)
    if case is None:
        raise UnknownTicketError(number)
    now = core.clock()
    change = core.desk.act(case.ticket, act.command, now, joining.beside(connection, act.command))
    collisions.look(connection, core, case.ticket, act)
    follows = joining.consequences(connection, case.ticket, change)
    joining.rehearse(connection, core.desk, change, follows, now)
    _owe(connection, number, act, now)
    cases.save(connection, change, case.ticket.version)
    learning.note(connection, corrections(case.ticket, change, act.command, now))
    told = news.unheard(change) if act.quiet else change
    done = _settle(connection, core, told, case.home, act.origin)
    further = [apply(connection, core, *one) for one in follows]
    wake = dict.fromkeys(key for one in (done, *further) for key in one.wake)
    return Done(change, tuple(wake))


def _owe(connection: Connection, number: str, act: Act, now: datetime) -> None:
    if act.files:
        owner = Owner(number, act.channel, act.role, act.origin.partition("/")[0])
        media.owe(connection, act.files, owner, now)


def _without(refused: frozenset[str], report: Report) -> Report:
    """The report with those of its files as evidence that could be taken."""
    return replace(report, evidence=tuple(one for one in report.evidence if one not in refused))


def _settle(connection: Connection, core: Core, change: Change, home: Home, origin: str = "") -> Done:
    ticket, now = change.ticket, core.clock()
    set_deadlines = cases.first_deadlines if change.opens else cases.set_deadlines
    set_deadlines(connection, ticket.number, timers(core.desk.clock, ticket))
    messages: Sequence[Outgoing] = news.outgoing(connection, core, change, home)
    if origin:
        messages = _with_origin(messages, ways.home_now(connection, home, now), origin)
    outbox.add(connection, messages, now)
    return Done(change, keys_of(messages))


def timers(clock: SlaClock, ticket: Ticket) -> list[tuple[str, datetime]]:
    """The actions the clock will take on a ticket as it stands, each with its moment."""
    if ticket.due_at is None:
        return []
    if ticket.due_kind in AT_THE_END:
        return [(AT_THE_END[ticket.due_kind], ticket.due_at)]
    if "TERLAMBAT" in ticket.flags:
        rung = clock.escalate_at(ticket)
        return [("escalate", rung)] if rung else []
    remind = clock.remind_at(ticket)
    early = [("remind", remind)] if remind and remind > ticket.changed_at else []
    return [*early, ("due", ticket.due_at)]


def _with_origin(messages: Sequence[Outgoing], home: Home, origin: str) -> list[Outgoing]:
    """The operator is told how the reporter's copy fared, which goes to `home`."""
    if origin.startswith(MARK):
        return [*_spread(messages, origin)]
    mine = next((one for one in messages if (one.channel, one.address) == (home.channel, home.address)), None)
    return [replace(one, origin=origin) if one is mine else one for one in messages]


def _spread(messages: Sequence[Outgoing], origin: str) -> Iterator[Outgoing]:
    """A word to many goes out little by little, so that it holds up nothing else."""
    copies = 0
    for one in messages:
        if one.channel == OPERATOR:
            yield one
        else:
            yield replace(one, origin=origin, after=timedelta(seconds=copies / A_SECOND))
            copies += 1


Look = Callable[[str, Act], Awaitable[None]]


class Ticketing:
    """The tickets' service for everybody who acts outside a citizen's turn."""

    def __init__(self, core: Core, deliveries: Lanes, look: Look | None = None) -> None:
        """`look` is taken at what an action brings, before anything is changed; it raises DeskRefusal."""
        self._core = core
        self.deliveries = deliveries
        self._look = look

    async def act(self, number: str, act: Act, *, updates: Sequence[str] = ()) -> Change:
        """Change a ticket; `updates` are the operators' updates this answers, marked done with it.

        Raises:
            UnknownTicketError, tickets.desk.DeskRefusal, bot.services.reports.collisions.CollisionError:
                nothing was changed.
            storage.talks.inbox.AlreadyDoneError: these updates had their effect before.
        """
        if self._look is not None:
            await self._look(number, act)

        def work(connection: Connection) -> Done:
            for update in updates:
                inbox.finish_update(connection, OPERATOR, update, self._core.clock())
            return apply(connection, self._core, number, act)

        done = await self._core.database.write(work)
        self.deliveries.wake_all(done.wake)
        return done.change

    async def view(self, number: str, actor: Actor) -> View:
        """A ticket as `actor` may see it; raises UnknownTicketError when they may not."""

        def look(connection: Connection) -> View:
            case = cases.case(connection, number)
            if case is None or not may_see(case.ticket, actor):
                raise UnknownTicketError(number)
            files = media.files_of(connection, number)
            return View(
                case.ticket,
                cases.history(connection, number),
                files,
                following.count_followers(connection, number),
                self._core.desk.allowed(case.ticket, actor),
                _hidden(connection, files, actor),
            )

        return await self._core.database.read(look)

    async def queue(self, agency: str | None, most: int = 20) -> tuple[Ticket, ...]:
        """Open tickets of an agency (of all when None), the most pressing first."""
        found = await self._core.database.read(lambda c: cases.queue(c, agency, most))
        return tuple(case.ticket for case in found)

    async def alike(self, ticket: Ticket) -> list[Neighbour]:
        """Open reports that may be about the same thing as this one, the likeliest first."""
        return await self._core.database.read(lambda c: neighbours.like(c, self._core, ticket))

    async def held(self) -> tuple[Ticket, ...]:
        """What waits for the moderators, the most pressing first."""
        found = await self._core.database.read(lambda c: cases.in_state(c, "DITAHAN"))
        return tuple(case.ticket for case in found)

    async def search(self, words: str, agency: str | None) -> tuple[Ticket, ...]:
        """Tickets whose number or narrative holds the words, newest first."""
        found: list[Ticket] = []
        place: Place | None = None
        while len(found) < MOST_FOUND:
            look = partial(look_through, words=words, agency=agency, after=place)
            part, place = await self._core.database.read(look)
            found += part
            if place is None:
                break
        return tuple(found[:MOST_FOUND])


def _hidden(connection: Connection, files: Sequence[media.File], actor: Actor) -> frozenset[str]:
    others = {seen.number for file in files for seen in file.seen}
    found = {number: cases.case(connection, number) for number in others}
    return frozenset(n for n, case in found.items() if case is None or not may_see(case.ticket, actor))


def may_see(ticket: Ticket, actor: Actor) -> bool:
    """Whether an operator may look at a ticket at all: their agency's own; WBS only for its handlers."""
    if actor.kind == "system":
        return True
    if "WBS" in ticket.flags:
        return actor.role == "wbs"
    theirs = serves(actor.agency, ticket.agency)
    if actor.role in {"koordinator", "admin", "pimpinan"}:  # leaders get here only where they lead
        to_decide = ticket.status == "DITAHAN" and actor.role != "pimpinan"
        return "RAHASIA" not in ticket.flags or theirs or to_decide
    return theirs
