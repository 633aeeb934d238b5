"""The doctor tells what is wrong with an installation, and what helps; it changes nothing."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from pydantic import SecretStr
from sqlalchemy import text

from bot.app import records as records_of
from bot.doctor.duties import Duties
from bot.doctor.finding import Finding
from bot.doctor.records import Records
from bot.meters import Meters
from bot.services.contested import Contested
from bot.services.inspecting import Inspection
from bot.settings import Settings
from storage import condition, sealing
from storage.doors.database import Database, writing_engine
from storage.migrations import newest_schema, upgrade
from storage.people import breaches, requests
from storage.people.breaches import Account
from storage.people.requests import Wish
from storage.seals import new_key
from storage.talks import inbox
from storage.talks.inbox import Arrival

NOW = datetime(2026, 11, 22, 4, tzinfo=UTC)


def settings(folder: Path, **more) -> Settings:
    return Settings(data_dir=folder, _env_file=None, **more)


@pytest.fixture
def kept(tmp_path: Path) -> Settings:
    made = settings(tmp_path)
    upgrade(made.database)
    return made


async def arrive(url: str, count: int, at: datetime) -> None:
    async with Database(url) as database:
        for n in range(count):
            arrival = Arrival("web", f"m{n}", f"warga-{n}", at, {"text": "jalan rusak " * 40})
            await database.write(lambda c, arrival=arrival: inbox.keep(c, arrival))


@pytest.mark.sqlite("it is about the file")
async def test_a_file_that_cannot_be_opened_is_no_damage(tmp_path: Path):
    (tmp_path / "kentongan.db").mkdir()
    found = await Records(settings(tmp_path), NOW).schema()
    assert (found.state, "give it and its folder" in found.remedy) == ("ill", True)


@pytest.mark.sqlite("a server has no key in a file")
async def test_keys_that_are_gone_wrong_or_half_turned_are_told(kept: Settings):
    other = settings(kept.data_dir, keys=SecretStr(new_key()))
    nothing = kept.model_copy(update={"keys": None})
    assert (await Records(nothing, NOW).keys()).told == "the first start makes one"
    async with records_of(kept):
        pass
    assert (await Records(kept, NOW).keys()).state == "well"
    wrong, gone = await Records(other, NOW).keys(), await Records(nothing, NOW).keys()
    assert (wrong.state, gone.state) == ("ill", "ill")
    assert "Give it as well" in wrong.remedy
    assert "Put it back from a copy" in gone.remedy
    assert not (kept.data_dir / "keys").exists()
    async with Database(kept.database) as database:
        await database.write(lambda c: sealing.note_turning(c, "baru"))
    half = await Records(kept, NOW).keys()
    assert (half.state, half.remedy) == ("ill", "kentongan keys rotate")


@pytest.mark.sqlite("PostgreSQL looks after its own pages")
async def test_a_damaged_page_is_found(kept: Settings):
    await arrive(kept.database, 200, NOW)
    file = kept.data_dir / "kentongan.db"
    engine = writing_engine(kept.database)
    with engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    size = file.stat().st_size
    with file.open("r+b") as pages:
        for place in range(4096 * 4, size, 4096 * 3):
            pages.seek(place)
            pages.write(b"\xff" * 512)
    records = Records(kept, NOW)
    for check in (records.schema, records.pages):
        found = await check()
        assert (found.state, "backup" in found.remedy) == ("ill", True)


async def test_who_watches_the_figures_learns_of_damage(kept: Settings, monkeypatch: pytest.MonkeyPatch):
    async with Database(kept.database) as database:
        core = SimpleNamespace(database=database, meters=Meters())
        await Inspection(core).run_once()
        assert b"kentongan_database_faults 0.0" in core.meters.page((), NOW)
        monkeypatch.setattr(condition, "damage", lambda _: ("row 7 missing from index", "more"))
        await Inspection(core).run_once()
        assert b"kentongan_database_faults 2.0" in core.meters.page((), NOW)


async def test_a_token_used_twice_is_told_while_it_lasts(kept: Settings):
    moments = iter([NOW, NOW + timedelta(hours=1), NOW + timedelta(hours=1, minutes=1)])
    async with Database(kept.database) as database:
        core = SimpleNamespace(database=database, meters=Meters(), clock=lambda: next(moments))
        contested = Contested(core, "telegram")
        await contested.met()
        await contested.met()
        assert (await Records(kept, NOW + timedelta(hours=1)).tokens()).state == "well", "two restarts"
        await contested.met()
        assert b'kentongan_token_conflicts_total{channel="telegram"} 3.0' in core.meters.page((), NOW)
    found = await Records(kept, NOW + timedelta(hours=1, minutes=5)).tokens()
    assert (found.state, "telegram" in found.told, "token of its own" in found.remedy) == ("ill", True, True)
    assert (await Records(kept, NOW + timedelta(hours=2)).tokens()).state == "well"


@pytest.mark.sqlite("it is about a file that is no database")
async def test_what_is_no_database_is_said_so(tmp_path: Path):
    (tmp_path / "kentongan.db").write_bytes(b"bukan basis data " * 400)
    found = await Records(settings(tmp_path), NOW).schema()
    assert (found.state, "backup" in found.remedy) == ("ill", True)


async def test_a_clock_that_runs_behind_the_records_is_found(kept: Settings):
    await arrive(kept.database, 1, NOW + timedelta(hours=3))
    assert (await Records(kept, NOW).clock()).state == "ill"
    assert (await Records(kept, NOW + timedelta(hours=4)).clock()).state == "well"


@pytest.mark.parametrize(("version", "state"), [("0001", "look"), (newest_schema(), "well"), ("9999", "ill")])
async def test_the_schema_of_another_program_is_told(kept: Settings, version: str, state: str):
    async with Database(kept.database) as database:
        of = text("UPDATE alembic_version SET version_num = :version")
        await database.write(lambda c: c.execute(of, {"version": version}))
    assert (await Records(kept, NOW).schema()).state == state


LAW = timedelta(hours=72)
KNOWN = NOW - timedelta(hours=60)


def tell_of_breach(c, known: datetime, *parties: breaches.Party) -> None:
    number = breaches.record(
        c, Account("nama 40 pelapor", "tertukar", "ditarik"), "admin", known, known + LAW
    )
    for party in parties:
        breaches.told(c, number, party, NOW)


async def duty(kept: Settings, now: datetime, what: str) -> Finding:
    checks = dict(Duties(Records(kept, now)).checks())
    return await checks[what]()


@pytest.mark.parametrize(
    ("hours", "state", "words"),
    [(0, "look", ("1: those affected, to be told until 2026-11-22 23:00 WIB", "told 1 --to people")),
     (12, "ill", ("1: those affected, time over since 2026-11-22 23:00 WIB", "notice 1"))],
)  # fmt: skip
async def test_breaches_whose_time_runs_or_is_over_are_told(kept: Settings, hours, state, words):
    async with Database(kept.database) as database:
        await database.write(lambda c: tell_of_breach(c, KNOWN, "authority"))
        await database.write(lambda c: tell_of_breach(c, KNOWN - LAW, "authority", "people"))
    found = await duty(kept, NOW + timedelta(hours=hours), "breaches")
    assert found.state == state
    assert all(word in found.told + found.remedy for word in words), found
    assert "authority" not in found.told + found.remedy, "they have been told"


async def test_what_people_asked_for_is_told_when_it_is_due_and_when_it_is_late(kept: Settings):
    wishes = [Wish("siti", "export"), Wish("budi", "delete"), Wish("joko", "delete")]
    async with Database(kept.database) as database:
        for hours, wish in enumerate(wishes):
            asked = NOW + timedelta(hours=hours)
            await database.write(lambda c, w=wish, at=asked: requests.ask(c, w, at, at + LAW))
        early, soon, late = [
            await duty(kept, NOW + timedelta(hours=hours), "data requests") for hours in (3, 50, 73)
        ]
        assert [one.state for one in (early, soon, late)] == ["well", "look", "ill"]
        assert early.told == "1 copy, 2 erasures wanted; the first due 2026-11-25 11:00 WIB"
        assert not early.remedy
        for command in ("people requests", "people export", "people erase"):
            assert command in soon.remedy
        assert "2 overdue, the first since 2026-11-25 11:00 WIB" in late.told
        for wish in wishes:
            await database.write(lambda c, w=wish: requests.done(c, w.contact, w.right, NOW))
    assert (await duty(kept, NOW + timedelta(hours=99), "data requests")).state == "well"


async def test_messages_set_aside_are_told(kept: Settings):
    await arrive(kept.database, 1, NOW)
    async with Database(kept.database) as database:
        await database.write(lambda c: inbox.count_try(c, [1], "aneh", set_aside=True))
    found = await Records(kept, NOW).left()
    assert (found.state, found.told[:2], found.remedy) == ("look", "1 ", "kentongan messages")
