"""What follows once a message reached its reader, or surely will not, or has to wait for them."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog

from bot.channels.base import BY_HAND, DOOR_CODES, WINDOW_CLOSED
from bot.services.core import ASKS, OPERATOR, Core
from bot.services.lanes import Key, Keys, keys_of
from bot.services.reports.ticketing import Act, DeskRefusal, UnknownTicketError, apply
from bot.services.sending import refusals
from dialogs.messages import OutboundMessage
from storage import tokens
from storage.desk import staff
from storage.doors.database import Connection
from storage.reports import cases
from storage.talks import announcements, conversations, hearings, held, outbox
from storage.talks.announcements import Outcome
from storage.talks.held import KNOCKED
from storage.talks.outbox import Link, Outgoing, Trouble, WaitingOut
from storage.talks.receipts import Word
from storage.talks.setback import LONGEST_ASKED, LONGEST_PAUSE
from tickets.ticket import Actor, Command

log = structlog.get_logger(__name__)
FIRST_PAUSE = timedelta(seconds=1)
MOST_TRIES = 12
OUR_PAUSE = 300.0
"""Seconds until a message goes out again that the platform took and then refused for our account's sake."""
BLOCKED = "blocked"
INVITING = frozenset({"petugas_undangan", "petugas_admin_disetujui"})
"""Messages with the link of an invitation: whoever reads our records must not be able to use it."""
CONFIRMATION, ANSWER = "utter_kabar_konfirmasi", "utter_kabar_balasan"
DELIVERED, FAILED, WAITS = "petugas_terkirim", "petugas_gagal", "petugas_ditahan"
DELAYED = "petugas_tertunda"
ANNOUNCED = "petugas_siaran_hasil"
BY_STAFF = "petugas_tangan"
WINDOW = timedelta(hours=24)
"""How long platforms with such a limit let us write freely after a person's last message."""
UNTOLD = frozenset({"away", BY_HAND, KNOCKED})
"""Reasons for which news wait without a word to the agency: they are usual there, or a notice went out."""


def arrived(connection: Connection, core: Core, row: WaitingOut) -> Keys:
    """A message reached its reader: ✓ for who wrote it, and a ticket that asked starts its clock."""
    mark = _mark(connection, row, DELIVERED, "")
    outbox.add(connection, mark, core.clock())
    return (*keys_of(mark), *question_arrived(connection, core, row))


def question_arrived(connection: Connection, core: Core, row: WaitingOut) -> Keys:
    """Start the clock after which a ticket closes by itself, once our last word has reached its reporter."""
    if row.message.response not in (CONFIRMATION, ANSWER) or not _to_the_reporter(connection, row):
        return ()
    act = Act(Command("delivered", Actor("system", "delivery")))
    try:
        return apply(connection, core, row.ticket, act).wake
    except (DeskRefusal, UnknownTicketError):
        return ()


def _to_the_reporter(connection: Connection, row: WaitingOut) -> bool:
    """Whether it went to who filed the ticket: what a follower reads starts no clock."""
    if row.message.response == CONFIRMATION:
        return True
    case, contact = cases.case(connection, row.ticket), cases.reader(connection, row.id)
    return case is not None and case.home.contact == contact


def linked(connection: Connection, at: Key, row: WaitingOut, refs: Sequence[str]) -> None:
    """Remember what these messages of a chat are about, so that an answer to one finds its ticket."""
    if row.ticket or row.message.response.startswith(ASKS):
        outbox.link(connection, *at, refs, Link(row.ticket, row.message.response or "news"))


def given_up(connection: Connection, core: Core, at: Key, row: WaitingOut, trouble: Trouble) -> Keys:
    """A message will not arrive: it is listed with its reason, and the operator who wrote it sees ✗."""
    now = core.clock()
    outbox.give_up(connection, row.id, trouble)
    if row.message.response in INVITING:
        tokens.blank(connection, row.id)
    mark = _mark(connection, row, FAILED, trouble.text)
    outbox.add(connection, mark, now)
    if trouble.code == BLOCKED:
        conversations.set_blocked(connection, *at, now)
    return keys_of(mark)


def kept_back(
    connection: Connection,
    core: Core,
    at: Key,
    row: WaitingOut,
    trouble: Trouble,
    until: datetime | None = None,
) -> Keys:
    """A message waits until a moment, or until the person writes again (None).

    The staff are told, once a ticket for news of ours. Where the platform called the time for free words over
    and by our clock it was not, it goes out again first, in words approved beforehand if there are some.
    """
    now = core.clock()
    if trouble.code == WINDOW_CLOSED and hearings.silent_since(connection, *at, now - WINDOW):
        outbox.again(connection, row.id, now, trouble)
        return (at,)
    known = any(one.ticket == row.ticket for one in held.held(connection, *at))
    outbox.hold(connection, row.id, trouble, until)
    name = BY_STAFF if trouble.code == BY_HAND else WAITS if until is None else DELAYED
    told = _mark(connection, row, name, trouble.text)
    if not row.origin and row.ticket and not known and trouble.code not in UNTOLD:
        note = OutboundMessage(trouble.text, response=name, ticket=row.ticket)
        told = [Outgoing(OPERATOR, chat, note) for chat in _desks(connection, row.ticket)]
    outbox.add(connection, told, now)
    return keys_of(told)


def failed_later(connection: Connection, core: Core, at: Key, row: WaitingOut, word: Word) -> Keys:
    """The platform took a message and says that it failed: again, held, or given up, by the reason."""
    code, text, again, waits = word.error or ("undelivered", "", False, False)
    trouble = Trouble(code, text, row.refs[: row.refs.index(word.ref)])
    if waits:
        return kept_back(connection, core, at, row, trouble)
    ours = code in DOOR_CODES
    if ours or (again and row.tries + 1 < MOST_TRIES):
        until = core.clock() + pause_after(row.tries, OUR_PAUSE if ours else 0)
        outbox.again(connection, row.id, until, trouble)
        return (at, *refusals.told(connection, core, at[0], trouble))
    log.warning("not delivered after all", outbox=row.id, channel=at[0], code=code)
    return given_up(connection, core, at, row, trouble)


def _desks(connection: Connection, number: str) -> tuple[str, ...]:
    case = cases.case(connection, number)
    return tuple(desk.chat for desk in staff.desks(connection, case.ticket.agency)) if case else ()


def announced(outcome: Outcome) -> Outgoing:
    """How a word to many fared, for whoever said it; the channel puts the counts into their language."""
    chat, _, message = outcome.origin.partition("/")
    counts = f"{outcome.delivered}/{outcome.failed}/{outcome.total}"
    told = OutboundMessage(counts, response=ANNOUNCED, ticket=outcome.number, reply_to=message)
    return Outgoing(OPERATOR, chat, told)


def _mark(connection: Connection, row: WaitingOut, response: str, text: str) -> list[Outgoing]:
    """A sign for the operator whose words these were; `origin` is 'chat/message'.

    Words to many are counted, and the outcome told once.
    """
    if not row.origin:
        return []
    if row.origin.startswith(announcements.MARK):
        if response == DELAYED:  # it still goes by itself
            return []
        outcome = announcements.count(connection, row.origin, delivered=response == DELIVERED)
        return [announced(outcome)] if outcome else []
    chat, _, message = row.origin.partition("/")
    mark = OutboundMessage(text, response=response, ticket=row.ticket, reply_to=message)
    return [Outgoing(OPERATOR, chat, mark)]


def pause_after(tries: int, asked: float) -> timedelta:
    """How long to wait before the next try: what the platform asks for, else longer every time."""
    if asked:
        return min(timedelta(seconds=asked), LONGEST_ASKED)
    return min(FIRST_PAUSE * float(2 ** min(tries, 20)), LONGEST_PAUSE)
