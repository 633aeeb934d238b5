"""Failures to protect data: on record by a command, told at once, reminded of in time, told to be late."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from typer.testing import CliRunner

from bot.__main__ import app
from bot.app import assembled
from bot.services.people.breaches import Breaches, FutureError
from bot.settings import Settings
from storage.people import breaches
from storage.people.breaches import Account
from storage.talks import outbox

KNOWN = datetime(2026, 6, 8, 9, tzinfo=UTC)
ACCOUNT = Account("nama dan nomor telepon 40 pelapor", "laptop hilang 8 Juni", "akun ditutup")


class Hands:
    def __init__(self):
        self.now = KNOWN

    def __call__(self):
        return self.now


@pytest.fixture
async def office(tmp_path, database_url):
    """A house with a data officer, and what waits to be said to them."""
    clock = Hands()
    settings = Settings(data_dir=tmp_path, database_url=database_url, _env_file=None)
    async with assembled(settings, clock=clock) as house:
        await house.roster.join(await house.roster.invite("koordinator", "pengawas"), "77", "Dewi")

        async def told():
            rows = await house.core.database.read(lambda c: outbox.said_after(c, "operator", "77", 0))
            return [one.message.text for one in rows]

        yield Breaches(house.core, house.deliveries), clock, told


async def test_the_officer_hears_at_once_in_time_and_when_it_is_late_once_each(office):
    record, clock, told = office
    found = await record.record(ACCOUNT, KNOWN - timedelta(hours=1), "dewi")
    assert found.due_at == KNOWN + timedelta(hours=71)
    (first,) = await told()
    assert "40 pelapor" in first
    assert "24 jam" in first
    seen = []
    for hours in range(0, 90, 6):
        clock.now = KNOWN + timedelta(hours=hours)
        await record.run_once()
        now = len(await told())
        seen += [hours] * (now - 1 - len(seen))
    assert seen == [48, 72]
    _, due, late = await told()
    assert "warga yang terkena, lembaga pelindungan data" in due
    assert "sudah lewat" in late


async def test_who_becomes_data_officer_later_is_reminded_of_what_nobody_was_told(tmp_path, database_url):
    clock = Hands()
    settings = Settings(data_dir=tmp_path, database_url=database_url, _env_file=None)
    async with assembled(settings, clock=clock) as house:
        record = Breaches(house.core, house.deliveries)
        await record.record(ACCOUNT, KNOWN, "dewi")
        clock.now = KNOWN + timedelta(hours=49)
        await record.run_once()
        await house.roster.join(await house.roster.invite("koordinator", "pengawas"), "77", "Dewi")
        await record.run_once()
        rows = await house.core.database.read(lambda c: outbox.said_after(c, "operator", "77", 0))
    assert ["warga yang terkena" in one.message.text for one in rows] == [True]


async def test_who_was_told_is_not_named_again_and_nobody_is_reminded_once_all_were(office):
    record, clock, told = office
    database = record.core.database
    one, other = [(await record.record(ACCOUNT, KNOWN, "dewi")).id for _ in range(2)]
    assert await database.write(lambda c: breaches.told(c, one, "people", KNOWN))
    assert not await database.write(lambda c: breaches.told(c, one, "people", KNOWN))
    for party in breaches.PARTIES:
        assert await database.write(lambda c, p=party: breaches.told(c, other, p, KNOWN))
    clock.now = KNOWN + timedelta(hours=50)
    await record.run_once()
    reminded = (await told())[2:]
    assert len(reminded) == 1
    assert "warga" not in reminded[0].partition("Belum")[2]
    listed = await database.read(breaches.every)
    assert [(found.id, found.waiting) for found in listed] == [(one, ("authority",)), (other, ())]


async def test_the_future_is_refused(office):
    record, clock, _ = office
    with pytest.raises(FutureError):
        await record.record(ACCOUNT, clock.now + timedelta(minutes=1), "dewi")


@pytest.fixture
def run(tmp_path, monkeypatch, database_url):
    monkeypatch.setenv("KENTONGAN_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("KENTONGAN_DATABASE_URL", database_url)

    async def called(*words):
        return await asyncio.to_thread(CliRunner().invoke, app, ["breaches", *words])

    return called


async def test_the_commands_take_it_from_the_record_to_the_last_who_is_told(run):
    assert "None on record" in (await run("list")).output
    given = ("--how", ACCOUNT.how, "--measures", ACCOUNT.measures)
    done = await run("record", ACCOUNT.data, *given, "--known", "2026-06-08 09:00")
    assert done.exit_code == 0, done.output
    assert "1  LATE" in done.output
    assert "due 2026-06-11 09:00" in done.output
    letter = (await run("notice", "1")).output
    for part in (ACCOUNT.data, ACCOUNT.how, ACCOUNT.measures, "08-06-2026 09:00", "Kabupaten Sleman"):
        assert part in letter
    assert "{" not in letter
    assert "Data disclosed" in (await run("notice", "1", "--language", "en")).output
    assert (await run("told", "1", "--to", "warga")).exit_code == 1
    assert (await run("told", "9", "--to", "people")).exit_code == 1
    for party in breaches.PARTIES:
        assert (await run("told", "1", "--to", party, "--at", "2026-06-09 10:00")).exit_code == 0
    listed = (await run("list")).output
    assert "LATE" not in listed
    assert "people told 2026-06-09 10:00" in listed
    assert (await run("record", "x", *given, "--known", "2999-01-01 00:00")).exit_code == 1
