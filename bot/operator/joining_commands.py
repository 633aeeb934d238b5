"""`/gabung`, `/pisah` and `/serupa`: merging and splitting by number."""

from bot.operator.commands import Command as ChatCommand
from bot.operator.joining import about, carry_out, listed, press, tell
from bot.operator.matter import Matter
from bot.operator.office import Office
from bot.operator.payloads import Press
from bot.operator.seat import Seat
from bot.services.reports.ticketing import UnknownTicketError
from dialogs.messages import OutboundMessage
from tickets.ticket import Command


async def merge(office: Office, seat: Seat, words: str) -> None:
    """`/gabung A B`: show both and ask for the reason; with one number, offer what is like it."""
    await _joined(office, seat, words, "merge", "petugas_gabung_apa")


async def split(office: Office, seat: Seat, words: str) -> None:
    """`/pisah A`: take a merged report out again, once a reason is given."""
    await _joined(office, seat, words, "split", "petugas_pisah_apa")


async def alike(office: Office, seat: Seat, words: str) -> None:
    """`/serupa A`: the open reports that may be about the same thing."""
    matter = await _matter(office, seat, words, "petugas_serupa_apa")
    if matter is None:
        return
    lines, rows = await listed(office, seat, matter.ticket)
    name = "petugas_serupa" if rows else "petugas_serupa_kosong"
    text = office.text(name, about(matter.ticket) | {"daftar": lines})
    await office.say(seat, OutboundMessage(text, rows, response=name, ticket=matter.ticket.number))


async def _joined(office: Office, seat: Seat, words: str, action: str, missing: str) -> None:
    matter = await _matter(office, seat, words, missing)
    if matter is None:
        return
    number, target = matter.ticket.number, "".join(_numbers(office, words)[1:2])
    if action in office.core.desk.allowed(matter.ticket, matter.actor, office.core.clock()):
        said = await press(office, seat, matter, Press("target", number, action, target))
    else:  # the desk says why not
        said = await carry_out(office, seat, matter, Command(action, matter.actor, "", "-", target or number))
    await tell(office, seat, matter.ticket, said)


async def _matter(office: Office, seat: Seat, words: str, missing: str) -> Matter | None:
    """The ticket the first number names; what is wrong is answered here."""
    numbers = _numbers(office, words)
    if not numbers:
        await office.answer(seat, missing)
        return None
    try:
        view, actor = await office.look(seat, numbers[0])
    except UnknownTicketError:
        await office.answer(seat, "petugas_tidak_ada", {"nomor": numbers[0]})
        return None
    return Matter(view.ticket, actor)


def _numbers(office: Office, words: str) -> list[str]:
    return [number for word in words.split() if (number := office.number_in(word))]


JOINING_COMMANDS: dict[str, ChatCommand] = {"gabung": merge, "pisah": split, "serupa": alike}
