"""Tickets in a list: a line to read, a button that brings the card."""

from bot.channels.rendering import clip
from bot.operator.moments import light
from bot.operator.office import Office
from bot.operator.payloads import Press
from dialogs.messages import Button
from tickets.ticket import Ticket

TITLE = 60


def line(office: Office, ticket: Ticket) -> str:
    """The deadline's light, the number, what it is about, and by when."""
    due = f" · {office.day(ticket.due_at)}" if ticket.due_at else ""
    sign = light(ticket, office.core.clock())
    return f"{sign} {ticket.number} · {clip(ticket.title, TITLE)}{due}"


def opener(office: Office, ticket: Ticket) -> Button:
    """The button that brings its card."""
    label = f"{light(ticket, office.core.clock())} {ticket.number} {clip(ticket.title, 30)}"
    return Button(label, Press("open", ticket.number).packed())
