"""/pantau: all desks at a glance for supervisors, and the way down to single tickets, page by page."""

from typing import cast, get_args

from bot.operator.grid import arrows, in_rows
from bot.operator.listing import line, openers
from bot.operator.office import Office
from bot.operator.payloads import Press
from bot.operator.seat import Seat
from dialogs.messages import Button, OutboundMessage
from storage.desk.watching import Kind

KINDS = get_args(Kind)
EVERYWHERE = "-"
"""What a button names that is about all agencies."""
PAGE = 10
WIDTH = 2
SUPERVISORS = frozenset({"koordinator", "admin", "pimpinan"})


def scope(office: Office, seat: Seat) -> str | None:
    """The agency somebody supervises, empty for all of them; None for those who supervise nothing."""
    coordinator = office.core.policies.agencies.coordinator
    held = seat.operator.memberships if seat.operator and seat.private else ()
    mine = [one for one in held if one.role in SUPERVISORS]
    if any(one.role in {"koordinator", "admin"} or one.agency == coordinator for one in mine):
        return ""
    return mine[0].agency if mine else None


async def show(office: Office, seat: Seat, _words: str) -> None:
    """How much is open, late, appealed and poorly rated, agency by agency."""
    agency = scope(office, seat)
    if agency is None:
        await office.answer(seat, "petugas_pantau_bukan_anda")
        return
    loads = await office.watching.loads(agency)
    short = office.core.policies.agencies.short
    late = {one.agency: f" · 🔴 {one.late}" if one.late else "" for one in loads}
    lines = "\n".join(f"• {short(one.agency)}: {one.open}{late[one.agency]}" for one in loads if not agency)
    counts = {kind: await office.watching.count(kind, agency) for kind in KINDS}
    labels = [
        _button(office.text(f"petugas_pantau_{kind}", {"jumlah": str(counts[kind])}), kind, agency)
        for kind in KINDS
        if counts[kind]
    ]
    desks = [_button(f"{short(one.agency)} ({one.open})", "open", one.agency) for one in loads[:12]]
    values = {kind: str(count) for kind, count in counts.items()}
    values["meja"] = short(agency) if agency else office.text("petugas_pantau_semua")
    rows = (*in_rows(labels, WIDTH), *(in_rows(desks, WIDTH) if not agency else ()))
    await office.answer(seat, "petugas_pantau", {**values, "daftar": lines}, rows)


async def press(office: Office, seat: Seat, pressed: Press) -> str:
    """List tickets of a kind; the words for the toast, empty when a message answers."""
    mine = scope(office, seat)
    agency = "" if pressed.number == EVERYWHERE else pressed.number
    if mine is None or (mine and mine != agency) or pressed.action not in KINDS:
        return office.text("petugas_pantau_bukan_anda")
    page = int(pressed.extra) if pressed.extra.isdigit() else 0
    kind = cast("Kind", pressed.action)
    found = await office.watching.listed(kind, agency, PAGE + 1, page * PAGE)
    count = await office.watching.count(kind, agency)
    shown = [one for one in found[:PAGE] if office.actor(seat, one)]
    hidden = len(found[:PAGE]) - len(shown)

    def turn(sign: str, to: int) -> Button:
        return _button(sign, kind, agency, str(to))

    rows = (*openers(office, shown), *arrows(page, turn, before=page > 0, after=len(found) > PAGE))
    values = {
        "judul": office.text(f"petugas_pantau_{kind}", {"jumlah": str(count)}),
        "daftar": "\n".join([await line(office, one) for one in shown]),
        "tertutup": str(hidden) if hidden else "",
    }
    await office.say(
        seat, OutboundMessage(office.text("petugas_pantau_daftar", values), rows, response="petugas_pantau")
    )
    return ""


def _button(label: str, kind: str, agency: str, page: str = "") -> Button:
    return Button(label, Press("watch", agency or EVERYWHERE, kind, page).packed())
