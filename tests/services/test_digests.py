"""Digests: at office opening, once, to whoever wants them; after an outage no heap of them."""

from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from bot.app import assembled
from bot.services.core import OPERATOR
from bot.services.desk import bulletins
from bot.services.desk.digests import scopes_of, wants
from bot.settings import Settings
from storage.desk import digests as store
from storage.desk.digests import StaffChat
from storage.desk.staff import Membership
from storage.reports import figures
from storage.talks import outbox
from tickets.lives import Life, Step
from tickets.policies import load_policies

POLICIES = load_policies()
ZONE = POLICIES.city.timezone
STAFF = {
    "101": ("dishub", "penghubung"),
    "102": ("dishub", "petugas"),
    "103": ("koordinator", "koordinator"),
    "104": ("pu", "pimpinan"),
    "105": ("koordinator", "pimpinan"),
}


@dataclass
class Hands:
    """A clock whose hands a test moves."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now

    def at(self, day: int, hour: int, minute: int = 0, month: int = 11) -> None:
        self.now = datetime(2026, month, day, hour, minute, tzinfo=ZONE)


@asynccontextmanager
async def house_at(tmp_path, clock):
    async with assembled(Settings(data_dir=tmp_path, _env_file=None), clock=clock) as house:
        yield house


@pytest.fixture
async def clock():
    return Hands(datetime(2026, 11, 20, 17, 0, tzinfo=ZONE))  # Friday evening


@pytest.fixture(autouse=True)
def quick_pictures(monkeypatch):
    """Pictures are drawn for real elsewhere; here it is about who is sent one, and when."""

    async def png(_drawing):
        return b"\x89PNG"

    monkeypatch.setattr(bulletins, "png_of", png)


async def enrolled(house):
    for user, (agency, role) in STAFF.items():
        token = await house.roster.invite(agency, role)
        await house.roster.join(token, user, f"Petugas {user}")


async def told(house, user):
    found = await house.core.database.glance(lambda c: outbox.said_after(c, OPERATOR, user, 0))
    return [one.message for one in found if one.message.response.startswith("petugas_ringkasan")]


async def test_the_morning_digest_comes_once_when_the_offices_open(tmp_path, clock):
    async with house_at(tmp_path, clock) as house:
        await enrolled(house)
        assert await house.digests.run_once() == 0
        clock.at(22, 9)  # Sunday
        assert await house.digests.run_once() == 0
        clock.at(23, 7, 29)
        assert await house.digests.run_once() == 0
        clock.at(23, 7, 31)
        assert (
            await house.digests.run_once() == 6
        )  # daily for three scopes, weekly for two, one of moderation
        assert await house.digests.run_once() == 0
        daily = [one for one in await told(house, "101") if one.response == "petugas_ringkasan_harian"]
        assert len(daily) == 1
        assert "Dishub" in daily[0].text
        assert daily[0].attachments[0].ref.startswith("kept:")
        kept = await house.core.files.get(daily[0].attachments[0].ref.removeprefix("kept:"))
        assert kept.startswith(b"\x89PNG")
        assert await told(house, "102") == []
        assert {one.response for one in await told(house, "104")} == {
            "petugas_ringkasan_harian",
            "petugas_ringkasan_mingguan_kosong",
        }
        assert "Kabupaten Sleman" in (await told(house, "105"))[0].text
    async with house_at(tmp_path, clock) as house:  # after a restart the timer still stands where it was
        assert await house.digests.run_once() == 0
        clock.at(24, 7, 31)
        assert await house.digests.run_once() == 3


async def test_a_clock_that_ran_a_year_ahead_costs_nobody_the_digests_of_that_year(tmp_path, clock):
    async with house_at(tmp_path, clock) as house:
        await enrolled(house)
        await house.digests.run_once()
        clock.now = clock.now.replace(year=2027)
        await house.digests.run_once()
        clock.at(23, 12)
        assert await house.digests.run_once() == 0
        before = len(await told(house, "101"))
        clock.at(24, 7, 31)
        assert await house.digests.run_once() == 3
        assert len(await told(house, "101")) == before + 1


async def test_a_desk_whose_figures_fail_holds_up_no_other_and_has_its_digest_once_they_work(
    tmp_path, clock, monkeypatch
):
    broken, read = {"dishub"}, figures.lives

    def lives(connection, start, end, as_of, agency=None):
        if agency in broken:
            raise RuntimeError("nobody can count this")
        return read(connection, start, end, as_of, agency)

    monkeypatch.setattr(figures, "lives", lives)
    async with house_at(tmp_path, clock) as house:

        async def mornings():
            kinds = [[one.response for one in await told(house, user)] for user in STAFF]
            return [kind.count("petugas_ringkasan_harian") for kind in kinds]

        await enrolled(house)
        await house.digests.run_once()
        clock.at(23, 7, 31)
        for _ in "twice":
            with pytest.raises(RuntimeError, match="nobody can count"):  # whoever watches the work is to know
                await house.digests.run_once()
            assert await mornings() == [0, 0, 1, 1, 1]
        broken.clear()
        clock.at(23, 8, 40)
        assert await house.digests.run_once() == 1
        assert await house.digests.run_once() == 0
        assert await mornings() == [1, 0, 1, 1, 1]
        broken.add("dishub")
        clock.at(24, 7, 31)
        with pytest.raises(RuntimeError):
            await house.digests.run_once()
        broken.clear()
        clock.at(24, 22)  # too late for that day's
        await house.digests.run_once()
        clock.at(25, 7, 31)
        await house.digests.run_once()
        assert await mornings() == [2, 0, 3, 3, 3]


async def test_after_an_outage_one_digest_is_enough_and_none_at_night(tmp_path, clock):
    async with house_at(tmp_path, clock) as house:
        await enrolled(house)
        await house.digests.run_once()
        clock.at(26, 22)  # the Monday digest is three days late, and it is night
        assert await house.digests.run_once() == 0
        assert await told(house, "103") == []
        clock.at(27, 7, 31)
        assert await house.digests.run_once() == 3
        assert len(await told(house, "103")) == 1


async def test_who_chose_is_heard_whatever_the_role_says(tmp_path, clock):
    async with house_at(tmp_path, clock) as house:
        await enrolled(house)
        await house.digests.run_once()
        write = house.core.database.write
        await write(lambda c: store.choose(c, "103", "harian", wanted=False))
        await write(lambda c: store.choose(c, "102", "harian", wanted=True))
        clock.at(23, 7, 31)
        await house.digests.run_once()
        weekly = ["petugas_ringkasan_mingguan_kosong", "petugas_ringkasan_putusan_kosong"]
        assert [one.response for one in await told(house, "103")] == weekly
        assert [one.response for one in await told(house, "102")] == ["petugas_ringkasan_harian"]


@pytest.mark.parametrize(
    ("chat", "scopes"),
    [
        (
            StaffChat("1", "id", (Membership("dishub", "penghubung"), Membership("pu", "petugas"))),
            ("dishub", "pu"),
        ),
        (StaffChat("1", "id", (Membership("dishub", "pimpinan"),)), ("dishub",)),
        (StaffChat("1", "id", (Membership("koordinator", "pimpinan"),)), (None,)),
        (StaffChat("1", "id", (Membership("dishub", "admin"),)), (None,)),
        (StaffChat("-1", "id", group_agency="dlh"), ("dlh",)),
        (StaffChat("-1", "id", group_agency="koordinator"), (None,)),
        (StaffChat("1", "id"), ()),
    ],
)
def test_everybody_reads_the_figures_of_their_own_agencies(chat, scopes):
    assert scopes_of(chat, POLICIES) == scopes


def test_moderation_is_told_to_those_who_look_after_all():
    for agency, gets in (("koordinator", True), ("pu", False)):
        leader = StaffChat("1", "id", (Membership(agency, "pimpinan"),))
        assert wants(leader, "putusan", None, POLICIES) is gets
        assert wants(leader, "mingguan", None, POLICIES)
        assert wants(leader, "putusan", chosen=True, policies=POLICIES)


def test_groups_get_digests_only_when_they_chose_them():
    group = StaffChat("-1", "id", group_agency="dlh")
    assert not wants(group, "harian", None, POLICIES)
    assert wants(group, "harian", chosen=True, policies=POLICIES)


async def test_the_month_is_told_on_its_first_working_day_in_words_to_read_aloud(tmp_path, clock):
    async with house_at(tmp_path, clock) as house:
        await enrolled(house)
        clock.at(30, 17)
        await house.digests.run_once()
        clock.at(1, 7, 31, month=12)
        await house.digests.run_once()
        (month,) = [one for one in await told(house, "105") if one.response == "petugas_ringkasan_bulanan"]
        assert "Kabupaten Sleman, bulan November 2026" in month.text
        assert "Tidak ada laporan yang masuk." in month.text
        assert "/statistik lisan" in month.text
        assert month.attachments
        (own,) = [one for one in await told(house, "104") if one.response == "petugas_ringkasan_bulanan"]
        assert "DPUPKP, bulan November 2026" in own.text
        assert "petugas_ringkasan_bulanan" not in {one.response for one in await told(house, "101")}


def done(number, agency, days):
    """A report that was solved in so many days."""
    opened = datetime(2026, 11, 2, 9, tzinfo=ZONE)
    steps = (
        Step(opened, "verify", None, "DISPOSISI"),
        Step(opened + timedelta(days=days), "close", "DISPOSISI", "MENUNGGU_KONFIRMASI"),
        Step(opened + timedelta(days=days + 1), "confirm", None, "SELESAI"),
    )
    where = (agency, "jalan", "pengaduan", "34.04.02.2004", opened)
    return Life(f"SLM-26-{number}", *where, secret=False, steps=steps)


async def test_the_weekly_digest_ranks_the_units_and_tells_one_unit_its_own_place(
    tmp_path, clock, monkeypatch
):
    speeds = {"dishub": 2, "pu": 3, "dlh": 4}
    lives = [done(f"{unit}{n}", unit, days) for unit, days in speeds.items() for n in range(5)]
    lives.append(done("satpolpp0", "satpolpp", 1))

    def of(_connection, _start, _end, _as_of, agency=None):
        return tuple(one for one in lives if agency in {None, one.agency})

    monkeypatch.setattr(figures, "lives", of)
    async with house_at(tmp_path, clock) as house:
        sent = bulletins.Bulletins(house.core)
        whole = (await sent.weekly(None, "id")).text
        assert "Tercepat:\n1. Dishub: 2 hari (n = 5)\n2. DPUPKP: 3 hari (n = 5)\n\nTerlama:\n1. DLH" in whole
        own = await sent.weekly("pu", "id")
        assert own.response == "petugas_ringkasan_mingguan_unit"
        assert "DPUPKP" in own.text
        assert "Urutan 2 dari 3 unit" in own.text
        assert "DLH" not in own.text
        few = await sent.weekly("satpolpp", "id")
        assert few.response == "petugas_ringkasan_mingguan_kosong"
        assert "paling sedikit 5 laporan selesai" in few.text
        lives = [one for one in lives if one.agency == "pu"]
        assert "Terlama" not in (await sent.weekly(None, "id")).text


async def test_the_digest_and_statistics_name_the_repeat_places(tmp_path, clock, monkeypatch):
    opened = clock.now
    steps = (Step(opened, "verify", None, "DISPOSISI"),)
    where = ("pu", "jalan", "pengaduan", "34.04.02.2004", opened, False, steps)
    lives = tuple(Life(f"SLM-26-{n}", *where, frozenset({n})) for n in range(3))
    monkeypatch.setattr(figures, "lives", lambda *_: lives)
    async with house_at(tmp_path, clock) as house:
        sent = bulletins.Bulletins(house.core)
        week = sent.desk.last_days(7)
        for told in (await sent.daily(None, "id"), await sent.statistics(week, None, "id")):
            assert "Tempat berulang: Sidoagung (Godean), Jalan" in told.text
            assert "3 laporan dari 3 warga" in told.text
        assert "3 reports from 3 people" in (await sent.daily("pu", "en")).text
        monkeypatch.setattr(figures, "lives", lambda *_: lives[:2])
        assert "Tempat berulang" not in (await sent.daily(None, "id")).text
