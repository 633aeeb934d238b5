"""Figures in the staff's chat: /statistik with its picture, /ringkasan for digests that come unasked."""

import re
from collections.abc import Callable
from datetime import date, timedelta

from bot.operator.listing import chat_of, scopes
from bot.operator.office import Office
from bot.operator.seat import Seat
from bot.reporting.days import last_month
from bot.services.desk.bulletins import Bulletins
from bot.services.desk.digests import DigestChoices
from bot.services.desk.figure_links import FigureLinks
from bot.services.desk.figures import FigureDesk
from tickets.figures import Period
from tickets.policies.figures import DIGESTS

DEFAULT_DAYS = 30
MOST_DAYS = 366 * 5
AHEAD = timedelta(days=366)
"""How far ahead a period may end."""
DATES = re.compile(r"(\d{4}-\d{2}-\d{2})(?:\D+(\d{4}-\d{2}-\d{2}))?")
SPANS: dict[str, Callable[[date], date]] = {
    "hari": lambda today: today,
    "minggu": lambda today: today - timedelta(days=today.weekday()),
    "bulan": lambda today: today.replace(day=1),
    "tahun": lambda today: today.replace(month=1, day=1),
}
"""Where "this week" and its like begin."""
ON, OFF = "ya", "tidak"
ALOUD = "lisan"


async def statistics(office: Office, seat: Seat, words: str) -> None:
    """The figures of the agencies somebody works for, of the last 30 days or of the period they name."""
    aloud, words = _aloud(words)
    desk = FigureDesk(office.core.database, office.core.policies, office.core.clock)
    period = desk.days(*last_month(desk.today())) if aloud and not words else period_in(words, desk)
    if period is None:
        await office.answer(seat, "petugas_angka_rentang")
        return
    bulletins = Bulletins(office.core)
    wanted = scopes(office, seat)
    if aloud:
        await office.say(seat, *[await bulletins.spoken(period, scope, office.language) for scope in wanted])
        return
    found = [
        await bulletins.statistics(period, scope, office.language, _link(office, seat, scope))
        for scope in wanted
    ]
    await office.say(seat, *found)


def _link(office: Office, seat: Seat, scope: str | None) -> str:
    """The fuller page for who may have it, where nobody else reads along."""
    links = FigureLinks(office.core, office.roster)
    return links.made(seat.operator, scope, office.language) if seat.operator and seat.private else ""


def _aloud(words: str) -> tuple[bool, str]:
    """Whether the figures are wanted as sentences to read aloud, and the words that are left."""
    first, _, rest = words.strip().partition(" ")
    return (True, rest.strip()) if first.lower() == ALOUD else (False, words)


def period_in(words: str, desk: FigureDesk) -> Period | None:
    """The period people name: a number of days, a word, one or two dates; None when it is none of these."""
    said, today = words.strip().lower(), desk.today()
    if not said:
        return desk.last_days(DEFAULT_DAYS)
    if said.isascii() and said.isdigit():
        return desk.last_days(int(said)) if 0 < int(said[:6]) <= MOST_DAYS and len(said) <= 4 else None
    if said in SPANS:
        return desk.days(SPANS[said](today), today)
    return _between(said, today, desk)


def _between(said: str, today: date, desk: FigureDesk) -> Period | None:
    found = DATES.fullmatch(said)
    try:
        first = date.fromisoformat(found[1]) if found else None
        last = date.fromisoformat(found[2]) if found and found[2] else today
    except ValueError:
        return None
    return desk.days(first, last) if first and first <= last <= today + AHEAD else None


async def digests(office: Office, seat: Seat, words: str) -> None:
    """Show which digests come to this chat, or take `harian tidak`, `mingguan ya`."""
    choices, chat = DigestChoices(office.core), chat_of(seat)
    kind, _, wish = words.strip().lower().partition(" ")
    understood = kind in DIGESTS and wish.strip() in (ON, OFF)
    if understood:
        await choices.choose(chat, kind, wanted=wish.strip() == ON)
    lines = [
        f"{'✅' if gets else '⬜'} {office.text(f'petugas_ringkasan_{one}_nama')}"
        for one, gets in (await choices.standing(chat)).items()
    ]
    values = {"daftar": "\n".join(lines), "salah": "" if understood else words.strip()}
    await office.answer(seat, "petugas_ringkasan", values)
