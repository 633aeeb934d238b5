"""One person's data, planted in a whole talk: all of it in their export, none of it after their erasure."""

import hashlib
import json
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.sandbox.client import User
from bot.services.desk.figures import FigureDesk
from bot.services.files.verifying import evidence_breaks
from bot.services.people.rights import Rights, UnknownPersonError
from bot.services.reports.ticketing import Act
from dialogs.consent import consent_questions
from storage.doors.database import compact, is_embedded
from storage.people import erasing
from storage.reports import chain
from storage.rows import addresses, metadata
from storage.rows.sealed import as_kept
from tests.scenarios.kit import CITIZENS, NUMBER, Town, onward
from tickets.erasure import NOBODY
from tickets.ticket import Actor, Command

NAME, NIK, PHONE = "Sitoresmi Kusumaningtyas", "3404071201900001", "081234567890"
STORY = "sampah menumpuk di Gang Kenanga 17B Condongcatur sejak kemarin"
SIGNED = f"{STORY}, salam dari Sitoresmi, NIK {NIK}, hp {PHONE}"
WORD = "titip salam buat kucing belang"
PLANTED = ("Sitoresmi", "Kusumaningtyas", NIK, PHONE, WORD)


@dataclass
class Reported:
    user: User
    number: str
    contact: str


async def _report(user: User, photo: bytes, words: str) -> str:
    await user.send(CITIZENS, words)
    sent = False
    for _ in range(14):
        seen = await user.wait_for(lambda m: bool(m.labels) or "Diterima" in m.text, timeout=20)
        if "Diterima" in seen.text and NUMBER.search(seen.text):
            return NUMBER.search(seen.text)[0]
        if "Lewati" in seen.labels and not sent and "foto" in seen.text.lower():
            await user.send_photos(CITIZENS, [photo])
            sent = True
            continue
        await user.press(onward(seen.labels), seen)
    raise AssertionError("the report led nowhere")


@pytest.fixture
async def siti(town: Town, photo) -> Reported:
    user = await town.sandbox.user(NAME)
    number = await _report(user, photo(), SIGNED)
    await town.house.settle()
    found = await town.case(number)
    contact = found.home.contact
    word = Command("message", Actor("citizen", contact), text=WORD)
    await town.house.ticketing.act(number, Act(word))
    await town.house.settle()
    return Reported(user, number, contact)


async def _close(town: Town, siti: Reported) -> None:
    await town.house.ticketing.act(siti.number, Act(Command("cancel", Actor("citizen", siti.contact))))
    await town.house.settle()


async def _everything(town: Town) -> str:
    """All rows of all tables, unsealed."""

    def read(connection):
        rows = [tuple(row) for table in metadata.sorted_tables for row in connection.execute(select(table))]
        return json.dumps(rows, default=str)

    return await town.house.core.database.read(read)


def _told(text: str, planted) -> list[str]:
    return [one for one in planted if one in text]


async def _breaks(town: Town, number: str) -> list:
    database = town.house.core.database
    history = await database.read(lambda c: chain.find_break(c, number))
    return [*([history] if history else []), *await evidence_breaks(database, number, town.house.core.files)]


async def test_an_export_holds_everything_of_one_person_and_nothing_of_another(town: Town, siti, photo):
    budi = await town.sandbox.user("Budi Santosa")
    await _report(budi, photo(40), "lampu jalan depan SD Sidoagung mati sejak Senin, kata Budi Santosa")
    await town.house.settle()
    found = json.dumps(await town.house.rights.export(siti.contact), default=str)
    planted = (*PLANTED, str(siti.user.id), siti.number, "utter_ask_persetujuan")
    assert _told(found, planted) == list(planted)
    assert _told(found, ("Budi", str(budi.id))) == []
    written = json.loads(found)
    assert written["consent"]["version"]
    assert written["consent"]["at"]
    assert {"number", "history", "files"} <= set(written["reports"][0])


async def test_what_somebody_agreed_to_can_be_shown_word_for_word(town: Town, siti):
    (given,) = (await town.house.rights.export(siti.contact))["consents"]
    (asked,) = [one.text for one in siti.user.messages if "Setuju" in one.labels or one.text == given["text"]]
    assert given["text"] == asked
    assert given["sha256"] == hashlib.sha256(asked.encode()).hexdigest()
    assert (given["language"], given["channel"]) == ("id", "telegram")
    assert given["response"] == "utter_ask_persetujuan"
    assert given["version"]
    assert given["at"]
    flows = town.house.core.bundles.live.flows.values()
    assert consent_questions(flows) == {"utter_ask_persetujuan", "utter_ask_ringkas"}


def _wiped(town: Town, token: str) -> None:
    """Not even the sealed address is in SQLite's file, once it is written anew."""
    url = town.house.core.database.url
    if is_embedded(url):
        compact(url)
        files = [one.read_bytes() for one in town.house.rights.erased.file.parent.glob("*.db*")]
        assert any(b"lampu_jalan" in one or b"sampah" in one for one in files)
        assert [one for one in files if token.encode() in one] == []


async def test_nothing_of_an_erased_person_is_left_and_every_chain_still_holds(town: Town, siti):
    rights, database = town.house.rights, town.house.core.database
    await _close(town, siti)
    planted = (*PLANTED, str(siti.user.id), siti.contact)
    assert _told(await _everything(town), planted) == list(planted)
    token = await database.read(lambda c: c.execute(select(as_kept(addresses.c.address))).scalars().first())
    mine = await database.read(lambda c: erasing.own_files(c, siti.number))
    assert mine
    came = await rights.erase(siti.contact)
    assert (came.numbers, came.complete) == ((siti.number,), True)
    assert _told(await _everything(town), planted) == []
    for file in mine:
        for digest in (file.sha256, file.copy_sha256):
            if digest:
                with pytest.raises(FileNotFoundError):
                    await town.house.core.files.get(digest)
    assert await _breaks(town, siti.number) == []
    left = (await town.case(siti.number)).ticket
    assert (left.reporter, left.status) == (NOBODY, "DIBATALKAN")
    assert "sampah menumpuk" in left.report.narrative
    assert left.report.place.lat is None
    assert left.report.place.kode
    _wiped(town, token)
    with pytest.raises(UnknownPersonError):
        await rights.person(siti.contact)


async def test_an_open_report_holds_the_erasure_back_until_it_is_closed(town: Town, siti):
    came = await town.house.rights.erase(siti.contact)
    assert (came.numbers, came.open, came.complete) == ((), (siti.number,), False)
    assert _told(await _everything(town), PLANTED) == list(PLANTED)
    assert await town.house.rights.again() == 0
    await _close(town, siti)
    assert await town.house.rights.again() == 1
    assert _told(await _everything(town), PLANTED) == []
    assert await town.house.rights.again() == 0
    assert await _breaks(town, siti.number) == []


def _later(town: Town, days: int) -> Rights:
    """The rights as they are so many days from now."""
    core = town.house.core
    return replace(town.house.rights, core=replace(core, clock=lambda: core.clock() + timedelta(days=days)))


async def _figures(rights: Rights) -> tuple:
    """The figures of all reports there are, looked at as these rights see the time."""
    desk = FigureDesk(rights.core.database, rights.core.policies, rights.core.clock)
    found = await desk.of(desk.last_days(1000))
    return found.total, found.by_agency, found.by_kapanewon, found.by_category, found.ikm


async def test_a_closed_report_forgets_its_reporter_after_its_term_and_is_counted_as_before(town: Town, siti):
    days = town.house.core.policies.retention.reporters.keep.days
    assert await _later(town, days + 1).aging() == 0, "an open report waits for its reporter"
    await _close(town, siti)
    assert await _later(town, days - 1).aging() == 0
    old = _later(town, days + 1)
    before = await _figures(old)
    assert before[0].count.received == 1
    assert await old.aging() == 1
    assert await old.age() == 0, "fewer than fit into a round: none are left"
    assert await old.aging() == 0
    ticket = (await town.case(siti.number)).ticket
    assert (ticket.reporter, ticket.status) == (NOBODY, "DIBATALKAN")
    kept = json.dumps(await town.house.core.database.read(lambda c: _of_report(c, siti.number)), default=str)
    assert _told(kept, (*PLANTED, str(siti.user.id))) == []
    assert "sampah menumpuk" in kept
    assert await _breaks(town, siti.number) == []
    assert await _figures(old) == before
    await replace(town.house.retention, clock=old.core.clock).run_once()
    assert _told(await _everything(town), (*PLANTED, str(siti.user.id), siti.contact)) == []


def _of_report(connection, number):
    """All that is kept under a report's number."""
    named = [
        (table, next(table.c[name] for name in ("number", "ticket") if name in table.c))
        for table in metadata.sorted_tables
        if {"number", "ticket"} & set(table.c.keys())
    ]
    return [
        (table.name, *row)
        for table, key in named
        for row in connection.execute(select(table).where(key == number))
    ]


async def test_who_writes_again_after_an_erasure_is_somebody_new(town: Town, siti, photo):
    await _close(town, siti)
    await town.house.rights.erase(siti.contact)
    number = await _report(siti.user, photo(200), "lampu jalan depan SD Sidoagung mati sejak Senin")
    await town.house.settle()
    assert (await town.case(number)).home.contact not in {siti.contact, NOBODY}
    assert await town.house.rights.again() == 0
    await town.house.rights.erase((await town.case(number)).home.contact)
    assert (await town.case(number)).ticket.reporter != NOBODY
