"""Who is told what: notices of the desk become messages in the outbox."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from bot.services.core import OPERATOR, Core
from bot.services.reports.masking import masked
from bot.services.reports.neighbours import public_title
from bot.services.reports.ways import home_now
from dialogs.messages import Attachment, OutboundMessage
from dialogs.responses import render
from storage.desk import staff
from storage.desk.staff import Desk
from storage.doors.database import Connection
from storage.reports import cases, following, media
from storage.reports.cases import Home
from storage.talks import conversations
from storage.talks.outbox import Outgoing
from tickets.duplicates import PRIVATE
from tickets.ticket import Change, Notice, Ticket

CARD = "petugas_kartu"
EVIDENCE = "petugas_bukti"
LAST_WORD = "kabar_ikut_tertutup"
"""What followers of a ticket are told when it is made confidential."""
IN_RECEIPT = frozenset({"kabar_diteruskan", "kabar_ditahan", "kabar_ditolak"})
"""News that the receipt gives as well."""


def after_receipt(change: Change) -> Change:
    """A new ticket's change without the news that the receipt of the dialog just gave its reporter."""
    fresh = tuple(one for one in change.notices if one.audience != "reporter" or one.name not in IN_RECEIPT)
    return replace(change, notices=fresh)


def unheard(change: Change) -> Change:
    """The change without its news to the staff, who are told otherwise; their cards still show it."""
    kept = [one for one in change.notices if one.audience in ("reporter", "followers") or one.name == "kartu"]
    return replace(change, notices=tuple(kept))


def outgoing(connection: Connection, core: Core, change: Change, home: Home) -> list[Outgoing]:
    """Every message a change of a ticket calls for, in the order people should read them."""
    messages = [one for notice in change.notices for one in _told(connection, core, change, notice, home)]
    once_each = dict.fromkeys(messages)
    # News to the staff hang under a card: the card is brought up to date first.
    return [*_cards(connection, core, change), *once_each]


def _told(
    connection: Connection, core: Core, change: Change, notice: Notice, home: Home
) -> Iterator[Outgoing]:
    ticket = change.ticket
    if notice.audience == "reporter":
        yield _news(connection, core, ticket, notice, home_now(connection, home, core.clock()))
    elif notice.audience == "followers":
        if not change.opens:
            yield from _to_followers(connection, core, ticket, notice)
    elif notice.name != "kartu":
        yield from _staff_news(connection, core, ticket, notice)


def _to_followers(connection: Connection, core: Core, ticket: Ticket, notice: Notice) -> Iterator[Outgoing]:
    """Each in their own language, with other people's data hidden and nothing of who reported it.

    Of a ticket that is confidential by now they hear nothing but that.
    """
    if ticket.flags & PRIVATE and notice.name != LAST_WORD:
        return
    said = None
    for listener in following.listeners_of(connection, ticket.number):
        said = said or _fit_for_others(core, notice)
        language = conversations.language_of(connection, listener.home.contact)
        title = public_title(ticket, language)
        values = {**said.values, "judul": title, "milik": listener.own}
        home = home_now(connection, listener.home, core.clock())
        yield _news(connection, core, ticket, replace(said, values=values), home)


def _fit_for_others(core: Core, notice: Notice) -> Notice:
    words = notice.values.get("pesan")
    return replace(notice, values={**notice.values, "pesan": masked(core, str(words))}) if words else notice


def _values(ticket: Ticket, notice: Notice, language: str) -> dict[str, str]:
    words = {name: _in_language(value, language) for name, value in notice.values.items()}
    return {"nomor": ticket.number, "judul": ticket.title} | words


def _in_language(value: Any, language: str) -> str:
    """A value of a notice as words; texts of the policies come in several languages."""
    if isinstance(value, Mapping):
        return str(value.get(language) or value.get("id") or "")
    return "" if value is None else str(value)


def _news(connection: Connection, core: Core, ticket: Ticket, notice: Notice, home: Home) -> Outgoing:
    language = conversations.language_of(connection, home.contact)
    values = _values(ticket, notice, language)
    text = render(core.bundles.live, f"utter_{notice.name}", language, home.channel, values, ticket.version)
    message = _about(text, ticket, _files(connection, notice.attachments))
    given = tuple((name, value) for name, value in values.items() if value)
    return Outgoing(home.channel, home.address, replace(message, values=given))


def _desks(
    connection: Connection, core: Core, ticket: Ticket, notice: Notice
) -> tuple[tuple[Desk, ...], Notice]:
    """Whose chats a notice goes to; where nobody leads, the desk itself is told, and that nobody else was."""
    coordinator = core.policies.agencies.coordinator
    own = notice.audience in ("agency", "leader")
    closed = notice.audience == "duty" and _is_closed_to_others(ticket)
    agency = ticket.agency if own or closed else coordinator
    led = notice.audience in ("leader", "top")
    if led and (leading := staff.leaders(connection, agency)):
        return leading, notice
    return staff.desks(connection, agency), _unled(notice) if led else notice


def _unled(notice: Notice) -> Notice:
    rung = notice.values.get("tingkat", "")
    return replace(notice, values={**notice.values, "tanpa": rung, "tingkat": ""})


def _staff_news(connection: Connection, core: Core, ticket: Ticket, notice: Notice) -> Iterator[Outgoing]:
    files = _files(connection, notice.attachments)
    told, notice = _desks(connection, core, ticket, notice)
    taker = _taker(connection, ticket) if notice.audience == "agency" else ()
    for desk in dict.fromkeys([*told, *taker]):
        values = _values(ticket, notice, desk.language)
        name = f"petugas_{notice.name}"
        text = render(core.bundles.live, name, desk.language, OPERATOR, values, ticket.version)
        yield Outgoing(OPERATOR, desk.chat, _about(text, ticket, files))


def _taker(connection: Connection, ticket: Ticket) -> tuple[Desk, ...]:
    """The own chat of whoever has claimed a ticket, where they opened its card: they work from there."""
    chat = ticket.claimed_by
    if not chat or chat not in {card.chat for card in staff.cards_of(connection, ticket.number)}:
        return ()
    return (Desk(chat, language=staff.language_of(connection, chat)),)


def _about(message: OutboundMessage, ticket: Ticket, attachments: tuple[Attachment, ...]) -> OutboundMessage:
    return OutboundMessage(
        text=message.text,
        buttons=message.buttons,
        attachments=attachments,
        response=message.response,
        ticket=ticket.number,
    )


def _files(connection: Connection, media_ids: Iterable[str]) -> tuple[Attachment, ...]:
    found = (media.file(connection, one) for one in media_ids)
    return tuple(file.attachment for file in found if file is not None)


def _cards(connection: Connection, core: Core, change: Change) -> Iterator[Outgoing]:
    """A fresh card wherever the ticket is shown or now belongs; evidence beside a card shown first.

    What was passed to another body stays with the coordinator, who asks after it; what is held is for the
    moderators, before any agency reads it.
    """
    number = change.ticket.number
    shown = set() if change.opens else {card.chat for card in staff.cards_of(connection, number)}
    agency = change.ticket.agency
    apart = core.policies.agencies[agency].external or is_held(change.ticket)
    keeper = core.policies.agencies.coordinator if apart else agency
    owners = [desk.chat for desk in staff.desks(connection, keeper)]
    for chat in dict.fromkeys([*owners, *sorted(shown)]):
        yield card(number, chat)
        if chat not in shown:
            yield from _evidence(connection, number, chat)


def _is_closed_to_others(ticket: Ticket) -> bool:
    """Whether only the agency may read it, so that its alarms too are for nobody else."""
    return "RAHASIA" in ticket.flags and not is_held(ticket)


def is_held(ticket: Ticket) -> bool:
    """Whether a ticket waits for the moderators; a whistle-blower's stays with its handlers."""
    return ticket.status == "DITAHAN" and "WBS" not in ticket.flags


def card(number: str, chat: str) -> Outgoing:
    """The card of a ticket, drawn from what the ticket is when it is sent."""
    return Outgoing(OPERATOR, chat, OutboundMessage("", response=CARD, ticket=number))


def _evidence(connection: Connection, number: str, chat: str) -> Iterator[Outgoing]:
    files = tuple(file.attachment for file in media.files_of(connection, number) if file.role == "evidence")
    if files:
        album = OutboundMessage("", attachments=files, response=EVIDENCE, ticket=number)
        yield Outgoing(OPERATOR, chat, album)


def open_cards(connection: Connection, agency: str, chat: str) -> list[Outgoing]:
    """The cards of an agency's open tickets, for a desk that has just been set up."""
    numbers = [one.ticket.number for one in cases.queue(connection, agency, most=20)]
    return [
        message
        for number in numbers
        for message in (card(number, chat), *_evidence(connection, number, chat))
    ]
