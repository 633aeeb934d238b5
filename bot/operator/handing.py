"""The end of a shift: everything somebody holds goes to a colleague at once."""

from collections.abc import Sequence

from bot.channels.rendering import clip
from bot.operator.asking import MAX_LABEL, colleagues
from bot.operator.listing import scopes, seen_by
from bot.operator.office import Office, Rows
from bot.operator.payloads import Press
from bot.operator.seat import Seat
from bot.services.core import OPERATOR
from bot.services.reports.ticketing import Act, DeskRefusal
from dialogs.messages import Button, OutboundMessage
from storage.talks.outbox import Outgoing
from tickets.ticket import Command, Ticket

HAND = "serah"
"""The action of its buttons; what they name is the colleague, or nobody yet."""
NOBODY = "-"
FEWEST = 2
ALL = 1000
NAME = "petugas_serah"


def way(office: Office, held: int) -> Rows:
    """The button that begins it, below the list of one's own."""
    if held < FEWEST:
        return ()
    return ((Button(office.text(f"{NAME}_tombol"), Press("queue", NOBODY, HAND).packed()),),)


async def press(office: Office, seat: Seat, to: str) -> str:
    """Ask to whom, or hand everything over; the words for the toast."""
    held = await _held(office, seat)
    if not held:
        await office.answer(seat, "petugas_antrian_tanpa", {"apa": office.text("petugas_antrian_apa_saya")})
        return ""
    names = {key: name for ticket in held for key, name in (await colleagues(office, ticket)).items()}
    if to in names:
        return await _hand(office, seat, held, to)
    rows = tuple(
        (Button(clip(name, MAX_LABEL), Press("queue", key, HAND).packed()),) for key, name in names.items()
    )
    await office.answer(seat, NAME if rows else f"{NAME}_tanpa_rekan", {"jumlah": str(len(held))}, rows)
    return ""


async def _held(office: Office, seat: Seat) -> list[Ticket]:
    found = [one for agency in scopes(office, seat) for one in await office.ticketing.queue(agency, ALL)]
    return [ticket for ticket in seen_by(office, seat, found) if ticket.claimed_by == seat.user]


async def _hand(office: Office, seat: Seat, held: Sequence[Ticket], to: str) -> str:
    given = [ticket.number for ticket in held if await _handed(office, seat, ticket, to)]
    values = {"jumlah": str(len(given)), "daftar": ", ".join(given)}
    if given:
        other, by = await office.for_chat(to), await office.name_of(seat.user)
        told = OutboundMessage(other.text(f"{NAME}_diterima", {**values, "nama": by}))
        await office.roster.say(Outgoing(OPERATOR, to, told))
    left = len(held) - len(given)
    values |= {"nama": await office.name_of(to), "sisa": str(left) if left else ""}
    await office.answer(seat, f"{NAME}_jadi", values)
    return ""


async def _handed(office: Office, seat: Seat, ticket: Ticket, to: str) -> bool:
    """Whether one report went over; one that is the colleague's neither by agency nor by state stays."""
    actor = office.actor(seat, ticket)
    if actor is None or to not in await colleagues(office, ticket):
        return False
    try:
        await office.ticketing.act(ticket.number, Act(Command("hand_over", actor, target=to)))
    except DeskRefusal:
        return False
    return True
