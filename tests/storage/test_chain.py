"""The history of a ticket cannot be changed unnoticed: every column of every line is tried."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert, text

from storage.doors.database import writing_engine
from storage.reports import cases, chain
from storage.reports.cases import Home
from storage.rows import contacts, ticket_events
from tickets.desk import Desk
from tickets.erasure import ERASE
from tickets.policies import load_policies
from tickets.ticket import Actor, Command, Report, ReportPlace, ScreeningResult, TicketEvent

NUMBER, OTHER = "SLM-26-7XW2T", "SLM-26-7K3QX"
NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
DESK = Desk(load_policies())
REPORT = Report("lampu mati", "pengaduan", "lampu_jalan", "", ReportPlace(), ScreeningResult("pass", (), ""))


pytestmark = pytest.mark.sqlite("its deeds are written in SQLite's SQL and its JSON")


@pytest.fixture
def connection(database_url):
    engine = writing_engine(database_url)
    with engine.connect() as connection:
        connection.execute(insert(contacts), {"id": "warga", "created_at": NOW, "language": "id"})
        for number in (NUMBER, OTHER):
            opened = DESK.open(REPORT, number, "warga", NOW)
            cases.open_ticket(connection, opened, Home("warga", "telegram", "77"))
        ticket = cases.case(connection, NUMBER).ticket
        jakarta = NOW.astimezone(load_policies().city.timezone) + timedelta(hours=1)
        command = Command("reply", Actor("operator", "op", "dishub", "penghubung"), text="Besok dicek.")
        cases.save(connection, DESK.act(ticket, command, jakarta), ticket.version)
        yield connection
    engine.dispose()


def test_an_untouched_history_holds(connection):
    assert chain.numbers(connection) == (OTHER, NUMBER)
    assert [chain.find_break(connection, number) for number in chain.numbers(connection)] == [None, None]
    with pytest.raises(KeyError):
        chain.find_break(connection, "SLM-26-QQQQQ")


_SEALED = "json_extract(event, '$.\"~\"')"
_SPOILT = f"json_set(event, '$.\"~\"', substr({_SEALED}, 1, {{0}}) || 'AAAA' || substr({_SEALED}, {{0}} + 5))"
"""The sealed words with four signs changed at a place."""
_EVENTS = {
    "event": _SPOILT.format(60),
    "its key": _SPOILT.format(4),
    "a member in clear": "replace(event, 'after', 'efter')",
    "another's event": "(SELECT event FROM ticket_events AS o WHERE o.number != :n)",
}
TAMPERINGS = {
    "number": "UPDATE ticket_events SET number = 'SLM-26-7K3QX', seq = 9 WHERE number = :n AND seq = 2",
    "seq": "UPDATE ticket_events SET seq = 7 WHERE number = :n AND seq = 2",
    "at": "UPDATE ticket_events SET at = '2026-11-19 02:00:00.000000' WHERE number = :n AND seq = 2",
    "action": "UPDATE ticket_events SET action = 'refuse' WHERE number = :n AND seq = 2",
    **{
        name: f"UPDATE ticket_events SET event = {new} WHERE number = :n AND seq = 2"  # noqa: S608 all above
        for name, new in _EVENTS.items()
    },
    "hash": "UPDATE ticket_events SET hash = lower(hex(randomblob(32))) WHERE number = :n AND seq = 2",
    "a line taken out": "DELETE FROM ticket_events WHERE number = :n AND seq = 2",
    "unreadable": "UPDATE ticket_events SET event = '{}' WHERE number = :n AND seq = 2",
}


@pytest.mark.parametrize("column", TAMPERINGS)
def test_a_line_that_was_tampered_with_is_named(connection, column):
    connection.execute(text(TAMPERINGS[column]), {"n": NUMBER})
    found = chain.find_break(connection, NUMBER)
    assert (found.number, found.seq) == (NUMBER, 2)
    assert found.fault


def test_every_column_of_a_line_is_watched():
    unbound = {"id"}  # a row's own counter says nothing about the ticket
    assert set(chain.ticket_events.c.keys()) - unbound <= TAMPERINGS.keys()


@pytest.mark.parametrize(
    "tampering",
    [
        "DELETE FROM ticket_events WHERE id = (SELECT max(id) FROM ticket_events WHERE number = :n)",
        "DELETE FROM ticket_events WHERE number = :n",
        "UPDATE tickets SET status = 'SELESAI' WHERE number = :n",
        "UPDATE tickets SET head = '' WHERE number = :n",
    ],
)
def test_an_end_that_was_cut_off_is_noticed(connection, tampering):
    connection.execute(text(tampering), {"n": NUMBER})
    assert chain.find_break(connection, NUMBER).seq == 0
    assert chain.find_break(connection, OTHER) is None


def test_a_line_added_by_hand_is_noticed(connection):
    connection.execute(
        text(
            "INSERT INTO ticket_events (number, seq, at, action, event, hash) "
            "SELECT number, 99, at, action, event, hash FROM ticket_events WHERE number = :n AND seq = 1"
        ),
        {"n": NUMBER},
    )
    assert chain.find_break(connection, NUMBER).seq > 0


def test_each_link_rests_on_the_one_before():
    event = DESK.open(REPORT, NUMBER, "warga", NOW).events[0]
    document = chain.orjson.loads(chain.dumps(event))
    changed = chain.orjson.loads(chain.dumps(replace(event, reason="lain")))
    links = {chain.chained(before, line) for before in ("", "0") for line in (document, changed)}
    assert len(links) == 4


def _strike(connection):
    def bare(event):
        return replace(event, text="") if event.action == "reply" else event

    status = cases.case(connection, NUMBER).ticket.status
    said = TicketEvent(NUMBER, ERASE, NOW + timedelta(days=1), Actor("system"), status, status)
    chain.strike(connection, said, bare, ("m-1",))


def test_a_history_that_words_were_struck_from_proves_itself_again_and_again(connection):
    _strike(connection)
    assert chain.find_break(connection, NUMBER) is None
    assert [event.text for event in cases.history(connection, NUMBER) if event.text] == []
    assert chain.files_let_go(connection, NUMBER) == {"m-1"}
    _strike(connection)
    assert chain.find_break(connection, NUMBER) is None


@pytest.mark.parametrize("column", TAMPERINGS)
def test_what_was_struck_cannot_be_changed_either(connection, column):
    _strike(connection)
    connection.execute(text(TAMPERINGS[column]), {"n": NUMBER})
    found = chain.find_break(connection, NUMBER)
    assert (found.number, found.seq) == (NUMBER, 2)


def test_no_other_words_can_be_put_where_some_were_struck(connection):
    _strike(connection)
    here = (ticket_events.c.number == NUMBER) & (ticket_events.c.action == "reply")
    line = connection.execute(ticket_events.select().where(here)).first()
    connection.execute(ticket_events.update().where(here).values(event=line.event | {"text": "Tidak."}))
    assert chain.find_break(connection, NUMBER).seq == line.seq
