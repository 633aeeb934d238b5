"""The moderators' queue: what is held and why, and a decision with one tap."""

from collections.abc import Sequence

from bot.channels.rendering import clip
from bot.operator.asking import ask_words
from bot.operator.held import why
from bot.operator.listing import openers
from bot.operator.matter import Matter
from bot.operator.moments import light
from bot.operator.office import Office, Rows
from bot.operator.payloads import Press, Prompt
from bot.operator.seat import Seat
from bot.services.reports.ticketing import Act, DeskRefusal
from dialogs.messages import Button, OutboundMessage
from tickets.screening import reason_of
from tickets.ticket import Command, Ticket

LISTED = 8
TITLE = 60
ASK, REFUSE = "moderate_ask", "moderate_refuse"
ONE_TAP = frozenset({REFUSE})
"""Refusals whose reason says it all: the citizen reads its sentence and what would help."""


async def queue(office: Office, seat: Seat, _words: str) -> None:
    """What is held, the most pressing first, each a button that brings its card."""
    found = [one for one in await office.ticketing.held() if office.actor(seat, one)]
    if not found:
        await office.answer(seat, "petugas_moderasi_kosong")
        return
    shown = found[:LISTED]
    lines = "\n".join(_line(office, one) for one in shown)
    more = str(len(found) - len(shown)) if len(found) > len(shown) else ""
    values = {"jumlah": str(len(found)), "daftar": lines, "sisa": more}
    await office.answer(seat, "petugas_antrian_moderasi", values, openers(office, shown))


def _line(office: Office, ticket: Ticket) -> str:
    signs = ("✋ " if ticket.proposal else "") + ("⚖️ " if ticket.appealed else "")
    due = office.day(ticket.due_at) if ticket.due_at else ""
    sign = light(ticket, office.core.clock())
    return f"{sign} {signs}{ticket.number} · {due}\n{clip(ticket.title, TITLE)} · {why(office, ticket)}"


async def offer(office: Office, seat: Seat, ticket: Ticket) -> None:
    """Ask what the citizen should be asked: the rule's own advice with one tap, or words of one's own."""
    values = {"nomor": ticket.number, "saran": advice(office, ticket)}
    rows = _ways(office, ticket)
    text = office.text("petugas_pilih_perbaikan", values)
    message = OutboundMessage(text, rows, response="petugas_pilih_perbaikan", ticket=ticket.number)
    await office.say(seat, message)


def _ways(office: Office, ticket: Ticket) -> Rows:
    names: Sequence[str] = ("saran", "tulis") if advice(office, ticket) else ("tulis",)
    return tuple(
        (Button(office.text(f"petugas_perbaikan_{one}"), Press("tool", ticket.number, one).packed()),)
        for one in names
    )


def advice(office: Office, ticket: Ticket) -> str:
    """What screening advised the citizen, in the citizen's own language."""
    found = reason_of(ticket.report.screening, office.core.policies)
    return found.advice if found else ""


async def send_advice(office: Office, seat: Seat, matter: Matter, _extra: str) -> str:
    """Send the rule's advice back to the citizen; the words for the toast."""
    text = advice(office, matter.ticket)
    return await decide(office, seat, matter, Command(ASK, matter.actor, text=text))


async def write_own(office: Office, seat: Seat, matter: Matter, _extra: str) -> str:
    """Ask for words of one's own."""
    await ask_words(office, seat, matter.ticket, Prompt(ASK))
    return ""


async def refuse(office: Office, seat: Seat, matter: Matter, reason: str) -> str:
    """Refuse for a reason, or propose it where that takes two; the words for the toast."""
    return await decide(office, seat, matter, Command(REFUSE, matter.actor, reason=reason))


async def decide(office: Office, seat: Seat, matter: Matter, command: Command) -> str:
    """Act, and say how it went; whoever proposed alone is told who can confirm."""
    number = matter.ticket.number
    try:
        change = await office.act(seat, number, Act(command))
    except DeskRefusal as refusal:
        return await office.refusal(refusal)
    done = change.events[0].action
    if done == "propose_refusal":
        others = [one for one in await office.roster.moderators() if one != matter.actor.id]
        return office.text("petugas_diusulkan" if others else "petugas_diusulkan_sendiri", {"nomor": number})
    label = office.core.policies.lifecycle.actions[done].label[office.language]
    return office.text("petugas_dikerjakan", {"tindakan": label, "nomor": number})
