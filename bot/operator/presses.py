"""Pressed buttons: done at once, or asked for what they lack."""

from collections.abc import Sequence

from bot.operator import checklist, joining, moderation, second_look
from bot.operator.acting import act_at_once
from bot.operator.asking import POINTS, ask, ask_words, colleagues, lacks, target_buttons
from bot.operator.commands import open_card
from bot.operator.matter import Matter
from bot.operator.office import Office, Rows
from bot.operator.payloads import Press, Prompt
from bot.operator.seat import Seat
from bot.operator.tools import tool_of
from bot.services.reports.collisions import CollisionError
from bot.services.reports.ticketing import UnknownTicketError


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
    if pressed.kind == "unsent":
        return await second_look.press(office, seat, matter, pressed)
    try:
        return await _done(office, seat, matter, pressed, view.allowed)
    except CollisionError as met:
        await second_look.warn(office, seat, met)
        return ""


async def _done(office: Office, seat: Seat, matter: Matter, pressed: Press, allowed: Sequence[str]) -> str:
    """A button of the card or of a question about it; raises CollisionError."""
    if pressed.action in joining.ACTIONS and pressed.action in allowed:
        return await joining.press(office, seat, matter, pressed)
    tool = tool_of(pressed)
    action = tool.action if tool else pressed.action
    if action not in allowed:
        return await act_at_once(office, seat, matter, action)  # the desk says why not
    if tool is not None:
        return await tool.run(office, seat, matter, pressed.extra)
    ways = {"reason": _reasoned, "target": _chosen}
    return await ways.get(pressed.kind, _begun)(office, seat, matter, pressed)


async def _reasoned(office: Office, seat: Seat, matter: Matter, pressed: Press) -> str:
    if pressed.action in moderation.ONE_TAP:
        return await moderation.refuse(office, seat, matter, pressed.extra)
    await ask_words(office, seat, matter.ticket, Prompt(pressed.action, pressed.extra))
    return ""


async def _begun(office: Office, seat: Seat, matter: Matter, pressed: Press) -> str:
    if pressed.action == checklist.ACTION:
        await checklist.offer(office, seat, matter.ticket)
        return ""
    if pressed.action == moderation.ASK:
        await moderation.offer(office, seat, matter.ticket)
        return ""
    if lacks(office, matter.ticket, pressed.action) or pressed.action in POINTS:
        await ask(office, seat, matter.ticket, pressed.action)
        return ""
    return await act_at_once(office, seat, matter, pressed.action)


async def _chosen(office: Office, seat: Seat, matter: Matter, pressed: Press) -> str:
    """A target was chosen: the action is done, or its reason asked for."""
    if pressed.action == "hand_over" and pressed.extra not in await colleagues(office, matter.ticket):
        return office.text("petugas_tombol_lama")
    if set(lacks(office, matter.ticket, pressed.action)) <= {"target"}:
        return await act_at_once(office, seat, matter, pressed.action, pressed.extra)
    await ask_words(office, seat, matter.ticket, Prompt(pressed.action, pressed.extra))
    return ""


async def turn_page(office: Office, seat: Seat, pressed: Press) -> Rows:
    """The buttons of another page of targets, or of a list with one more tick.

    Raises:
        UnknownTicketError: the ticket is not for this person in this room.
    """
    view, _ = await office.look(seat, pressed.number)
    if pressed.kind == "tick":
        return checklist.turn(office, view.ticket, pressed.extra)
    page = int(pressed.extra) if pressed.extra.isdigit() else 0
    return await target_buttons(office, view.ticket, pressed.action, page)
