"""Who brings in and sends away whom; it takes two to make an admin; ended access is ended at once."""

import asyncio
import json
import re
from typing import get_args
from unittest.mock import DEFAULT, Mock

import pytest
from sqlalchemy import select

from bot.services.desk.team import BRINGS, NotYoursError
from bot.services.desk.vacating import held_by
from bot.services.reports.ticketing import Act
from storage.desk import staff
from storage.doors.database import DatabaseAwayError
from storage.rows import inbox, outbox
from tests.operator.conftest import BOT, NUMBER
from tickets.ticket import Actor, Command, Role

OTHER = "SLM-26-8Q3RW"

LINK = re.compile(r"\?start=(\S+)")


async def test_a_coordinator_invites_a_liaison_from_the_chat(house, joined, sandbox):
    dian = await joined("Dian", "koordinator", "koordinator")
    await dian.send(BOT, "/undang dishub penghubung")
    link = LINK.search((await dian.wait_for("sekali pakai")).text)
    agus = await sandbox.user("Agus", role="operator")
    await agus.start(BOT, link[1])
    await agus.wait_for("Selamat bergabung, Agus")
    await dian.send(BOT, "/undang dishub admin")
    await dian.wait_for("tidak boleh mengundang admin")
    await dian.send(BOT, "/undang dishub walikota")
    await dian.wait_for("misalnya: /undang")


async def kept(house) -> str:
    """Everything in the outbox and the inbox, as text."""

    def look(connection):
        said = connection.execute(select(outbox.c.message)).scalars()
        heard = connection.execute(select(inbox.c.payload)).scalars()
        return json.dumps([*said, *heard], default=str)

    return await house.core.database.read(look)


async def test_the_link_of_an_invitation_is_kept_nowhere(house, joined, sandbox):
    dian = await joined("Dian", "koordinator", "koordinator")
    await dian.send(BOT, "/undang dishub penghubung")
    token = LINK.search((await dian.wait_for("sekali pakai")).text)[1]
    await house.settled()
    assert token not in await kept(house), "sent, it is only known to whoever may use it"
    agus, late = await sandbox.user("Agus", role="operator"), await sandbox.user("Telat", role="operator")
    await agus.start(BOT, token)
    await agus.wait_for("Selamat bergabung, Agus")
    await late.start(BOT, token)
    await late.wait_for()
    await house.settled()
    assert token not in await kept(house)
    assert await house.roster.operator(str(late.id)) is None


async def test_an_admin_is_made_by_two(house, joined, sandbox):
    ani = await joined("Ani", "koordinator", "admin")
    await ani.send(BOT, "/undang koordinator admin")
    await ani.wait_for("kentongan operator invite")

    budi = await joined("Budi", "koordinator", "admin")
    await ani.send(BOT, "/undang koordinator admin")
    asked = await budi.wait_for("Ani ingin menambah seorang admin")
    await ani.wait_for("1 admin lain")
    query = await budi.press("Setuju", asked)
    assert "Disetujui" in (await budi.wait_for_answer(query))["text"]
    link = LINK.search((await ani.wait_for("Budi setuju")).text)
    citra = await sandbox.user("Citra", role="operator")
    await citra.start(BOT, link[1])
    await citra.wait_for("sebagai admin")
    query = await budi.press("Setuju", asked)
    assert "sudah diputuskan" in (await budi.wait_for_answer(query))["text"]


async def test_nobody_confirms_their_own_wish(house, joined):
    await joined("Ani", "koordinator", "admin")
    await joined("Budi", "koordinator", "admin")
    team = house.office.team
    ani, budi = [await house.roster.operator(one) for one in await team.admins()]
    request, others = await team.ask_for_admin(ani, "koordinator")
    assert others == (budi.id,)
    with pytest.raises(NotYoursError, match="admin"):
        await team.decide(ani, request, granted=True)
    _, token = await team.decide(budi, request, granted=False)
    assert token == ""
    with pytest.raises(NotYoursError, match="admin"):
        await team.decide(budi, request, granted=True)


async def test_a_wish_is_granted_with_its_invitation_or_not_at_all(house, joined, monkeypatch):
    await joined("Ani", "koordinator", "admin")
    await joined("Budi", "koordinator", "admin")
    team = house.office.team
    ani, budi = [await house.roster.operator(one) for one in await team.admins()]
    request, _ = await team.ask_for_admin(ani, "koordinator")

    def away(*_all):
        raise DatabaseAwayError(OSError())

    with monkeypatch.context() as outage:
        outage.setattr(staff, "invite", away)
        with pytest.raises(DatabaseAwayError):
            await team.decide(budi, request, granted=True)
    _, token = await team.decide(budi, request, granted=True)
    assert await house.roster.join(token, "900", "Citra")


ROLES = get_args(Role)


@pytest.mark.parametrize("inviter", ROLES)
async def test_every_role_brings_in_only_what_its_table_says(house, joined, inviter):
    await joined("Uji", "dishub", inviter)
    uji = await house.roster.operator(str((await house.office.team.members("dishub"))[0].id))
    for role in ROLES:
        assert house.office.team.may(uji, "dishub", role) is (role in BRINGS.get(inviter, ()))
    elsewhere = house.office.team.may(uji, "dlh", "petugas")
    assert elsewhere is (inviter in {"admin", "koordinator"})


async def test_access_ended_from_the_chat_is_ended_at_once_with_cards_and_questions(house, joined):
    dian = await joined("Dian", "koordinator", "koordinator")
    rina = await joined()
    await house.open()
    card = await rina.wait_for(NUMBER)
    await rina.press("Catatan", card)
    prompt = await rina.wait_for("tulis catatan")
    await dian.send(BOT, "/tim dishub")
    team = await dian.wait_for("Rina (penghubung dinas)")
    await dian.press("⛔ Rina", team)
    sure = await dian.wait_for("Akhiri akses Rina sekarang")
    query = await dian.press("⛔ Ya, akhiri akses Rina", sure)
    assert "sudah berakhir" in (await dian.wait_for_answer(query))["text"]
    emptied = await rina.wait_for(lambda m: m.id == card.id and "akses Anda sudah berakhir" in m.text)
    assert emptied.buttons == []
    await rina.reply(prompt, "catatan sesudah berhenti")
    await rina.wait_for("Hanya petugas")
    assert [action for action, _ in await house.history()].count("note") == 0
    await house.citizen("message", text="hai dishub")
    await house.settled()
    await rina.refresh()
    assert not any("hai dishub" in message.text for message in rina.messages)


async def test_who_comes_back_has_only_the_new_role(house, joined, sandbox):
    """An access that ended does not come back with an old role."""
    await joined("Ani", "koordinator", "admin")
    ani = (await house.office.team.admins())[0]
    await house.roster.revoke(ani)
    token = await house.roster.invite("dlh", "petugas")
    await house.roster.join(token, ani, "Ani")
    assert [(one.agency, one.role) for one in (await house.roster.operator(ani)).memberships] == [
        ("dlh", "petugas")
    ]


async def test_the_last_admin_stays(house, joined):
    await joined("Ani", "koordinator", "admin")
    ani = await house.roster.operator((await house.office.team.admins())[0])
    with pytest.raises(NotYoursError, match=ani.id):
        await house.office.team.end(ani, ani.id)


async def test_two_admins_who_send_each_other_away_at_once_leave_one(house, joined):
    await joined("Ani", "koordinator", "admin")
    await joined("Budi", "koordinator", "admin")
    team = house.office.team
    ani, budi = [await house.roster.operator(one) for one in await team.admins()]
    ended = await asyncio.gather(team.end(ani, budi.id), team.end(budi, ani.id), return_exceptions=True)
    assert sum(isinstance(one, NotYoursError) for one in ended) == 1
    assert len(await team.admins()) == 1


async def test_what_somebody_who_goes_held_is_free_again_and_its_desk_is_told(house, joined):
    rina, joko = await joined("Rina"), await joined("Joko")
    await house.open()
    card = await rina.wait_for(lambda m: NUMBER in m.text and "Ambil" in m.labels)
    await rina.press("Ambil", card)
    held = await joko.wait_for(lambda m: "Diambil: Rina" in m.text)
    await house.roster.revoke(str(rina.id))
    await joko.wait_for("1 laporan sekarang belum ada yang memegang")
    await joko.wait_for(lambda m: m.id == held.id and "Ambil" in m.labels, since=0)
    await joko.reply(held, "Saya lanjutkan, Bu.")
    await joko.wait_for(lambda m: m.id == held.id and "Saya lanjutkan" in m.text, since=0)
    await house.settled()
    assert house.citizens.texts[-1] == "Dishub: Saya lanjutkan, Bu."
    assert (await house.ticket()).claimed_by == str(joko.id)


async def test_what_was_claimed_while_an_access_ended_is_free_again(house, joined, monkeypatch):
    rina = await joined("Rina")
    await house.open()
    await rina.press("Ambil", await rina.wait_for(lambda m: NUMBER in m.text and "Ambil" in m.labels))
    await rina.wait_for(lambda m: "Diambil: Rina" in m.text)
    looks = Mock(side_effect=[(), DEFAULT], wraps=held_by)
    monkeypatch.setattr("bot.services.desk.roster.held_by", looks)
    await house.roster.revoke(str(rina.id))
    assert not (await house.ticket()).claimed_by


async def test_who_keeps_a_role_keeps_what_they_hold(house, joined):
    rina = await joined("Rina")
    await rina.start(BOT, await house.roster.invite("dishub", "petugas"))
    await rina.wait_for("petugas lapangan")
    await house.open()
    await rina.press("Ambil", await rina.wait_for(lambda m: NUMBER in m.text and "Ambil" in m.labels))
    await rina.wait_for(lambda m: "Diambil: Rina" in m.text)
    (first, _) = (await house.roster.operator(str(rina.id))).memberships
    await house.roster.reduce(str(rina.id), (first,))
    assert (await house.ticket()).claimed_by == str(rina.id)


async def test_the_welcome_stands_above_the_open_reports(house, joined):
    await house.open()
    rina = await joined("Rina")
    await rina.wait_for(lambda m: NUMBER in m.text and "Ambil" in m.labels, since=0)
    theirs = [m.text for m in rina.messages if m["from"]["id"] != rina.id]
    assert theirs[0].startswith("Selamat bergabung, Rina")


async def test_a_shift_is_handed_over_at_once(house, joined):
    rina, joko = await joined("Rina"), await joined("Joko")
    for number in (NUMBER, OTHER):
        await house.open(number)
        claim = Command("claim", Actor("operator", str(rina.id), "dishub", "penghubung"))
        await house.ticketing.act(number, Act(claim))
    await rina.send(BOT, "/antrian saya")
    own = await rina.wait_for("2 laporan yang Anda pegang")
    await rina.press("Serahkan semuanya", own)
    await rina.press("Joko", await rina.wait_for("Serahkan semuanya kepada siapa?"))
    await rina.wait_for("2 laporan sekarang dipegang Joko.")
    told = await joko.wait_for("Rina menyerahkan 2 laporan kepada Anda")
    assert NUMBER in told.text
    assert OTHER in told.text
    assert {(await house.ticket(number)).claimed_by for number in (NUMBER, OTHER)} == {str(joko.id)}
    await rina.press("Serahkan semuanya", own)
    await rina.wait_for("Tidak ada laporan yang Anda pegang.")
