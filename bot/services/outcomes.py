"""What follows once a message reached its reader, or surely will not, or has to wait for them."""

from collections.abc import Iterable

from bot.channels.base import WINDOW_CLOSED
from bot.services.core import OPERATOR, Core
from bot.services.ticketing import Act, DeskRefusal, UnknownTicketError, apply
from dialogs.messages import OutboundMessage
from dialogs.responses import render
from storage import cases, conversations, outbox, staff
from storage.database import Connection
from storage.outbox import KNOCKED, Outgoing, Trouble, WaitingOut
from tickets.ticket import Actor, Command

Keys = tuple[tuple[str, str], ...]
BLOCKED = "blocked"
CONFIRMATION = "utter_kabar_konfirmasi"
DELIVERED, FAILED, WAITS = "petugas_terkirim", "petugas_gagal", "petugas_menunggu"
PLATFORMS = {"whatsapp": "WhatsApp", "instagram": "Instagram", "messenger": "Messenger"}


def arrived(connection: Connection, core: Core, row: WaitingOut) -> Keys:
    """A message reached its reader: ✓ for whose words it was, and the clock of a ticket that asked."""
    mark = _mark(row, DELIVERED, "")
    outbox.add(connection, mark, core.clock())
    return (*_keys(mark), *_clock_started(connection, core, row))


def _clock_started(connection: Connection, core: Core, row: WaitingOut) -> Keys:
    """A ticket closes by itself only so long after its question reached the citizen."""
    if row.message.response != CONFIRMATION:
        return ()
    act = Act(Command("delivered", Actor("system", "delivery")))
    try:
        return apply(connection, core, row.ticket, act).wake
    except (DeskRefusal, UnknownTicketError):
        return ()


def given_up(
    connection: Connection, core: Core, at: tuple[str, str], row: WaitingOut, trouble: Trouble
) -> Keys:
    """A message will not arrive: listed with its reason, ✗ for whose words it was."""
    now = core.clock()
    outbox.give_up(connection, row.id, trouble)
    mark = _mark(row, FAILED, trouble.text)
    outbox.add(connection, mark, now)
    if trouble.code == BLOCKED:
        conversations.set_blocked(connection, *at, now)
    return _keys(mark)


def kept_back(
    connection: Connection, core: Core, at: tuple[str, str], row: WaitingOut, trouble: Trouble
) -> Keys:
    """A message waits until the citizen writes; the staff are told so, for news of the house once a ticket."""
    told_before = any(one.ticket == row.ticket for one in outbox.held(connection, *at))
    outbox.hold(connection, row.id, trouble)
    words = _words_for_staff(core, at[0], row.ticket, trouble.code)
    told = _mark(row, WAITS, words)
    if not told and row.ticket and not told_before:
        told = [Outgoing(OPERATOR, chat, _note(words, row.ticket)) for chat in _desks(connection, row.ticket)]
    outbox.add(connection, told, core.clock())
    return _keys(told)


def _words_for_staff(core: Core, channel: str, ticket: str, code: str) -> str:
    values = {
        "nomor": ticket,
        "kanal": PLATFORMS.get(channel, channel),
        "pemberitahuan": "ya" if code == KNOCKED else "",
        "templat": "" if code in {KNOCKED, WINDOW_CLOSED} else "ya",
    }
    return render(core.bundles.live, WAITS, "id", OPERATOR, values).text


def _desks(connection: Connection, number: str) -> tuple[str, ...]:
    case = cases.case(connection, number)
    return tuple(desk.chat for desk in staff.desks(connection, case.ticket.agency)) if case else ()


def _note(text: str, ticket: str, reply_to: str = "") -> OutboundMessage:
    return OutboundMessage(text, response=WAITS, ticket=ticket, reply_to=reply_to)


def _mark(row: WaitingOut, response: str, text: str) -> list[Outgoing]:
    """A sign for the operator whose words these were; `origin` is 'chat/message'."""
    if not row.origin:
        return []
    chat, _, message = row.origin.partition("/")
    mark = OutboundMessage(text, response=response, ticket=row.ticket, reply_to=message)
    return [Outgoing(OPERATOR, chat, mark)]


def _keys(messages: Iterable[Outgoing]) -> Keys:
    return tuple((one.channel, one.address) for one in messages)
