"""Tickets in a list: two short lines to read, a button that brings the card."""

from collections.abc import Sequence

from bot.channels.rendering import clip
from bot.operator.moments import light
from bot.operator.office import Office, Rows
from bot.operator.payloads import Press
from dialogs.messages import Button
from tickets.ticket import Ticket

TITLE = 44
NAME = 12
WIDTH = 2
OWN_WORDS = frozenset({"PERLU_DATA", "MENUNGGU_KONFIRMASI"})
"""States whose names speak to the citizen ("menunggu data dari Anda"); the staff reads them otherwise."""


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
    own = office.text(f"petugas_status_{ticket.status.lower()}") if ticket.status in OWN_WORDS else ""
    return own or office.core.policies.lifecycle.states[ticket.status].name[office.language]


def openers(office: Office, tickets: Sequence[Ticket]) -> Rows:
    """The buttons that bring their cards, two beside each other: they stand in reach of a thumb."""
    made = [opener(office, one) for one in tickets]
    return tuple(tuple(made[at : at + WIDTH]) for at in range(0, len(made), WIDTH))


def opener(office: Office, ticket: Ticket) -> Button:
    """The button that brings its card."""
    label = f"{light(ticket, office.core.clock())} {ticket.number}"
    return Button(label, Press("open", ticket.number).packed())
