"""Tickets in a list: two short lines to read, a button that brings the card."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.channels.rendering import clip
from bot.operator.grid import in_rows
from bot.operator.moments import light
from bot.operator.office import Office, Rows
from bot.operator.payloads import Press
from bot.operator.seat import Seat
from bot.services.desk.digests import scopes_of
from bot.services.reports.naming import state_for_staff
from dialogs.messages import Button
from storage.desk.digests import StaffChat
from tickets.ticket import Ticket

LISTED = 10
TITLE = 44
NAME = 12
WIDTH = 2


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands around a list: its text, what fills that, and the buttons below."""

    name: str
    values: Mapping[str, str]
    turns: Rows = ()


async def listed(office: Office, seat: Seat, shown: Sequence[Ticket], heading: Heading) -> None:
    """Answer with a list."""
    lines = "\n".join([await line(office, one) for one in shown])
    rows = (*openers(office, shown), *heading.turns)
    await office.answer(seat, heading.name, {**heading.values, "daftar": lines}, rows)


def seen_by(office: Office, seat: Seat, found: Sequence[Ticket]) -> list[Ticket]:
    """Those of the tickets that somebody may see in this room, each once."""
    distinct = {ticket.number: ticket for ticket in found}
    return [ticket for ticket in distinct.values() if office.actor(seat, ticket)]


def chat_of(seat: Seat) -> StaffChat:
    """The chat of a seat as the services know it: in a group it is the group's agency, whoever asks."""
    held = seat.operator.memberships if seat.operator and seat.private else ()
    return StaffChat(seat.chat, seat.language, held, "" if seat.private else seat.agency)


def scopes(office: Office, seat: Seat) -> tuple[str | None, ...]:
    """The agencies whose tickets and figures somebody may look at here; (None,) for all of them."""
    return scopes_of(chat_of(seat), office.core.policies)


async def line(office: Office, ticket: Ticket) -> str:
    """The deadline's light, the number and by when; then what it is about, how it stands and who has it."""
    who = clip(await office.name_of(ticket.claimed_by), NAME) if ticket.claimed_by else ""
    standing = " · ".join(part for part in (clip(ticket.title, TITLE), state(office, ticket), who) if part)
    sign = light(ticket, office.core.clock())
    return f"{sign} {ticket.number}{_when(office, ticket)}\n{standing}"


def _when(office: Office, ticket: Ticket) -> str:
    now = office.core.clock()
    if ticket.due_at is None or ticket.status == "MENUNGGU_KONFIRMASI":
        return ""
    if ticket.due_at < now:
        return " · " + office.text("petugas_lewat", {"lama": office.length(now - ticket.due_at)})
    return f" · {office.day(ticket.due_at)}"


def state(office: Office, ticket: Ticket) -> str:
    """How a ticket stands, in words for the staff."""
    if ticket.due_kind == "unreached":
        return office.text("petugas_status_belum_sampai")
    return state_for_staff(office.core, ticket.status, office.language)


def openers(office: Office, tickets: Sequence[Ticket]) -> Rows:
    """The buttons that bring their cards, two beside each other: they stand in reach of a thumb."""
    return in_rows([opener(office, one) for one in tickets], WIDTH)


def opener(office: Office, ticket: Ticket) -> Button:
    """The button that brings its card."""
    label = f"{light(ticket, office.core.clock())} {ticket.number}"
    return Button(label, Press("open", ticket.number).packed())
