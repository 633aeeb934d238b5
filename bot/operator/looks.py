"""Who looked at what is not for everybody: /akses for the data officers, and the look itself."""

from bot.channels.rendering import line
from bot.operator.matter import Matter
from bot.operator.office import Office
from bot.operator.seat import Seat
from bot.services.people.oversight import DATA_OFFICER
from storage.desk.oversight import Look
from storage.people.reporters import Reporter

LISTED = 15
LINE = 140
ACTION = "reveal"


async def show(office: Office, seat: Seat, words: str) -> None:
    """The latest looks, or those at one ticket; for data officers, in their own chat."""
    held = seat.operator.memberships if seat.operator else ()
    if not seat.private or not any(one.role == DATA_OFFICER for one in held):
        await office.answer(seat, "petugas_akses_bukan_anda")
        return
    found = await office.oversight.looks(LISTED, office.number_in(words))
    lines = "\n".join(_line(office, one) for one in found)
    await office.answer(seat, "petugas_akses" if found else "petugas_akses_kosong", {"daftar": lines})


def _line(office: Office, look: Look) -> str:
    role = office.text(f"petugas_peran_{look.role}")
    what = office.text(f"petugas_akses_{look.what}")
    why = f": {line(look.why, LINE)}" if look.why else ""
    return f"• {office.stamp(look.at)} {look.number} · {look.name} ({role}) · {what}{why}"


async def reveal(office: Office, seat: Seat, matter: Matter, why: str) -> None:
    """Show a handler who reported, in their own chat; what it is for is noted first."""
    assert seat.operator is not None  # noqa: S101 only staff get here
    await office.oversight.reveal(matter.ticket.number, seat.operator, matter.actor, why, seat.updates)


def told(office: Office, number: str, reporter: Reporter) -> str:
    """Who reported, in words."""
    values = {
        "nomor": number,
        "nama": reporter.name,
        "kanal": reporter.channel,
        "alamat": reporter.address,
        "telepon": reporter.phone,
    }
    return office.text("petugas_pelapor", values)


def seen(office: Office, packed: str) -> str:
    """The word to a data officer, from number, name, role and reason."""
    number, name, role, why = (*packed.split("\n", 3), "", "", "")[:4]
    values = {"nomor": number, "nama": name, "peran": office.text(f"petugas_peran_{role}"), "alasan": why}
    return office.text("petugas_akses_kabar", values)
