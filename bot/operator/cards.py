"""A ticket's card: everything an operator needs at a glance, and never who reported it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from urllib.parse import urlencode

from bot.channels.rendering import clip, line, utf16_units
from bot.operator.canned import ready
from bot.operator.facts import fact_lines
from bot.operator.grid import in_rows
from bot.operator.held import marked, pending
from bot.operator.listing import state
from bot.operator.markup import tidy
from bot.operator.moments import light, stamp
from bot.operator.office import Office, Rows
from bot.operator.payloads import Press
from bot.services.reports.ticketing import View
from dialogs.display import areas, category
from dialogs.messages import Button
from tickets.erasure import ERASE
from tickets.policies import Policies
from tickets.policies.reader import Words
from tickets.screening import standing
from tickets.ticket import ReportPlace, Ticket, TicketEvent

MAX_TEXT = 4096  # UTF-16 units, after the tags are read
MAX_TOPIC = 128
NARRATIVE = 1800
LINE = 140
HISTORY = 3
ROW_WIDTH = 3
FLAG_SIGNS: Mapping[str, str] = {
    "DARURAT": "🚨",
    "TERLAMBAT": "⏰",
    "ESKALASI": "⬆️",
    "RAHASIA": "🔒",
    "ANONIM": "🕶",
    "WBS": "⚖️",
}
FIRST_BUTTONS = (
    "moderate_confirm", "moderate_pass", "moderate_ask", "moderate_refuse", "verify",
    "claim", "reply", "ask_data", "forward", "not_ours", "close", "note", "refuse",
)  # fmt: skip
BY_HAND = frozenset({"loket", "telepon"})
PRIVATE_ACTIONS = frozenset({"follow", "message"})


@dataclass(frozen=True, slots=True)
class Card:
    """A card ready to be shown: HTML and buttons."""

    html: str
    buttons: Rows = ()


async def full_card(office: Office, view: View) -> Card:
    """The card with everything on it; its buttons are what the view's actor may do."""
    now = office.core.clock()
    html = await _fitted(office, view, now)
    return Card(html, buttons(office, view))


def short_card(office: Office, ticket: Ticket) -> Card:
    """The card where a ticket is not, or no longer, to be read: no contents, no buttons."""
    if "WBS" in ticket.flags:
        return Card(escape(office.text("petugas_kartu_wbs", {"nomor": ticket.number})))
    where = office.core.policies.agencies.short(ticket.agency)
    return Card(escape(office.text("petugas_kartu_pindah", {"nomor": ticket.number, "dinas": where})))


def closed_card(office: Office, number: str) -> Card:
    """The card in the chat of somebody who is of the staff no more."""
    return Card(escape(office.text("petugas_kartu_dicabut", {"nomor": number})))


def topic_title(ticket: Ticket) -> str:
    """The name of a ticket's topic."""
    return clip(f"{ticket.number} · {ticket.title}", MAX_TOPIC, utf16_units)


def buttons(office: Office, view: View) -> Rows:
    """The actions allowed, the everyday ones first."""
    unread = {"announce"} if not view.followers else set()
    proposed = {"moderate_refuse"} if view.ticket.proposal else {"moderate_confirm"}
    names = [name for name in view.allowed if name not in PRIVATE_ACTIONS | unread | proposed]
    order = {name: place for place, name in enumerate(FIRST_BUTTONS)}
    names.sort(key=lambda name: order.get(name, len(order)))
    labels = office.core.policies.lifecycle.actions
    made = [
        Button(labels[name].label[office.language], Press("act", view.ticket.number, name).packed())
        for name in names
    ]
    if "reply" in view.allowed and ready(office, view.ticket):
        offer = Press("tool", view.ticket.number, "ready").packed()
        made.append(Button(office.text("petugas_jawaban_tombol"), offer))
    return in_rows(made, ROW_WIDTH)


async def _fitted(office: Office, view: View, now: datetime) -> str:
    """The card's HTML; should a city's own template make it too long, the narrative gives way."""
    room = NARRATIVE
    while True:
        html = tidy(office.text("petugas_kartu", await card_values(office, view, now, room)))
        if utf16_units(html) <= MAX_TEXT or room < LINE:
            return html
        room //= 2


async def card_values(office: Office, view: View, now: datetime, room: int = NARRATIVE) -> dict[str, str]:
    """What fills the card's template, all of it escaped; `room` is the narrative's."""
    plain = {**await _standing(office, view, now), **await _story(office, view)}
    values = {name: escape(value) for name, value in plain.items()}
    values["uraian"] = marked(view.ticket, room)
    values["peta"] = _map_link(view.ticket.report.place)
    values["riwayat"] = "\n".join(map(escape, await _history(office, view)))
    return values


async def _standing(office: Office, view: View, now: datetime) -> dict[str, str]:
    ticket, policies = view.ticket, office.core.policies
    return {
        "lampu": light(ticket, now),
        "nomor": ticket.number,
        "judul": clip(ticket.title, LINE),
        "status": state(office, ticket),
        "umur": office.length(now - ticket.opened_at),
        "jenis": _kind(office, ticket),
        "tenggat": office.day(ticket.due_at) if ticket.due_at else "",
        "sisa": _left(office, ticket, now),
        "dinas": policies.agencies.short(ticket.agency),
        "bendera": "  ".join(_flags(ticket)),
        "petugas": await office.name_of(ticket.claimed_by) if ticket.claimed_by else "",
        "pengikut": str(view.followers) if view.followers else "",
    }


async def _story(office: Office, view: View) -> dict[str, str]:
    report = view.ticket.report
    return {
        "kategori": category(office.core.bundles.live, report.category, report.subcategory, office.language),
        "tempat": line(_place(report.place, office.language), LINE * 2),
        "waktu": line(report.event_time, LINE),
        "menunggu": await pending(office, view.ticket),
        "vonis": _verdict(office, view.ticket),
        "kekuatan": _support(office, view),
        "bukti": str(len(view.files)) if view.files else "",
        "sumber": _source(office, report.source),
        "data": _asked(view.ticket),
        "fakta": "\n".join(fact_lines(office, view)),
    }


def _source(office: Office, source: str) -> str:
    """By whose hand a report came, where the citizen did not write it themselves."""
    return office.text(f"petugas_sumber_{source}") if source in BY_HAND else ""


def _asked(ticket: Ticket) -> str:
    """What the citizen was asked for, with what they have given."""
    return "\n".join(f"{'☑' if one.done else '☐'} {line(one.words, LINE * 2)}" for one in ticket.asked)


def _kind(office: Office, ticket: Ticket) -> str:
    """What is due."""
    return office.text(f"petugas_tenggat_{ticket.due_kind}") if ticket.due_at else ""


def _left(office: Office, ticket: Ticket, now: datetime) -> str:
    if ticket.due_at is None:
        return ""
    name = "petugas_sisa" if ticket.due_at >= now else "petugas_lewat"
    return office.text(name, {"lama": office.length(abs(ticket.due_at - now))})


def _flags(ticket: Ticket) -> Iterator[str]:
    for flag, sign in FLAG_SIGNS.items():
        if flag in ticket.flags:
            rung = f" {ticket.escalation}" if flag == "ESKALASI" else ""
            yield f"{sign} {flag}{rung}"


def _place(place: ReportPlace, language: str) -> str:
    area = areas({"kalurahan": place.kalurahan, "kapanewon": place.kapanewon}, language)
    return " · ".join(part for part in (place.text, area) if part)


def _map_link(place: ReportPlace) -> str:
    if place.lat is None or place.lon is None:
        return ""
    query = urlencode({"api": 1, "query": f"{place.lat:.6f},{place.lon:.6f}"})
    return f'<a href="{escape("https://www.google.com/maps/search/?" + query)}">peta</a>'


def _verdict(office: Office, ticket: Ticket) -> str:
    """Why the report was not simply let through, with the words that rests on."""
    result = ticket.report.screening
    if result.verdict == "pass":
        return ""
    words = ", ".join(
        f"“{result.masked[start:end]}”" for finding in result.findings for start, end in finding.spans
    )
    rules = ", ".join(dict.fromkeys(finding.rule.replace("_", " ") for finding in result.findings))
    values = {"aturan": rules, "kata": line(words, LINE * 2)}
    return office.text(f"petugas_vonis_{result.verdict}", values)


def _support(office: Office, view: View) -> str:
    """How well the report stands, and on what."""
    found = standing(view.ticket.report, view.followers)
    marks = ", ".join(office.text(f"petugas_tanda_{mark}") for mark in found.marks)
    return office.text(f"petugas_kekuatan_{found.level}", {"tanda": marks})


UNRULED = {ERASE: "petugas_pelapor_dihapus"}
"""What is done to a report by no rule of the lifecycle."""


async def _history(office: Office, view: View) -> list[str]:
    return [line(await _event_line(office, event), LINE) for event in _deeds(view.history)[-HISTORY:]]


def _deeds(history: Sequence[TicketEvent]) -> list[TicketEvent]:
    """One line for each thing done: an action that passes through several states is told once."""
    deeds: dict[tuple[str, datetime], TicketEvent] = {}
    for event in history:
        deeds.setdefault((event.action, event.at), event)
    return list(deeds.values())


async def _event_line(office: Office, event: TicketEvent) -> str:
    policies = office.core.policies
    rule = policies.lifecycle.actions.get(event.action)
    action = rule.label[office.language] if rule else office.text(UNRULED.get(event.action, "petugas_dibuka"))
    words = event.text or _reason(policies, event, office.language) or _brought(event)
    said = " ".join(part for part in (_pointed(policies, event), words) if part)
    head = f"{stamp(event.at, policies.city.timezone, office.language)} {await _who(office, event)}: {action}"
    return f"{head} · {said}" if said else head


def _reason(policies: Policies, event: TicketEvent, language: str) -> str:
    """Why, in words, where a reason of the city's lists was chosen."""
    listed: Words | str = policies.duplicates.reason(event.reason)
    if event.reason in policies.reasons:
        listed = policies.reasons[event.reason].sentence
    return listed if isinstance(listed, str) else listed[language]


def _brought(event: TicketEvent) -> str:
    """How many files came without a word."""
    files = event.data.get("proof") or ()
    return f"📎 {len(files)}" if files else ""


def _pointed(policies: Policies, event: TicketEvent) -> str:
    """Where somebody thinks it belongs."""
    target = str(event.data.get("target") or "")
    return f"→ {policies.agencies.short(target)}:" if target in policies.agencies else ""


async def _who(office: Office, event: TicketEvent) -> str:
    if event.actor.kind == "operator":
        return await office.name_of(event.actor.id)
    return office.text(f"petugas_oleh_{event.actor.kind}")
