"""Bans from the staff's chat: /batasi, /batasan, /cabut and /tetap, for moderators."""

from bot.channels.rendering import line
from bot.operator.office import Office
from bot.operator.seat import Seat
from bot.services.desk.roster import MODERATORS
from bot.services.talks.restraints import RestraintError

LINE = 140
LEAST_REASON = 8
"""Letters a reason has at least: the citizen reads it."""


async def ban(office: Office, seat: Seat, words: str) -> None:
    """`/batasi NOMOR HARI ALASAN`: new reports of that ticket's reporter wait until then."""
    number, _, rest = words.strip().partition(" ")
    days, _, reason = rest.strip().partition(" ")
    values = {"pilihan": ", ".join(map(str, office.core.policies.limits.ban_days))}
    if not await _may(office, seat):
        return
    if not office.number_in(number) or not days.isdigit() or len(reason.strip()) < LEAST_REASON:
        await office.answer(seat, "petugas_batasi_cara", values)
        return
    found = office.number_in(number)
    try:
        given = await office.restraints.ban(found, int(days), reason.strip(), seat.user)
    except RestraintError as error:
        await office.answer(seat, error.code, values | {"nomor": found})
        return
    told = {"nomor": found, "tenggat": office.day(given.until)}
    await office.answer(seat, "petugas_dibatasi", told)


async def show(office: Office, seat: Seat, _words: str) -> None:
    """`/batasan`: every ban that holds."""
    if not await _may(office, seat):
        return
    lines = [
        office.text(
            "petugas_batasan_satu",
            {
                "tanda": "⚖️ " if one.appealed_at and not one.decided_by else "",
                "nomor": one.number,
                "tenggat": office.day(one.until),
                "oleh": await office.name_of(one.by),
                "alasan": line(one.reason, LINE),
            },
        )
        for one in await office.restraints.holding()
    ]
    name = "petugas_batasan" if lines else "petugas_batasan_kosong"
    await office.answer(seat, name, {"daftar": "\n".join(lines)})


async def lift(office: Office, seat: Seat, words: str) -> None:
    """`/cabut NOMOR`: end a ban at once."""
    await _decide(office, seat, words, lift=True)


async def keep(office: Office, seat: Seat, words: str) -> None:
    """`/tetap NOMOR`: answer an appeal; the ban stands."""
    await _decide(office, seat, words, lift=False)


async def _decide(office: Office, seat: Seat, words: str, *, lift: bool) -> None:
    if not await _may(office, seat):
        return
    number = office.number_in(words)
    if not number:
        await office.answer(seat, "petugas_nomor_apa")
        return
    try:
        await office.restraints.decide(number, seat.user, lift=lift)
    except RestraintError as error:
        await office.answer(seat, error.code, {"nomor": number})
        return
    await office.answer(seat, "petugas_batas_dicabut" if lift else "petugas_batas_tetap", {"nomor": number})


async def _may(office: Office, seat: Seat) -> bool:
    held = seat.operator.memberships if seat.operator else ()
    if any(one.role in MODERATORS for one in held):
        return True
    await office.answer(seat, "petugas_bukan_moderator")
    return False
