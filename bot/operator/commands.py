"""What operators ask for with a command: a ticket, a search, their own roles, help."""

from collections.abc import Awaitable, Callable, Mapping

from bot.operator import figures, limits, looks, moderation, queue, speech, team, watch
from bot.operator.listing import LISTED, Heading, listed, scopes, seen_by
from bot.operator.office import FRESH_CARD, Office
from bot.operator.seat import Seat
from bot.services.reports.ticketing import UnknownTicketError
from dialogs.messages import OutboundMessage

MENU = (
    "antrian",
    "moderasi",
    "cari",
    "tiket",
    "statistik",
    "ringkasan",
    "saya",
    "latihan",
    "bahasa",
    "bantuan",
)
GROUP_MENU = (*MENU, "pasang")

Command = Callable[[Office, Seat, str], Awaitable[None]]


async def start(office: Office, seat: Seat, token: str) -> None:
    """Join by an invitation; strangers are told what this is and how to get in, and nothing else."""
    if token:
        await _join(office, seat, token)
        await office.roster.forget(token, seat.updates)
    elif seat.operator is None:
        await office.answer(seat, "petugas_orang_asing", {"kota": office.core.policies.city.name})
    else:
        await office.answer(seat, "petugas_halo", {"nama": seat.operator.name})


async def _join(office: Office, seat: Seat, token: str) -> None:
    if not seat.private:
        await office.answer(seat, "petugas_undangan_pribadi")
        return
    membership = await office.roster.join(token, seat.user, seat.name)
    if membership is None:
        await office.answer(seat, "petugas_undangan_terdaftar" if seat.operator else "petugas_undangan_gagal")
        return
    agency = office.core.policies.agencies
    name = agency[membership.agency].name if membership.agency in agency else membership.agency
    values = {"nama": seat.name, "dinas": name, "peran": office.text(f"petugas_peran_{membership.role}")}
    await office.welcome(seat, "petugas_selamat_datang", values, membership.agency)


async def search(office: Office, seat: Seat, words: str) -> None:
    """Tickets that hold all the words, the newest first."""
    if not words:
        await office.answer(seat, "petugas_cari_apa")
        return
    agencies = scopes(office, seat)
    found = [ticket for agency in agencies for ticket in await office.ticketing.search(words, agency)]
    mine = seen_by(office, seat, found)
    if not mine:
        await office.answer(seat, "petugas_cari_kosong")
        return
    name = "petugas_cari_banyak" if len(mine) > LISTED else "petugas_cari"
    shown = mine[:LISTED]
    await listed(office, seat, shown, Heading(name, {"jumlah": str(len(shown))}))


async def ticket(office: Office, seat: Seat, words: str) -> None:
    """A ticket's card, brought to the end of the chat."""
    number = office.number_in(words)
    if not number:
        await office.answer(seat, "petugas_nomor_salah" if words else "petugas_nomor_apa")
        return
    try:
        await open_card(office, seat, number)
    except UnknownTicketError:
        await office.answer(seat, "petugas_tidak_ada", {"nomor": number})


async def open_card(office: Office, seat: Seat, number: str) -> None:
    """Bring a ticket's card; where there are topics, say in which one it stands.

    Raises:
        UnknownTicketError: the ticket is not for this person in this room.
    """
    view, actor = await office.look(seat, number)
    if seat.operator is not None:
        await office.oversight.opened(view.ticket, seat.operator, actor)
    card, group = await office.roster.card(number, seat.chat), await office.roster.group(seat.chat)
    if group and group[1] and card and card.thread and not _in_thread(seat, card.thread):
        link = f"https://t.me/c/{seat.chat.removeprefix('-100')}/{card.thread}"
        await office.answer(seat, "petugas_di_topik", {"nomor": number, "tautan": link})
        return
    await office.say(seat, OutboundMessage("", response=FRESH_CARD, ticket=number))


def _in_thread(seat: Seat, thread: int) -> bool:
    return seat.thread == thread


async def me(office: Office, seat: Seat, _words: str) -> None:
    """One's agencies and roles."""
    assert seat.operator is not None  # noqa: S101 only staff get here
    agencies = office.core.policies.agencies
    lines = "\n".join(
        f"• {agencies.short(one.agency)}: {office.text(f'petugas_peran_{one.role}')}"
        for one in seat.operator.memberships
    )
    await office.answer(seat, "petugas_saya", {"nama": seat.operator.name, "daftar": lines})


async def help_(office: Office, seat: Seat, _words: str) -> None:
    """What can be done here."""
    await office.answer(seat, "petugas_bantuan")


async def practice(office: Office, seat: Seat, _words: str) -> None:
    """Practice is held in one's own chat, beside this desk; what gets here came from a group."""
    await office.answer(seat, "petugas_latihan_tertutup" if seat.private else "petugas_latihan_pribadi")


STAFF_COMMANDS: Mapping[str, Command] = {
    "antrian": queue.show,
    "cari": search,
    "moderasi": moderation.queue,
    "batasi": limits.ban,
    "batasan": limits.show,
    "cabut": limits.lift,
    "tetap": limits.keep,
    "tiket": ticket,
    "saya": me,
    "statistik": figures.statistics,
    "ringkasan": figures.digests,
    "pantau": watch.show,
    "tim": team.show,
    "undang": team.invite,
    "akses": looks.show,
    "bahasa": speech.show,
    "latihan": practice,
    "bantuan": help_,
    "help": help_,
}
