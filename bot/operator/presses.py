"""Pressed buttons: done at once, or asked for what they lack."""

from bot.operator.acting import Matter, act_at_once
from bot.operator.asking import ask, ask_words, lacks, target_buttons
from bot.operator.commands import open_card
from bot.operator.office import Office, Rows
from bot.operator.payloads import Press, Prompt
from bot.operator.seat import Seat
from bot.services.ticketing import UnknownTicketError


async def press(office: Office, seat: Seat, pressed: Press) -> str:
    """Do what a button means; the words for the toast, empty when a message answers."""
    try:
        if pressed.kind == "open":
            await open_card(office, seat, pressed.number)
            return ""
        view, actor = await office.look(seat, pressed.number)
    except UnknownTicketError:
        return office.text("petugas_bukan_untuk_anda")
    matter = Matter(view.ticket, actor)
    if pressed.action not in view.allowed:
        return await act_at_once(office, seat, matter, pressed.action)  # the desk says why not
    if pressed.kind == "reason":
        await ask_words(office, seat, view.ticket, Prompt(pressed.action, pressed.extra))
        return ""
    return await (_chosen if pressed.kind == "target" else _begun)(office, seat, matter, pressed)


async def _begun(office: Office, seat: Seat, matter: Matter, pressed: Press) -> str:
    if lacks(office, matter.ticket, pressed.action):
        await ask(office, seat, matter.ticket, pressed.action)
        return ""
    return await act_at_once(office, seat, matter, pressed.action)


async def _chosen(office: Office, seat: Seat, matter: Matter, pressed: Press) -> str:
    """A target was chosen: the action is done, or its reason asked for."""
    if set(lacks(office, matter.ticket, pressed.action)) <= {"target"}:
        return await act_at_once(office, seat, matter, pressed.action, pressed.extra)
    await ask_words(office, seat, matter.ticket, Prompt(pressed.action, pressed.extra))
    return ""


async def turn_page(office: Office, seat: Seat, pressed: Press) -> Rows:
    """The buttons of another page of targets.

    Raises:
        UnknownTicketError: the ticket is not for this person in this room.
    """
    view, _ = await office.look(seat, pressed.number)
    page = int(pressed.extra) if pressed.extra.isdigit() else 0
    return target_buttons(office, view.ticket, pressed.action, page)
