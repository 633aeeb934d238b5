"""The page of figures over HTTP: whole months and large groups for everybody, more for who has a link."""

import random
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import aiohttp
import pytest
import pytest_asyncio

from bot.services.desk.figure_links import FigureLinks
from bot.serving import Share, opened
from bot.settings import Settings
from storage.desk import staff
from tests.reporting.conftest import ADDRESS, REPORTER, Archive
from tickets.policies import load_policies
from tickets.ticket import ReportPlace

POLICIES = load_policies()
ZONE = POLICIES.city.timezone
MAY, JUNE = datetime(2026, 5, 11, 9, tzinfo=ZONE), datetime(2026, 6, 8, 9, tzinfo=ZONE)
GODEAN, MLATI, GAMPING = "34.04.02.2004", "34.04.05.2001", "34.04.01.2001"
PLANTED = (REPORTER, ADDRESS, "sari", "lampu mati", "Pak Budi", "0812", "SLM-")
URL = "https://lapor.example.go.id"
pytestmark = pytest.mark.asyncio(loop_scope="module")


@dataclass
class Hands:
    now: datetime

    def __call__(self) -> datetime:
        return self.now


@dataclass
class City:
    house: object
    address: str
    clock: Hands
    http: aiohttp.ClientSession

    async def get(self, path):
        async with self.http.get(self.address + path.removeprefix(URL)) as answer:
            return answer.status, answer.headers, await answer.text()

    async def staff(self, user, agency, role):
        await self.house.roster.join(await self.house.roster.invite(agency, role), user, f"Petugas {user}")
        return await self.house.roster.operator(user)

    def link(self, operator, scope):
        return FigureLinks(self.house.core, self.house.roster).made(operator, scope, "id")


def fill(connection) -> None:
    """In May twelve of Godean, four of Mlati, one of Gamping and one secret; in June one."""
    archive = Archive(lambda work: work(connection), POLICIES)
    for n in range(12):
        archive.file("done", MAY - timedelta(days=9, hours=n), category="lampu_jalan", place=at(GODEAN))
    for who in ("sari", "budi", "joko", "tini"):
        archive.file("in_process", MAY, by=who, category="sampah", place=at(MLATI))
    archive.file("in_process", MAY, by="sari", category="jalan", place=at(GAMPING))
    archive.file("in_process", MAY, by="budi", category="aparatur", classification="wbs", place=at(GODEAN))
    archive.file("in_process", JUNE, by="tini", category="pasar", place=at(GODEAN))


def at(kode):
    return ReportPlace("depan rumah Pak Budi, 0812-3456-7890", kode)


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def city(tmp_path_factory) -> AsyncIterator[City]:
    clock = Hands(datetime(2026, 6, 15, 10, tzinfo=ZONE))
    told = {"port": 0, "figures_page": True, "public_url": URL, "_env_file": None}
    settings = Settings(data_dir=tmp_path_factory.mktemp("figures"), **told)
    async with (
        opened(settings, clock=clock, share=Share(clock=False)) as running,
        aiohttp.ClientSession() as http,
    ):
        await running.house.core.database.write(fill)
        yield City(running.house, running.address, clock, http)


async def test_everybody_sees_the_last_whole_month_in_numbers_alone(city):
    status, headers, text = await city.get("/angka")
    assert status == 200
    assert "bulan=2026-04" in text
    assert "bulan=2026-06" not in text
    assert re.findall(r"<dt>(Masuk|Selesai)</dt><dd>(\d+)", text) == [("Masuk", "18"), ("Selesai", "12")]
    assert "<title>Godean: 12</title>" in text
    for hidden in (*PLANTED, "Gamping: ", "Jalan &amp; jembatan", "Inspektorat", "Dishub", "rahasia"):
        assert hidden not in text
    assert 'scope="row">Gamping' not in text
    assert "<script" not in text
    assert " style=" not in text
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["Cache-Control"] == "public, max-age=600"
    assert (await city.get("/"))[2].count('href="/angka"') == 1


async def test_the_running_month_and_what_is_no_month_are_not_shown(city):
    for asked in ("2026-06", "2019-01", "2026-13", "<script>x", "9999-99"):
        status, _, text = await city.get(f"/angka?bulan={asked}")
        assert status == 404
        assert "<script" not in text
    status, _, text = await city.get("/angka?bulan=2026-04&bahasa=en")
    assert (status, "too few reports" in text) == (200, True)


async def test_a_page_made_is_not_made_again(city):
    before = await city.get("/angka?bulan=2026-05&bahasa=jv")

    def one_more(connection):
        Archive(lambda work: work(connection), POLICIES, random.Random(2)).file(
            "in_process", MAY, by="agus", place=at(GODEAN)
        )

    await city.house.core.database.write(one_more)
    assert (await city.get("/angka?bulan=2026-05&bahasa=jv"))[2] == before[2]


async def test_a_leader_sees_the_running_month_and_agencies_by_a_link_of_their_own(city):
    leader = await city.staff("901", "koordinator", "pimpinan")
    link = city.link(leader, None)
    status, headers, text = await city.get(link)
    assert (status, headers["Cache-Control"]) == (200, "no-store")
    assert "Menurut dinas" in text
    assert "@KUNCI@" not in text
    other = re.search(r'href="(\?bulan=2026-05[^"]+)"', text)[1].replace("&amp;", "&")
    status, _, may = await city.get("/angka/pimpinan" + other)
    assert status == 200
    assert "Dishub" in may
    assert "Gamping: 1" in may
    assert "Rahasia (tidak dirinci)" in may
    for hidden in (*PLANTED, "Inspektorat", leader.name, leader.id):
        assert hidden not in text + may


async def test_a_link_is_its_holders_for_their_agency_while_they_work_there_and_for_hours(city):
    head = await city.staff("902", "pu", "pimpinan")
    assert city.link(head, None) == ""
    assert city.link(head, "dishub") == ""
    assert city.link(await city.staff("903", "pu", "petugas"), "pu") == ""
    link = city.link(head, "pu")
    status, _, text = await city.get(link)
    assert (status, "Dishub" in text) == (200, False)
    began = city.clock.now
    city.clock.now = began + timedelta(hours=POLICIES.figures.page.hours)
    assert (await city.get(link))[0] == 403
    city.clock.now = began
    for wrong in ("", link[:-2], link.replace("~", "").replace("%7E", ""), "x" * 600, "é"):
        status, _, text = await city.get(
            wrong if wrong.startswith("http") else f"/angka/pimpinan?kunci={wrong}"
        )
        assert (status, "/statistik" in text) == (403, True)
    await city.house.core.database.write(lambda c: staff.revoke(c, "902"))
    assert (await city.get(link))[0] == 403
