"""Words held back because somebody else is at work on the report: told who and what, the writer decides."""

from bot.channels.rendering import clip
from bot.operator.matter import Matter
from bot.operator.office import Office, Rows
from bot.operator.payloads import Press
from bot.operator.seat import Seat
from bot.services.reports.acts import Act
from bot.services.reports.collisions import CollisionError
from bot.services.reports.ticketing import DeskRefusal
from dialogs.messages import Button, OutboundMessage
from tickets.collisions import Collision

NAME = "petugas_barengan"
TAKEN = "sudah_diambil"
"""The refusal that a colleague's claim brings."""
QUOTED = 200
SEND, NOTE, DROP = "kirim", "catatan", "buang"


async def warn(office: Office, seat: Seat, met: CollisionError) -> None:
    """Tell who is at work and what on, and let the writer choose."""
    act, found = met.act, met.found
    key = await office.second_look.keep(met.number, act)
    label = office.core.policies.lifecycle.actions[act.command.action].label[office.language]
    values = {
        "nomor": met.number,
        "tindakan": label,
        "sebab": await _what(office, found),
        "nama": await _by(office, found),
    }
    text = office.text(f"{NAME}_diambil" if found.kind == "taken" else NAME, values)
    rows = _choices(office, met, key)
    await office.say(
        seat, OutboundMessage(text, rows, response=NAME, ticket=met.number, reply_to=seat.message)
    )


async def taken(office: Office, seat: Seat, matter: Matter, act: Act) -> None:
    """A colleague's claim binds this operator: their words are kept for colleagues, not lost."""
    found = Collision("taken", matter.ticket.claimed_by, matter.ticket.changed_at)
    await warn(office, seat, CollisionError(matter.ticket.number, act, found))


async def _by(office: Office, found: Collision) -> str:
    return await office.name_of(found.by) if found.by else ""


async def _what(office: Office, found: Collision) -> str:
    values = {
        "nama": await _by(office, found),
        "lama": office.length(office.core.clock() - found.at),
        "pesan": clip(found.words, QUOTED),
    }
    return office.text(f"{NAME}_{found.kind}", values)


def _choices(office: Office, met: CollisionError, key: str) -> Rows:
    """To send is offered first; a note only where there are words for one."""
    command = met.act.command
    told = bool(command.text or command.reason)
    wanted = {SEND: met.found.kind != "taken", NOTE: told and command.action != "refuse", DROP: True}
    return tuple(
        (Button(office.text(f"{NAME}_{verb}"), Press("unsent", met.number, verb, key).packed()),)
        for verb, offered in wanted.items()
        if offered
    )


async def press(office: Office, seat: Seat, matter: Matter, pressed: Press) -> str:
    """What the writer chose; the words for the toast."""
    number = matter.ticket.number
    try:
        done = await _chosen(office, seat, matter, pressed)
    except DeskRefusal as refusal:
        return await office.refusal(refusal)
    return office.text(f"{NAME}_{pressed.action}_jadi" if done else f"{NAME}_bukan", {"nomor": number})


async def _chosen(office: Office, seat: Seat, matter: Matter, pressed: Press) -> bool:
    number, key, desk = matter.ticket.number, pressed.extra, office.second_look
    if pressed.action == DROP:
        return await desk.drop(key, number, matter.actor)
    as_note = pressed.action == NOTE
    return await desk.release(key, number, matter.actor, as_note=as_note, updates=seat.updates)
