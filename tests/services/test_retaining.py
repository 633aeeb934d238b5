"""What goes when its term is over, what an open report holds back, and that a second round finds nothing."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, insert, select

from bot.services.people.retaining import Retention
from dialogs.messages import OutboundMessage
from storage.desk import frontdesk
from storage.desk.frontdesk import WalkIn
from storage.people import retention
from storage.reports import cases
from storage.reports.cases import Home
from storage.rows import addresses, contacts, followers, inbox, looks, walk_ins
from storage.rows import conversations as talks
from storage.rows import hearings as heard
from storage.rows import outbox as sent
from storage.talks import conversations, hearings, outbox, restraint
from storage.talks.conversations import Kept, NewContact
from storage.talks.outbox import Outgoing
from storage.talks.restraint import Ban
from tests.services.kit import POLICIES, house_in
from tickets.desk import Desk
from tickets.policies.retention import KINDS
from tickets.ticket import Report, ReportPlace, ScreeningResult

THEN = datetime(2026, 1, 5, 2, 0, tzinfo=UTC)
YEARS_LATER = THEN + timedelta(days=365 * 6)
REPORT = Report("lampu mati", "pengaduan", "lampu_jalan", "", ReportPlace(), ScreeningResult("pass", (), ""))
QUIET, WAITING = "78", "77"
"""Somebody who only talked, and somebody whose report is open."""


def _person(connection, address):
    kept = Kept(f"c-{address}", f"warga-{address}", "b", {}, 1)
    conversations.begin(connection, NewContact(kept.contact, "telegram", address, "id"), kept, THEN)
    hearings.heard(connection, "telegram", address, THEN)
    row = {"channel": "telegram", "address": address, "received_at": THEN, "payload": {"text": "halo"}}
    connection.execute(insert(inbox), row | {"external_id": f"m-{address}", "state": "done"})
    message = Outgoing("telegram", address, OutboundMessage("halo"))
    outbox.add(connection, [message], THEN)
    connection.execute(sent.update().values(state="sent"))


def _plant(connection):
    for address in (QUIET, WAITING):
        _person(connection, address)
    opened = Desk(POLICIES).open(REPORT, "SLM-26-7XW2T", f"warga-{WAITING}", THEN)
    cases.open_ticket(connection, opened, Home(f"warga-{WAITING}", "telegram", WAITING))
    look = {"at": THEN, "number": "SLM-26-7XW2T", "operator": "1", "name": "Wati", "role": "wbs"}
    connection.execute(insert(looks), look | {"what": "card", "why": "tugas"})


@pytest.fixture
async def house(tmp_path, clock):
    async with house_in(tmp_path, clock) as house:
        await house.core.database.write(_plant)
        yield house


def at(house, moment, most=POLICIES.retention.at_once):
    policy = replace(POLICIES.retention, at_once=most)
    return Retention(house.core.database, policy, lambda: moment)


async def left(house, column):
    found = await house.core.database.read(lambda c: c.execute(select(column)).scalars().all())
    return sorted(found)


def test_every_kind_of_the_schedule_is_known_to_the_database():
    assert set(retention.KINDS) == set(KINDS)


async def test_a_term_that_is_not_over_keeps_everything(house):
    assert set((await at(house, THEN + timedelta(days=1)).waiting()).values()) == {0}


async def test_what_is_over_goes_and_an_open_report_holds_its_own(house):
    desk = at(house, YEARS_LATER)
    expected = {"messages_in": 1, "messages_out": 1, "last_heard": 2, "silent_people": 1, "looks": 1}
    waiting = await desk.waiting()
    assert {kind: number for kind, number in waiting.items() if number} == expected
    await desk.run_once()
    for column in (inbox.c.address, sent.c.address, talks.c.address, addresses.c.address):
        assert await left(house, column) == [WAITING], column
    assert await left(house, contacts.c.id) == [f"warga-{WAITING}"]
    assert await left(house, heard.c.address) == []
    assert await left(house, looks.c.id) == []
    assert set((await desk.waiting()).values()) == {0}
    assert await desk.run_once() == 0


@pytest.mark.parametrize("tied", ["follows", "is limited"])
async def test_who_follows_a_report_or_is_limited_is_not_forgotten(house, tied):
    who = f"warga-{QUIET}"
    given = Ban(who, "SLM-26-7XW2T", "op-1", "berulang", THEN, THEN + timedelta(days=7))
    follower = {
        "number": given.number,
        "contact": who,
        "channel": "telegram",
        "address": QUIET,
        "since": THEN,
    }

    def tie(connection):
        if tied == "follows":
            connection.execute(insert(followers), follower)
        else:
            restraint.ban(connection, given)

    await house.core.database.write(tie)
    await at(house, YEARS_LATER).run_once()
    assert await left(house, contacts.c.id) == [f"warga-{WAITING}", who]


async def test_what_others_were_told_of_an_open_report_stays(house):
    told = Outgoing("operator", "-100", OutboundMessage("laporan baru", ticket="SLM-26-7XW2T"))

    def tell(connection):
        outbox.add(connection, [told], THEN)
        connection.execute(sent.update().values(state="sent"))

    await house.core.database.write(tell)
    await at(house, YEARS_LATER).run_once()
    assert await left(house, sent.c.address) == ["-100", WAITING]


async def test_a_talk_at_the_counter_stays_while_its_report_is_open(house):
    def come(connection):
        for talk in ("b-1", "b-2"):
            frontdesk.begin(connection, WalkIn(talk, "101", "loket"), THEN)
        opened = Desk(POLICIES).open(REPORT, "SLM-26-2222A", f"warga-{QUIET}", THEN)
        cases.open_ticket(connection, opened, Home(f"warga-{QUIET}", "loket", "b-2"))

    await house.core.database.write(come)
    await at(house, YEARS_LATER).run_once()
    assert await left(house, walk_ins.c.id) == ["b-2"]


async def test_no_round_takes_more_rows_than_the_schedule_allows(house):
    desk = at(house, YEARS_LATER, most=1)

    async def hearings_left():
        return await house.core.database.read(
            lambda c: c.execute(select(func.count()).select_from(heard)).scalar()
        )

    assert await desk.run_once() > 0
    assert await hearings_left() == 1
    while await desk.run_once():
        pass
    assert await hearings_left() == 0


async def test_somebody_forgotten_is_met_anew(house):
    await at(house, YEARS_LATER).run_once()
    assert await house.core.database.read(lambda c: conversations.load(c, "telegram", QUIET)) is None
    await house.core.database.write(lambda c: _person(c, "79"))
    assert await left(house, addresses.c.address) == [WAITING, "79"]
