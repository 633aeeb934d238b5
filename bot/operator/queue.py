"""/antrian: what is open, the most pressing first; of it one's own, the late ones, or those due today."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from bot.operator import handing
from bot.operator.grid import arrows
from bot.operator.listing import LISTED, Heading, listed, scopes, seen_by
from bot.operator.office import Office, Rows
from bot.operator.payloads import Press
from bot.operator.seat import Seat
from dialogs.messages import Button
from tickets.ticket import Ticket

QUEUED = 1000
ALL, MINE, LATE, TODAY = "", "saya", "lewat", "hari"
WHAT = "petugas_antrian_apa"
Fits = Callable[[Ticket], bool]


@dataclass(frozen=True, slots=True)
class Sight:
    """Which part of the queue is looked at, which page of it, and how many reports every part holds."""

    which: str
    page: int
    counts: Mapping[str, int]

    @property
    def pages(self) -> int:
        """How many pages the part has."""
        return max(1, -(-self.counts[self.which] // LISTED))


async def show(office: Office, seat: Seat, words: str) -> None:
    """A page of it; `/antrian 2` is the second, `/antrian lewat 2` the second of the late ones."""
    which, page = _asked(words)
    parts = _parts(office, seat)
    if which not in parts:
        await office.answer(seat, "petugas_antrian_cara")
        return
    found = [one for agency in scopes(office, seat) for one in await office.ticketing.queue(agency, QUEUED)]
    mine = sorted(seen_by(office, seat, found), key=pressing)
    wanted = [ticket for ticket in mine if parts[which](ticket)]
    if not mine:
        await office.answer(seat, "petugas_antrian_kosong")
    elif not wanted:
        await office.answer(seat, "petugas_antrian_tanpa", {"apa": office.text(f"{WHAT}_{which}")})
    else:
        counts = {name: sum(map(fits, mine)) for name, fits in parts.items()}
        await _page(office, seat, wanted, Sight(which, page, counts))


async def _page(office: Office, seat: Seat, wanted: Sequence[Ticket], sight: Sight) -> None:
    page = min(sight.page, sight.pages)
    left = len(wanted) - page * LISTED
    values = {
        "jumlah": str(len(wanted)),
        "apa": office.text(f"{WHAT}_{sight.which or 'semua'}"),
        "sisa": str(left) if left > 0 else "",
        "halaman": f"{sight.which} {page + 1}".strip() if left > 0 else "",
    }
    ways = handing.way(office, len(wanted)) if sight.which == MINE else ()
    turns = (*_turns(sight.which, page, sight.pages), *ways, *_others(office, sight))
    shown = wanted[(page - 1) * LISTED : page * LISTED]
    await listed(office, seat, shown, Heading("petugas_antrian", values, turns))


async def turn(office: Office, seat: Seat, pressed: Press) -> str:
    """Another page, another part, or the end of a shift, from its button; the words for the toast."""
    if pressed.action == handing.HAND:
        return await handing.press(office, seat, pressed.number)
    await show(office, seat, f"{pressed.action} {pressed.number}")
    return ""


def pressing(ticket: Ticket) -> tuple[bool, bool, float]:
    """What is to be done first: by deadline, then what has none, then what waits for the citizen's word."""
    due = ticket.due_at
    return _with_the_citizen(ticket), due is None, due.timestamp() if due else 0.0


def _asked(words: str) -> tuple[str, int]:
    """Which part of the queue, and which page; "hari ini" is "hari"."""
    said = [word for word in words.lower().split() if word != "ini"]
    numbers = [int(word) for word in said if word.isdecimal()]
    return " ".join(word for word in said if not word.isdecimal()), max(numbers[0] if numbers else 1, 1)


def _parts(office: Office, seat: Seat) -> Mapping[str, Fits]:
    now = office.core.clock()
    late, today = _due_by(now), _due_by(_tonight(now.astimezone(office.core.policies.city.timezone)))
    return {
        ALL: lambda _: True,
        MINE: lambda ticket: ticket.claimed_by == seat.user,
        LATE: late,
        TODAY: lambda ticket: today(ticket) and not late(ticket),
    }


def _due_by(moment: datetime) -> Fits:
    """Whether somebody at a desk is to be done with it before then."""
    return lambda one: not _with_the_citizen(one) and one.due_at is not None and one.due_at < moment


def _tonight(now: datetime) -> datetime:
    return datetime.combine(now.date() + timedelta(days=1), time(), now.tzinfo)


def _with_the_citizen(ticket: Ticket) -> bool:
    return ticket.status == "MENUNGGU_KONFIRMASI"


def _turns(which: str, page: int, pages: int) -> Rows:
    """The ways to the neighbouring pages; the first is 1, as people type it."""

    def turn(sign: str, to: int) -> Button:
        return Button(sign, Press("queue", str(to), which).packed())

    return arrows(page, turn, before=page > 1, after=page < pages)


def _others(office: Office, sight: Sight) -> Rows:
    """The ways to the parts that hold something but not everything, and back to the whole."""
    whole = sight.counts[ALL]
    offered = {
        name: count
        for name, count in sight.counts.items()
        if name != sight.which and (name == ALL or 0 < count < whole)
    }
    row = tuple(
        Button(
            office.text(f"petugas_antrian_tombol_{name or 'semua'}", {"jumlah": str(count)}),
            Press("queue", "1", name).packed(),
        )
        for name, count in offered.items()
    )
    return (row,) if row else ()
