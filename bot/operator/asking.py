"""Asking an operator for what an action still lacks: a target, a reason, words, proof."""

from collections.abc import Mapping, Sequence

from bot.channels.rendering import clip
from bot.operator.grid import paged
from bot.operator.office import Office, Rows
from bot.operator.payloads import Press, Prompt
from bot.operator.seat import Seat
from dialogs.messages import Button, OutboundMessage
from tickets.ticket import Ticket
from tickets.units import serves

CHOICE = "petugas_pilih_"
PAGE = 10
WIDTH = 2
MAX_LABEL = 60
OWN_TARGETS = frozenset({"merge"})
"""Actions whose target is typed, not chosen."""
POINTS = frozenset({"not_ours"})
"""Actions that ask where to, though nobody has to know."""
UNKNOWN = ""


def lacks(office: Office, ticket: Ticket, action: str) -> tuple[str, ...]:
    """The fields an action needs beyond the press of its button."""
    rule = office.core.policies.lifecycle.actions.get(action)
    return rule.needed(ticket.report.classification) if rule else ()


async def ask(office: Office, seat: Seat, ticket: Ticket, action: str) -> None:
    """Ask for the first thing an action lacks, in a message whose answer finds its way back."""
    needs = lacks(office, ticket, action)
    if ("target" in needs and action not in OWN_TARGETS) or action in POINTS:
        await ask_target(office, seat, ticket, action)
    elif "reason" in needs and office.core.policies.lifecycle.actions[action].refuses:
        rows = reason_buttons(office, ticket.number, action)
        await office.say(seat, _choice(office, ticket, "alasan", rows))
    else:
        await ask_words(office, seat, ticket, Prompt(action))


async def ask_target(office: Office, seat: Seat, ticket: Ticket, action: str) -> None:
    """Let the operator choose where a ticket is to go."""
    what = {"redispose": "kategori", "hand_over": "rekan", "not_ours": "wewenang"}.get(action, "dinas")
    await office.say(seat, _choice(office, ticket, what, await target_buttons(office, ticket, action, 0)))


async def ask_words(office: Office, seat: Seat, ticket: Ticket, prompt: Prompt) -> None:
    """Ask for the words an action needs; whoever is asked is called by name."""
    prompt = Prompt(prompt.action, prompt.extra, seat.user)
    values = {
        "nomor": ticket.number,
        "judul": ticket.title,
        "nama": await office.name_of(seat.user),
        "pilihan": chosen(office, prompt),
    }
    text = office.text(f"petugas_tanya_{prompt.action}", values)
    asking = OutboundMessage(text, response=prompt.purpose, ticket=ticket.number, reply_to=seat.message)
    await office.say(seat, asking)


def chosen(office: Office, prompt: Prompt) -> str:
    """What was chosen before, in words."""
    policies = office.core.policies
    if prompt.extra in policies.reasons:
        return policies.reasons[prompt.extra].sentence[office.language]
    if prompt.extra in policies.agencies:
        return policies.agencies.short(prompt.extra)
    return ""


async def target_buttons(office: Office, ticket: Ticket, action: str, page: int) -> Rows:
    """One page of the targets an action may have, with ways to the neighbouring pages."""
    made = [
        Button(clip(label, MAX_LABEL), Press("target", ticket.number, action, target).packed())
        for target, label in await _targets(office, ticket, action)
    ]

    def turn(sign: str, to: int) -> Button:
        return Button(sign, Press("page", ticket.number, action, str(to)).packed())

    return paged(made, page, PAGE, WIDTH, turn)


async def _targets(office: Office, ticket: Ticket, action: str) -> Sequence[tuple[str, str]]:
    if action == "redispose":
        return _categories(office)
    if action == "hand_over":
        return list((await colleagues(office, ticket)).items())
    known = _agencies(office, ticket, action)
    return [(UNKNOWN, office.text("petugas_tidak_tahu")), *known] if action in POINTS else known


async def colleagues(office: Office, ticket: Ticket) -> Mapping[str, str]:
    """Names of those a ticket may be handed to: who may work on it at its agency and has not got it."""
    rule = office.core.policies.lifecycle.actions["hand_over"]
    roles = {"wbs"} if "WBS" in ticket.flags else rule.who
    found = await office.roster.colleagues(ticket.agency)
    return {
        one.id: one.name
        for one in found
        if one.id != ticket.claimed_by
        and any(serves(held.agency, ticket.agency) and held.role in roles for held in one.memberships)
    }


def reason_buttons(office: Office, number: str, action: str) -> Rows:
    """The reasons a report may be refused for."""
    labels = {
        one.code: clip(one.sentence[office.language], MAX_LABEL)
        for one in office.core.policies.reasons.values()
    }
    return tuple(
        (Button(label, Press("reason", number, action, code).packed()),) for code, label in labels.items()
    )


def _agencies(office: Office, ticket: Ticket, action: str) -> Sequence[tuple[str, str]]:
    agencies = office.core.policies.agencies
    found = [
        (one.id, one.short)
        for one in agencies.by_id.values()
        if one.id not in {ticket.agency, agencies.coordinator} and (one.external or action != "refer")
    ]
    return sorted(found, key=lambda one: one[1].casefold())


def _categories(office: Office) -> Sequence[tuple[str, str]]:
    known = office.core.bundles.live.categories
    routed = office.core.policies.routing.categories
    return [
        (one.id, f"{one.emoji} {one.name[office.language]}") for one in known.values() if one.id in routed
    ]


def _choice(office: Office, ticket: Ticket, what: str, rows: Rows) -> OutboundMessage:
    name = f"{CHOICE}{what}"
    values = {"nomor": ticket.number, "judul": ticket.title}
    return OutboundMessage(office.text(name, values), rows, response=name, ticket=ticket.number)
