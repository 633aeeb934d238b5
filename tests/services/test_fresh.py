"""What is at hand because it was just written is what lies in the database, and goes when it should."""

from pathlib import Path
from typing import Any

import pytest

from bot.app import Kentongan, assembled, utc_now
from bot.commands.chat import Recorder, Talk
from bot.memory import tidy
from bot.settings import Settings
from storage import fresh
from storage.codec import INBOUND, talk
from storage.doors.database import Connection
from storage.reports import cases
from storage.seals import UnsealError
from storage.talks import conversations, inbox, outbox

AT = ("console", "console")
REPORT = (
    "lampu jalan depan pasar Godean mati udah seminggu",
    "!button Setuju",
    "!button Betul",
    "lewati",
    "!button Kirim",
)


def everything(connection: Connection) -> list[Any]:
    kept = conversations.load(connection, *AT)
    found = cases.all_cases(connection)
    return [
        talk(kept.state) if kept else None,
        [INBOUND.load(payload) for _, payload, _ in inbox.payloads_after(connection, *AT, 0)],
        outbox.said_after(connection, *AT, 0),
        [cases.case(connection, one.ticket.number) for one in found],
        [cases.history(connection, one.ticket.number) for one in found],
    ]


async def test_after_a_whole_talk_it_is_what_the_long_way_reads(house: Kentongan, citizen: Talk):
    for line in REPORT:
        await citizen.play(line)
    at_hand = await house.core.database.glance(everything)
    fresh.forget()
    assert await house.core.database.glance(everything) == at_hand
    assert all(at_hand), "a conversation, messages of both sides, a ticket with its history"


@pytest.mark.sqlite("only there anything is at hand")
async def test_what_was_said_minutes_ago_is_not_at_hand_any_more(house: Kentongan, citizen: Talk):
    await citizen.play(REPORT[0])
    long_way = await house.core.database.glance(everything)
    await tidy()
    await citizen.play(REPORT[1])
    both = sum(map(len, fresh._columns.values()))
    await tidy()
    assert 0 < sum(map(len, fresh._columns.values())) < both
    said = await house.core.database.glance(lambda c: outbox.said_after(c, *AT, 0))
    assert said[: len(long_way[2])] == long_way[2]
    await tidy()
    assert sum(map(len, fresh._columns.values())) == 0


async def test_a_talk_goes_on_the_same_when_nothing_is_at_hand(house: Kentongan, citizen: Talk):
    for line in REPORT:
        fresh.forget()
        await citizen.play(line)
    (case,) = await house.core.database.read(cases.all_cases)
    assert case.ticket.report.category == "lampu_jalan"


async def test_what_is_done_to_the_slots_of_one_turn_is_not_in_the_next(house: Kentongan, citizen: Talk):
    for line in REPORT[:3]:
        await citizen.play(line)

    def slots(connection: Connection) -> Any:
        kept = conversations.load(connection, *AT)
        assert kept is not None
        return talk(kept.state).slots

    first = await house.core.database.glance(slots)
    place = first["lokasi"]["kalurahan"]
    first["lokasi"]["kalurahan"] = "di lain tempat"
    assert (await house.core.database.glance(slots))["lokasi"]["kalurahan"] == place


@pytest.mark.sqlite("it alters a row in SQLite's SQL")
async def test_it_is_no_way_around_the_seal(house: Kentongan):
    first, second = (inbox.Arrival("sms", str(n), "+62811", utc_now(), _message(n)) for n in (1, 2))
    await house.core.database.write(lambda c: (inbox.keep(c, first), inbox.keep(c, second)))
    found = await house.core.database.glance(lambda c: inbox.waiting(c, "sms", "+62811", 9))
    assert [one.payload for one in found] == [first.payload, second.payload]

    def alter(connection: Connection) -> None:
        raw = "SELECT payload FROM inbox WHERE id = ?"
        (kept,) = connection.exec_driver_sql(raw, (found[0].id,)).one()
        bent = kept[:40] + ("B" if kept[40] == "A" else "A") + kept[41:]
        connection.exec_driver_sql("UPDATE inbox SET payload = ? WHERE id = ?", (bent, found[0].id))

    await house.core.database.write(alter)
    with pytest.raises(UnsealError):
        await house.core.database.glance(lambda c: inbox.waiting(c, "sms", "+62811", 9))


def _message(number: int) -> Any:
    said = {"channel": "sms", "external_id": str(number), "address": "+62811", "kind": "text"}
    return INBOUND.load({**said, "sent_at": utc_now(), "text": f"pesan {number}"})


async def test_nothing_is_remembered_where_it_could_not_be_known_again(tmp_path: Path, postgres_url: str):
    given = Settings(data_dir=tmp_path, database_url=postgres_url, _env_file=None)
    async with assembled(given) as house:
        channel = Recorder(aloud=False)
        house.channels[channel.name] = channel
        fresh.forget()
        await Talk(house, channel).play(REPORT[0])
        assert channel.lines[-1]["from"] == "bot"
    assert sum(map(len, fresh._columns.values())) == 0
