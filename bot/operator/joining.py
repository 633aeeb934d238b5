"""Merging and splitting in the chat: likely ones offered, both sides shown, one tap with a reason does it."""

from bot.channels.rendering import clip
from bot.operator.matter import Matter
from bot.operator.office import Office, Rows
from bot.operator.payloads import Press, Prompt
from bot.operator.reading import Words
from bot.operator.seat import Seat
from bot.services.core import OPERATOR
from bot.services.reports.acts import Act
from bot.services.reports.neighbours import Neighbour
from bot.services.reports.ticketing import DeskRefusal, UnknownTicketError
from dialogs.messages import Button, OutboundMessage
from storage.talks.outbox import Outgoing
from tickets.duplicates import candidate, distance_m
from tickets.likeness import gist, likeness
from tickets.policies.duplicates import SPLIT_REASONS
from tickets.ticket import Command, Ticket

ACTIONS = frozenset({"merge", "split"})
ASIDE = "~"
"""Between the number of the other ticket and the reason, in a button and a prompt."""
OWN_WORDS, NEVER_MIND = "lain", "batal"
"""The buttons that ask for a reason in the operator's own words, and that leave everything as it is."""
CHOICES = ((OWN_WORDS, "petugas_gabung_lain"), (NEVER_MIND, "petugas_gabung_jangan"))
SAID = "petugas_gabung"
TITLE = 50
STORY = 200


async def press(office: Office, seat: Seat, matter: Matter, pressed: Press) -> str:
    """A button about merging or splitting; the words for its toast, empty when a message answers."""
    target, _, reason = pressed.extra.partition(ASIDE)
    if reason == NEVER_MIND:
        return office.text("petugas_gabung_batal")
    if reason == OWN_WORDS:
        await _ask_reason(office, seat, matter.ticket, Prompt(pressed.action, target, seat.user))
        return ""
    if reason:
        return await carry_out(
            office, seat, matter, Command(pressed.action, matter.actor, "", reason, target)
        )
    if pressed.action == "split":
        await _confirm_split(office, seat, matter.ticket)
    elif target:
        return await _confirm_merge(office, seat, matter, target)
    else:
        await _offer(office, seat, matter.ticket)
    return ""


async def _ask_reason(office: Office, seat: Seat, ticket: Ticket, prompt: Prompt) -> None:
    """Ask for a reason in the operator's own words; the answer finds its way back to what was chosen."""
    name = "petugas_gabung_alasan" if prompt.action == "merge" else "petugas_tanya_split"
    text = office.text(
        name, about(ticket) | {"nama": await office.name_of(seat.user), "tujuan": prompt.extra}
    )
    await office.say(seat, OutboundMessage(text, response=prompt.purpose, ticket=ticket.number))


async def heard(office: Office, seat: Seat, matter: Matter, prompt: Prompt, words: Words) -> None:
    """Words that answer us: the number to merge into, or the reason."""
    number = office.number_in(words.text)
    if prompt.action == "merge" and not prompt.extra:
        missing = office.text("petugas_tolak_perlu_tujuan")
        said = await _confirm_merge(office, seat, matter, number) if number else missing
    else:
        command = Command(prompt.action, matter.actor, "", words.text.strip(), prompt.extra)
        said = await carry_out(office, seat, matter, command)
    await tell(office, seat, matter.ticket, said)


async def tell(office: Office, seat: Seat, ticket: Ticket, said: str) -> None:
    """Say how it went; the update was marked answered with what was done."""
    if said:
        message = OutboundMessage(said, response=SAID, ticket=ticket.number)
        await office.roster.say(Outgoing(OPERATOR, seat.chat, message))


async def carry_out(office: Office, seat: Seat, matter: Matter, command: Command) -> str:
    """Merge or split; the words that tell how it went."""
    values = about(matter.ticket) | {"tujuan": command.target or matter.ticket.parent}
    try:
        if command.action == "merge":
            await office.look(seat, command.target)
        await office.act(seat, matter.ticket.number, Act(command))
    except UnknownTicketError:
        return office.text("petugas_tidak_ada", {"nomor": command.target})
    except DeskRefusal as refusal:
        return await office.refusal(refusal)
    return office.text("petugas_gabung_jadi" if command.action == "merge" else "petugas_pisah_jadi", values)


async def _offer(office: Office, seat: Seat, ticket: Ticket) -> None:
    """The likely ones as buttons, and the question for a number, which an answer to it gives."""
    lines, rows = await listed(office, seat, ticket)
    values = about(ticket) | {"nama": await office.name_of(seat.user), "daftar": lines}
    asking = Prompt("merge", asked=seat.user)
    text = office.text("petugas_tanya_merge", values)
    await office.say(seat, OutboundMessage(text, rows, response=asking.purpose, ticket=ticket.number))


async def listed(office: Office, seat: Seat, ticket: Ticket) -> tuple[str, Rows]:
    """What may be the same and the operator may see: as lines, and as buttons that begin a merge."""
    found = await office.ticketing.alike(ticket)
    seen = [one for one in found if office.actor(seat, one.case.ticket)]
    lines = "\n".join(_line(office, one) for one in seen)
    return lines, tuple((_target(ticket, one.case.ticket),) for one in seen)


def _line(office: Office, one: Neighbour) -> str:
    ticket, metres = one.case.ticket, one.match.distance_m
    facts = [
        f"{round(metres)} m" if metres is not None else "",
        office.text("petugas_kemiripan", {"nilai": str(round(one.match.similarity))}),
        office.length(one.match.age),
    ]
    return f"• {ticket.number} {clip(ticket.title, TITLE)} ({' · '.join(fact for fact in facts if fact)})"


def _target(ticket: Ticket, other: Ticket) -> Button:
    label = clip(f"{other.number} {other.title}", TITLE)
    return Button(label, Press("target", ticket.number, "merge", other.number).packed())


async def _confirm_merge(office: Office, seat: Seat, matter: Matter, target: str) -> str:
    """Show both sides and what will come of it, with a reason to tap; what is wrong, if anything."""
    try:
        view, _ = await office.look(seat, target)
    except UnknownTicketError:
        return office.text("petugas_tidak_ada", {"nomor": target})
    ticket, other = matter.ticket, view.ticket
    if refused := await _unfit(office, matter, other):
        return refused
    mine = await office.ticketing.view(ticket.number, matter.actor)
    values = about(ticket) | _both(office, ticket, other) | {"orang": str(mine.followers + 1)}
    rows = _reasons(office, ticket, "merge", other.number)
    text = office.text("petugas_gabung_tanya", values)
    await office.say(seat, OutboundMessage(text, rows, response=SAID, ticket=ticket.number))
    return ""


async def _unfit(office: Office, matter: Matter, other: Ticket) -> str:
    """Why the one cannot be merged into the other, told before a reason is asked for; empty when it can."""
    if other.number == matter.ticket.number:
        return office.text("petugas_gabung_sendiri")
    reason = next(iter(office.core.policies.duplicates.merge_reasons), "")
    trial = Command("merge", matter.actor, reason=reason, target=other.number)
    try:
        office.core.desk.act(matter.ticket, trial, office.core.clock(), other)
    except DeskRefusal as refusal:
        return await office.refusal(refusal)
    return ""


async def _confirm_split(office: Office, seat: Seat, ticket: Ticket) -> None:
    text = office.text("petugas_pisah_tanya", about(ticket) | {"tujuan": ticket.parent})
    rows = _reasons(office, ticket, "split", "")
    await office.say(seat, OutboundMessage(text, rows, response=SAID, ticket=ticket.number))


def _reasons(office: Office, ticket: Ticket, action: str, target: str) -> Rows:
    policy = office.core.policies.duplicates
    offered = policy.merge_reasons if action == "merge" else policy.split_reasons
    own = [(code, words[office.language]) for code, words in offered.items() if code not in SPLIT_REASONS]
    choices = [*own, *((code, office.text(name)) for code, name in CHOICES)]
    return tuple(
        (Button(clip(label, TITLE), Press("reason", ticket.number, action, target + ASIDE + code).packed()),)
        for code, label in choices
    )


def about(ticket: Ticket) -> dict[str, str]:
    """What texts say of a ticket."""
    return {"nomor": ticket.number, "judul": ticket.title}


def _both(office: Office, ticket: Ticket, other: Ticket) -> dict[str, str]:
    """Both stories side by side, and how far apart and alike they are."""
    mine, theirs = candidate(ticket).words, candidate(other).words
    metres = distance_m(ticket.report.place, other.report.place)
    wording = office.core.policies.duplicates.wording
    return {
        "tujuan": other.number,
        "judul_tujuan": other.title,
        "cerita": clip(mine, STORY),
        "cerita_tujuan": clip(theirs, STORY),
        "jarak": "" if metres is None else str(round(metres)),
        "mirip": str(round(likeness(gist(mine, wording), gist(theirs, wording)))),
    }
