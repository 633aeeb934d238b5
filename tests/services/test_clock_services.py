"""Rules that change, and heaps after an outage, with a clock moved by hand."""

import random
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.doctor.desks import Desks
from bot.doctor.records import Records
from bot.services import recounting, ticks
from bot.services.core import OPERATOR
from bot.services.reports.ticketing import Act, apply
from bot.settings import Settings
from storage.doors.database import DatabaseAwayError
from storage.reports import cases, chain
from storage.talks import outbox
from tests.services.kit import MONDAY, NUMBERS, POLICIES, house_in, open_tickets
from tickets.desk import Desk, DeskRefusal
from tickets.numbers import make_number
from tickets.ticket import Actor, Command


async def all_tickets(house):
    return [case.ticket for case in await house.core.database.read(cases.all_cases)]


async def said(house, channel, address):
    found = await house.core.database.glance(lambda c: outbox.said_after(c, channel, address, 0))
    return [one.message for one in found]


async def operator(house, user="101", agency="dishub", role="penghubung"):
    await house.roster.join(await house.roster.invite(agency, role), user, "Rina")


async def test_what_lies_with_an_agency_no_longer_listed_is_the_coordinators_to_look_after(tmp_path, clock):
    left = {name: one for name, one in POLICIES.agencies.by_id.items() if name != "dishub"}
    fewer = replace(POLICIES, agencies=replace(POLICIES.agencies, by_id=left))
    async with house_in(tmp_path, clock) as house:
        await open_tickets(house, 1)
        await operator(house, "103", "koordinator", "koordinator")
    async with house_in(tmp_path, clock, fewer) as house:
        clock.now += timedelta(days=40)
        assert await house.deadlines.run_once()
        assert "petugas_kartu" in [one.response for one in await said(house, "operator", "103")]
        leader = Actor("operator", "103", "koordinator", "koordinator")
        on = Act(Command("forward", leader, target="pu", reason="Dishub dilebur ke PU."))
        await house.ticketing.act(NUMBERS[0], on)
        assert (await all_tickets(house))[0].agency == "pu"
    records = Records(Settings(data_dir=tmp_path, _env_file=None), clock())
    found = await Desks(records).desks()
    assert (found.state, found.told) == ("look", "1 open with pu, where nobody reads them")
    assert "operator invite --agency pu" in found.remedy


async def test_a_changed_deadline_reaches_every_open_ticket_once_and_its_history(tmp_path, clock):
    rule = replace(POLICIES.sla.deadlines["first_response"], days=8)
    deadlines = {**POLICIES.sla.deadlines, "first_response": rule}
    longer = replace(POLICIES, sla=replace(POLICIES.sla, deadlines=deadlines))
    async with house_in(tmp_path, clock) as house:
        await open_tickets(house, 3)
        before = [ticket.due_at for ticket in await all_tickets(house)]
        assert await house.recounting.run() == 0
    async with house_in(tmp_path, clock, longer) as house:
        assert len(await house.recounting.changed()) == 3
        assert await house.recounting.run() == 3
        assert await house.recounting.run() == 0
        after = await all_tickets(house)
        assert [ticket.due_at for ticket in after] == [
            Desk(longer).clock.calendar.add_workdays(MONDAY, 8) for _ in before
        ]
        history = await house.core.database.read(lambda c: cases.history(c, NUMBERS[0]))
        assert history[-1].action == "recount"
        assert history[-1].data["was"] == before[0].isoformat()
        assert await house.core.database.read(lambda c: chain.find_break(c, NUMBERS[0])) is None
        told = [one.response for one in await said(house, "telegram", "77")]
        assert told.count("utter_kabar_tenggat_baru") == 3


async def test_after_an_outage_the_desk_is_told_once_and_every_citizen_of_their_own(tmp_path, clock):
    async with house_in(tmp_path, clock) as house:
        await operator(house)
        await open_tickets(house, 7)
        clock.now = MONDAY + timedelta(days=40)
        while await house.deadlines.run_once():
            pass
        tickets = await all_tickets(house)
        assert all("TERLAMBAT" in ticket.flags and ticket.escalation == 0 for ticket in tickets)
        desk = [one for one in await said(house, OPERATOR, "101") if one.response != "petugas_kartu"]
        assert len(desk) == 1
        assert desk[0].text.startswith("🔴 7 laporan lewat tenggat: SLM-26-")
        assert "hampir" not in desk[0].text
        mine = [one.response for one in await said(house, "telegram", "77")]
        assert mine.count("utter_kabar_terlambat") == 7
        assert await house.deadlines.run_once() == 0


async def test_a_deadline_nobody_can_act_on_holds_up_no_other(tmp_path, clock, monkeypatch):
    async with house_in(tmp_path, clock) as house:
        await open_tickets(house, 3)
        clock.now = MONDAY + timedelta(days=40)

        def choking(connection, core, number, act):
            if number == NUMBERS[0]:
                raise KeyError(number)
            return apply(connection, core, number, act)

        monkeypatch.setattr(ticks, "apply", choking)
        with pytest.raises(KeyError, match=NUMBERS[0]):
            await house.deadlines.run_once()
        late = [ticket.number for ticket in await all_tickets(house) if "TERLAMBAT" in ticket.flags]
        assert set(late) == set(NUMBERS[1:3])


async def test_an_outage_in_a_heap_of_deadlines_takes_no_word_from_the_desk(tmp_path, clock, monkeypatch):
    async with house_in(tmp_path, clock) as house:
        await operator(house)
        await open_tickets(house, 7)
        clock.now = MONDAY + timedelta(days=40)
        late = []

        def cut_off(connection, core, number, act):
            late.extend([number] if act.command.action == "due" else [])
            if len(late) == 4:
                late.append("")
                raise DatabaseAwayError(OSError())
            return apply(connection, core, number, act)

        monkeypatch.setattr(ticks, "apply", cut_off)
        with pytest.raises(DatabaseAwayError):
            await house.deadlines.run_once()
        while await house.deadlines.run_once():
            pass
        desk = [one.text for one in await said(house, OPERATOR, "101") if one.response != "petugas_kartu"]
        assert all(any(number in text for text in desk) for number in NUMBERS)


async def test_who_is_killed_before_a_heap_was_told_leaves_it_to_the_next_process(
    tmp_path, clock, monkeypatch
):
    class KilledError(BaseException):
        """The process ends here."""

    async def killed(*_all):
        raise KilledError

    async with house_in(tmp_path, clock) as house:
        await operator(house)
        await open_tickets(house, 7)
        clock.now = MONDAY + timedelta(days=40)
        with monkeypatch.context() as last_moment:
            last_moment.setattr(ticks.Deadlines, "_tell", killed)
            with pytest.raises(KilledError):
                await house.deadlines.run_once()
    async with house_in(tmp_path, clock) as house:
        while await house.deadlines.run_once():
            pass
        desk = [one.text for one in await said(house, OPERATOR, "101") if one.response != "petugas_kartu"]
        assert all(any(number in text for text in desk) for number in NUMBERS)


async def test_a_report_that_cannot_be_recounted_holds_up_no_other(tmp_path, clock, monkeypatch):
    rule = replace(POLICIES.sla.deadlines["first_response"], days=8)
    deadlines = {**POLICIES.sla.deadlines, "first_response": rule}
    longer = replace(POLICIES, sla=replace(POLICIES.sla, deadlines=deadlines))
    async with house_in(tmp_path, clock) as house:
        await open_tickets(house, 3)

    def choking(connection, core, number, act):
        if number == NUMBERS[0]:
            raise KeyError(number)
        return apply(connection, core, number, act)

    monkeypatch.setattr(recounting, "apply", choking)
    async with house_in(tmp_path, clock, longer) as house:
        with pytest.raises(KeyError, match=NUMBERS[0]):
            await house.recounting.run()
        assert [one.number for one in await house.recounting.changed()] == [NUMBERS[0]]


async def test_what_cannot_be_done_to_a_joined_report_changes_nothing_of_the_other(tmp_path, clock):
    """A city's own lifecycle that forbids a consequence refuses the whole, before anything is written."""
    part = POLICIES.lifecycle.actions["part"]
    moves = {state: to for state, to in part.moves.items() if state != "DIBATALKAN"}
    actions = {**POLICIES.lifecycle.actions, "part": replace(part, moves=moves)}
    stricter = replace(POLICIES, lifecycle=replace(POLICIES.lifecycle, actions=actions))
    async with house_in(tmp_path, clock, stricter) as house:
        await open_tickets(house, 2)
        core = house.ticketing._core
        leader = Actor("operator", "103", "koordinator", "koordinator")
        merge = Act(Command("merge", leader, target=NUMBERS[0], reason="sama"))
        await house.ticketing.act(NUMBERS[1], merge)

        def refused_and_gone_on(connection):
            with pytest.raises(DeskRefusal):
                apply(connection, core, NUMBERS[0], Act(Command("cancel", Actor("citizen", "warga-1"))))

        await core.database.write(refused_and_gone_on)
        statuses = {one.number: one.status for one in await all_tickets(house)}
        assert statuses == {NUMBERS[0]: "DISPOSISI", NUMBERS[1]: "DUPLIKAT"}


CATEGORIES = (
    *("lampu_jalan", "jalan", "sampah", "adminduk", "kesehatan", "bansos", "pendidikan", "ketertiban", "tik"),
    *("ketenagakerjaan", "perizinan", "pasar", "tata_ruang", "pertanian", "bencana", "pajak", "hewan/ternak"),
)


async def test_a_long_outage_with_many_agencies_is_still_one_message_a_desk(tmp_path, clock):
    """Seven of each agency, one after the other as they came: no desk is told in dribs and drabs."""
    async with house_in(tmp_path, clock) as house:
        await operator(house)
        await operator(house, "102", "bpbd")
        chance = random.Random(5)
        for round_ in range(7):
            for category in CATEGORIES:
                name, _, part = category.partition("/")
                numbers = (make_number("SLM", 2026, chance),)
                await open_tickets(house, 1, name, part, numbers)
            clock.now = MONDAY + timedelta(minutes=round_)
        clock.now = MONDAY + timedelta(days=40)
        while await house.deadlines.run_once():
            pass
        for chat in ("101", "102"):
            desk = [one for one in await said(house, OPERATOR, chat) if one.response != "petugas_kartu"]
            assert [one.text[:22] for one in desk] == ["🔴 7 laporan lewat teng"]


async def test_a_few_are_told_one_by_one(tmp_path, clock):
    async with house_in(tmp_path, clock) as house:
        await operator(house)
        await open_tickets(house, 2)
        clock.now = MONDAY + timedelta(days=40)
        while await house.deadlines.run_once():
            pass
        told = [one.response for one in await said(house, OPERATOR, "101")]
        assert told.count("petugas_lewat_tenggat") == 2


@pytest.mark.parametrize("led", [True, False])
async def test_where_nobody_leads_the_desk_is_asked_to_tell_the_head_itself(tmp_path, clock, led):
    async with house_in(tmp_path, clock) as house:
        await operator(house)
        if led:
            await house.roster.join(await house.roster.invite("dishub", "pimpinan"), "201", "Kepala")
        await open_tickets(house, 1)
        for day in range(11):
            clock.now = MONDAY + timedelta(days=day)
            await house.deadlines.run_once()
        chat = "201" if led else "101"
        told = [one.text for one in await said(house, OPERATOR, chat) if "Kepala dinas" in one.text]
        assert len(told) == 1
        assert ("Diteruskan ke: Kepala dinas" in told[0]) is led
        assert ("Belum ada Kepala dinas di bot ini; tolong sampaikan sendiri." in told[0]) is not led
