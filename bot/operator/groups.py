"""A group becomes an agency's desk, when one of the agency (or a coordinator) says so."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.operator.office import Office
from bot.operator.seat import Seat
from bot.services.reports.actors import actor_of


@dataclass(frozen=True, slots=True)
class Room:
    """What matters of a group: whether it has topics, and whether we may open some (asked only if it has)."""

    forum: bool
    may_open_topics: Callable[[], Awaitable[bool]]


async def bind(office: Office, seat: Seat, agency: str, room: Room) -> None:
    """Let a group be an agency's desk, or say why not."""
    problem = _refused(office, seat, agency)
    if problem:
        known = ", ".join(one.id for one in office.core.policies.agencies.by_id.values() if not one.external)
        await office.answer(seat, problem, {"dinas": known})
    elif room.forum and not await room.may_open_topics():
        await office.answer(seat, "petugas_pasang_izin")
    else:
        await office.roster.bind_group(seat.chat, agency, forum=room.forum)
        values = {"dinas": office.core.policies.agencies.short(agency)}
        name = "petugas_terpasang_forum" if room.forum else "petugas_terpasang"
        await office.welcome(seat, name, values, agency)


def _refused(office: Office, seat: Seat, agency: str) -> str:
    """The text that tells why not; empty when nothing stands against it."""
    if seat.private:
        return "petugas_pasang_di_grup"
    if agency not in office.core.policies.agencies:
        return "petugas_pasang_dinas_apa"
    may = seat.operator is not None and actor_of(seat.operator, agency) is not None
    return "" if may else "petugas_pasang_bukan_anda"
