"""Bringing people in and sending them away, from within the chat; it takes two admins to make an admin."""

from typing import cast, get_args

from bot.channels.rendering import clip
from bot.operator.office import Office
from bot.operator.payloads import Press
from bot.operator.seat import Seat
from bot.services.core import OPERATOR
from bot.services.desk.team import NotYoursError
from dialogs.messages import Button, OutboundMessage
from storage.desk.staff import Operator
from storage.talks.outbox import Outgoing
from tickets.ticket import Role

ROLES = get_args(Role)
MAX_LABEL = 60


async def invite(office: Office, seat: Seat, words: str) -> None:
    """A one-time link for somebody new; for an admin a second admin is asked first."""
    agency, _, role = words.strip().lower().partition(" ")
    role = role.strip() or "penghubung"
    if not seat.private:
        await office.answer(seat, "petugas_tim_pribadi")
    elif agency not in office.core.policies.agencies or role not in ROLES:
        known = ", ".join(one.id for one in office.core.policies.agencies.by_id.values() if not one.external)
        await office.answer(seat, "petugas_undang_cara", {"dinas": known, "peran": ", ".join(ROLES)})
    elif role == "admin":
        await _ask_second(office, seat, agency)
    else:
        await _invite(office, seat, agency, cast("Role", role))


async def _invite(office: Office, seat: Seat, agency: str, role: Role) -> None:
    try:
        token = await office.team.invite(_self(seat), agency, role)
    except NotYoursError:
        await office.answer(
            seat, "petugas_undang_bukan_anda", {"peran": office.text(f"petugas_peran_{role}")}
        )
        return
    await office.answer(seat, "petugas_undangan", _link(office, token, agency, role))


async def _ask_second(office: Office, seat: Seat, agency: str) -> None:
    try:
        request, others = await office.team.ask_for_admin(_self(seat), agency)
    except NotYoursError:
        values = {"peran": office.text("petugas_peran_admin")}
        await office.answer(seat, "petugas_undang_bukan_anda", values)
        return
    if not others:
        await office.answer(seat, "petugas_admin_sendiri", {"dinas": agency})
        return
    for other in others:
        await _ask(await office.for_chat(other), seat, other, Press("team", request, "yes", agency))
    await office.answer(seat, "petugas_admin_ditanyakan", {"jumlah": str(len(others))})


async def _ask(office: Office, seat: Seat, other: str, yes: Press) -> None:
    no = Press("team", yes.number, "no", yes.extra)
    row = tuple(Button(office.text(f"petugas_admin_{press.action}"), press.packed()) for press in (yes, no))
    values = {"nama": _self(seat).name, "dinas": office.core.policies.agencies.short(yes.extra)}
    text = office.text("petugas_admin_tanya", values)
    message = OutboundMessage(text, (row,), response="petugas_admin_tanya")
    await office.roster.say(Outgoing(OPERATOR, other, message))


async def show(office: Office, seat: Seat, words: str) -> None:
    """Who works for an agency, with a button for each whose access one may end."""
    if not seat.private:
        await office.answer(seat, "petugas_tim_pribadi")
        return
    me = _self(seat)
    named = words.strip().lower()
    agencies = dict.fromkeys([named] if named else [one.agency for one in me.memberships])
    may = office.team.may
    leads = [one for one in agencies if not named or any(may(me, named, role) for role in ROLES)]
    people = [(agency, one) for agency in leads for one in await office.team.members(agency)]
    lines = "\n".join(_person(office, agency, one) for agency, one in people)
    rows = tuple(
        (Button(clip(f"⛔ {one.name}", MAX_LABEL), Press("team", one.id, "end").packed()),)
        for one in {one.id: one for _, one in people}.values()
        if one.id != me.id and any(may(me, held.agency, held.role) for held in one.memberships)
    )
    await office.answer(seat, "petugas_tim" if people else "petugas_tim_kosong", {"daftar": lines}, rows)


def _person(office: Office, agency: str, one: Operator) -> str:
    roles = ", ".join(office.text(f"petugas_peran_{m.role}") for m in one.memberships if m.agency == agency)
    return f"• {office.core.policies.agencies.short(agency)}: {one.name} ({roles})"


async def press(office: Office, seat: Seat, pressed: Press) -> str:
    """Do what a button of the team's means; the words for the toast."""
    try:
        if pressed.action in {"yes", "no"}:
            return await _decided(office, seat, pressed)
        return await _ended(office, seat, pressed)
    except NotYoursError:
        return office.text("petugas_tim_tidak_bisa")


async def _decided(office: Office, seat: Seat, pressed: Press) -> str:
    approval, token = await office.team.decide(_self(seat), pressed.number, granted=pressed.action == "yes")
    asker = await office.for_chat(approval.asked_by)
    name = "petugas_admin_disetujui" if token else "petugas_admin_ditolak"
    values = {"nama": _self(seat).name, **_link(asker, token, approval.agency, "admin")}
    message = OutboundMessage(asker.text(name, values), response=name)
    await office.roster.say(Outgoing(OPERATOR, approval.asked_by, message))
    return office.text(f"petugas_admin_kata_{pressed.action}")


async def _ended(office: Office, seat: Seat, pressed: Press) -> str:
    """First the question, then the deed: an access is not ended by one careless touch."""
    other = await office.roster.operator(pressed.number)
    name = other.name if other else office.text("petugas_rekan")
    if pressed.action == "end":
        sure = Press("team", pressed.number, "gone").packed()
        row = (Button(office.text("petugas_tim_ya", {"nama": name}), sure),)
        await office.answer(seat, "petugas_tim_yakin", {"nama": name}, (row,))
        return ""
    await office.team.end(_self(seat), pressed.number)
    return office.text("petugas_tim_berakhir", {"nama": name})


def _link(office: Office, token: str, agency: str, role: str) -> dict[str, str]:
    return {
        "dinas": office.core.policies.agencies.short(agency),
        "peran": office.text(f"petugas_peran_{role}"),
        "tautan": f"{office.address}?start={token}" if token else "",
    }


def _self(seat: Seat) -> Operator:
    assert seat.operator is not None  # noqa: S101 only staff get here
    return seat.operator
