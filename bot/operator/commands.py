"""What operators ask for with a command: the queue, a ticket, a search, figures, a group as their desk."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from bot.operator import figures, limits, looks, moderation, speech, team, watch
from bot.operator.listing import line, openers
from bot.operator.office import Office, Rows
from bot.operator.payloads import Press
from bot.operator.seat import Seat
from bot.services.ticketing import UnknownTicketError
from dialogs.messages import Button, OutboundMessage
from tickets.ticket import Ticket

FRESH_CARD = "petugas_kartu_baru"
LISTED = 10
QUEUED = 1000
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
    await office.answer(seat, "petugas_selamat_datang", values)


async def queue(office: Office, seat: Seat, words: str) -> None:
    """Open tickets, the most pressing first, each with a button that brings its card; /antrian 2 goes on."""
    agencies = scopes(office, seat)
    found = [ticket for agency in agencies for ticket in await office.ticketing.queue(agency, QUEUED)]
    mine = sorted(_visible(office, seat, found), key=pressing)
    if not mine:
        await office.answer(seat, "petugas_antrian_kosong")
        return
    pages = (len(mine) - 1) // LISTED + 1
    page = min(int(words) if words.isdigit() and int(words) else 1, pages)
    left = len(mine) - page * LISTED
    more = {"sisa": str(left), "halaman": str(page + 1)} if left > 0 else {"sisa": "", "halaman": ""}
    shown = mine[(page - 1) * LISTED : page * LISTED]
    values = {"jumlah": str(len(mine)), **more}
    await _list(office, seat, shown, Heading("petugas_antrian", values, _turns(page, pages)))


async def turn_queue(office: Office, seat: Seat, pressed: Press) -> str:
    """Another page of the queue, from its button."""
    await queue(office, seat, pressed.number)
    return ""


def pressing(ticket: Ticket) -> tuple[bool, bool, float]:
    """What is to be done first: by deadline, then what has none, then what waits for the citizen's word."""
    due = ticket.due_at
    return ticket.status == "MENUNGGU_KONFIRMASI", due is None, due.timestamp() if due else 0.0


def _turns(page: int, pages: int) -> Rows:
    """The ways to the neighbouring pages."""
    signs = [("◀", page - 1)] * (page > 1) + [("▶", page + 1)] * (page < pages)
    row = tuple(Button(sign, Press("queue", str(to)).packed()) for sign, to in signs)
    return (row,) if row else ()


async def search(office: Office, seat: Seat, words: str) -> None:
    """Tickets that hold all the words, the newest first."""
    if not words:
        await office.answer(seat, "petugas_cari_apa")
        return
    agencies = scopes(office, seat)
    found = [ticket for agency in agencies for ticket in await office.ticketing.search(words, agency)]
    mine = _visible(office, seat, found)
    if not mine:
        await office.answer(seat, "petugas_cari_kosong")
        return
    name = "petugas_cari_banyak" if len(mine) > LISTED else "petugas_cari"
    shown = mine[:LISTED]
    await _list(office, seat, shown, Heading(name, {"jumlah": str(len(shown))}))


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands around a list: its text, what fills that, and the buttons below."""

    name: str
    values: Mapping[str, str]
    turns: Rows = ()


async def _list(office: Office, seat: Seat, shown: Sequence[Ticket], heading: Heading) -> None:
    lines = "\n".join([await line(office, one) for one in shown])
    rows = (*openers(office, shown), *heading.turns)
    await office.answer(seat, heading.name, {**heading.values, "daftar": lines}, rows)


def _visible(office: Office, seat: Seat, found: Sequence[Ticket]) -> list[Ticket]:
    return [ticket for ticket in _distinct(found) if office.actor(seat, ticket)]


def _distinct(found: Sequence[Ticket]) -> list[Ticket]:
    return list({ticket.number: ticket for ticket in found}.values())


async def ticket(office: Office, seat: Seat, words: str) -> None:
    """A ticket's card, brought to the end of the chat."""
    number = office.number_in(words)
    if not number:
        await office.answer(seat, "petugas_nomor_apa")
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


def scopes(office: Office, seat: Seat) -> tuple[str | None, ...]:
    """The agencies whose tickets somebody works on here; (None,) for all of them.

    In a group it is the group's agency, whoever asks.
    """
    coordinator = office.core.policies.agencies.coordinator
    if not seat.private:
        return (None,) if seat.agency == coordinator else (seat.agency,)
    held = seat.operator.memberships if seat.operator else ()
    if any(one.role in {"koordinator", "admin"} for one in held):
        return (None,)
    return tuple(dict.fromkeys(one.agency for one in held))


STAFF_COMMANDS: Mapping[str, Command] = {
    "antrian": queue,
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
