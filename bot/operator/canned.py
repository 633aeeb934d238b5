"""Ready answers: offered by category and state, looked at as the citizen will read them, then sent."""

from collections.abc import Mapping
from string import Formatter

from bot.channels.rendering import clip
from bot.operator.matter import Matter
from bot.operator.office import Office
from bot.operator.payloads import Press, Prompt
from bot.operator.seat import Seat
from bot.services.reports.ticketing import Act, DeskRefusal
from dialogs.dates import in_words
from dialogs.display import areas, category
from dialogs.messages import Button, OutboundMessage
from tickets.policies.answers import ReadyAnswer
from tickets.ticket import Command, Ticket

MAX_LABEL = 60
LIST = "petugas_jawaban"


def ready(office: Office, ticket: Ticket) -> list[ReadyAnswer]:
    """The answers that suit a ticket as it stands, and whose gaps can all be filled."""
    known = office.core.policies.answers.values()
    fitting = [one for one in known if one.fits(ticket.report.category, ticket.status)]
    values = _values(office, ticket)
    return [one for one in fitting if all(values.get(gap) for gap in _gaps(one.text["id"]))]


async def offer(office: Office, seat: Seat, matter: Matter, _extra: str) -> str:
    """Let the operator choose."""
    ticket = matter.ticket
    rows = tuple(
        (
            Button(
                clip(one.name[office.language], MAX_LABEL),
                Press("tool", ticket.number, "look", one.code).packed(),
            ),
        )
        for one in ready(office, ticket)
    )
    if not rows:
        return office.text("petugas_jawaban_kosong")
    values = {"nomor": ticket.number, "judul": ticket.title}
    message = OutboundMessage(office.text(LIST, values), rows, response=LIST, ticket=ticket.number)
    await office.say(seat, message)
    return ""


async def preview(office: Office, seat: Seat, matter: Matter, extra: str) -> str:
    """Show what the citizen will read; it is sent only for the ticket as it stands now."""
    ticket, text = matter.ticket, words(office, matter.ticket, extra)
    if not text:
        return office.text("petugas_tombol_lama")
    values = {"nomor": ticket.number, "bahasa": _language(office, ticket), "teks": text}
    rows = (
        (
            _button(office, ticket, "send", f"{extra}.{ticket.version}"),
            _button(office, ticket, "edit", extra),
        ),
    )
    name = f"{LIST}_lihat"
    message = OutboundMessage(office.text(name, values), rows, response=name, ticket=ticket.number)
    await office.say(seat, message)
    return ""


async def send(office: Office, seat: Seat, matter: Matter, extra: str) -> str:
    """Send what was looked at; once the ticket has moved on, it is shown anew instead."""
    code, _, version = extra.partition(".")
    text = words(office, matter.ticket, code)
    if not text or version != str(matter.ticket.version):
        return await preview(office, seat, matter, code)
    command = Command("reply", matter.actor, text=text)
    try:
        await office.act(seat, matter.ticket.number, Act(command, origin=seat.origin))
    except DeskRefusal as refusal:
        return await office.refusal(refusal)
    return office.text("petugas_jawaban_dikirim", {"nomor": matter.ticket.number})


async def edit(office: Office, seat: Seat, matter: Matter, extra: str) -> str:
    """Ask for the operator's own version of it."""
    text = words(office, matter.ticket, extra)
    if not text:
        return office.text("petugas_tombol_lama")
    prompt = Prompt("reply", asked=seat.user)
    values = {"nama": await office.name_of(seat.user), "nomor": matter.ticket.number, "teks": text}
    asking = OutboundMessage(
        office.text(f"{LIST}_ubah", values),
        response=prompt.purpose,
        ticket=matter.ticket.number,
        reply_to=seat.message,
    )
    await office.say(seat, asking)
    return ""


def words(office: Office, ticket: Ticket, code: str) -> str:
    """An answer in the reporter's language, filled; empty when it does not suit the ticket (any more)."""
    found = next((one for one in ready(office, ticket) if one.code == code), None)
    return found.text[ticket.report.language].format_map(_values(office, ticket)) if found else ""


def _values(office: Office, ticket: Ticket) -> Mapping[str, str]:
    report, language, policies = ticket.report, ticket.report.language, office.core.policies
    place = report.place
    area = areas({"kalurahan": place.kalurahan, "kapanewon": place.kapanewon}, language)
    due = ticket.due_at.astimezone(policies.city.timezone).date().isoformat() if ticket.due_at else ""
    return {
        "nomor": ticket.number,
        "judul": ticket.title,
        "kategori": category(office.core.bundles.live, report.category, report.subcategory, language),
        "tempat": place.text or area,
        "dinas": policies.agencies.short(ticket.agency),
        "opd": policies.agencies[ticket.agency].name,
        "tenggat": in_words(due, language),
        "kota": policies.city.name,
    }


def _gaps(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def _language(office: Office, ticket: Ticket) -> str:
    return office.speaking(ticket.report.language).text("petugas_bahasa_nama")


def _button(office: Office, ticket: Ticket, verb: str, extra: str) -> Button:
    return Button(office.text(f"{LIST}_{verb}"), Press("tool", ticket.number, verb, extra).packed())
