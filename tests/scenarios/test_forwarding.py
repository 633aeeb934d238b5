"""Reports that are another government's: sent to it, its news brought back; also through two whole towns."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import time_machine
from aiohttp import web
from pydantic import SecretStr

from bot.app import Kentongan
from bot.forwarding.wire import Wire
from bot.services.open311 import KeyRing, PublicDesk, Repeat, Reported
from bot.services.reports.ticketing import Act
from bot.serving import opened
from bot.settings import Settings
from storage.reports import cases, forwards
from storage.reports.forwards import Forward
from storage.talks import outbox
from tickets.ticket import Actor, Command

COORDINATOR = Actor("operator", "1", "koordinator", "koordinator")
TARGETS = """\
poll_minutes: 60
most_tries: 3
targets:
  - id: bantul
    agency: kabupaten_lain
    area: "34.02"
    kind: open311
    url: "{url}/open311/v2"
    jurisdiction: "{where}"
    services: {{lampu_jalan: lampu_jalan-mati, lainnya: lainnya}}
  - {{id: sp4n, agency: bpn, kind: sp4n, url: "{url}/sp4n"}}
"""


@dataclass
class Office:
    """Another government's system, as simple as they come."""

    answers: list[tuple[int, Any]] = field(default_factory=list)
    taken: list[dict[str, Any]] = field(default_factory=list)
    standing: dict[str, Any] = field(default_factory=lambda: {"status": "open"})

    async def post(self, request: web.Request) -> web.Response:
        as_json = request.content_type == "application/json"
        body = await request.json() if as_json else dict(await request.post())
        self.taken.append({**body, "auth": request.headers.get("Authorization", "")})
        status, told = self.answers.pop(0) if self.answers else (201, [{"service_request_id": 77}])
        return web.json_response(told, status=status)

    async def token(self, _request: web.Request) -> web.Response:
        return web.json_response([{"service_request_id": "88", "token": "t"}])

    async def request(self, request: web.Request) -> web.Response:
        return web.json_response([{"service_request_id": request.match_info["name"], **self.standing}])


@asynccontextmanager
async def office() -> AsyncIterator[tuple[Office, str]]:
    made = Office()
    application = web.Application()
    application.router.add_post("/open311/v2/requests.json", made.post)
    application.router.add_get("/open311/v2/requests/{name}.json", made.request)
    application.router.add_get("/open311/v2/tokens/{name}.json", made.token)
    application.router.add_post("/sp4n", made.post)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield made, f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


def policies(folder: Path, url: str, where: str = "bantulkab.go.id") -> Path:
    """A folder of policies with these targets."""
    folder.mkdir()
    (folder / "forwarding.yml").write_text(TARGETS.format(url=url, where=where))
    return folder


def configured(folder: Path, rules: Path, key: str = "kunci-bantul") -> Settings:
    keys = {"bantul": SecretStr(key), "sp4n": SecretStr("kunci-sp4n")}
    return Settings(data_dir=folder, policies_dir=rules, port=0, forward_keys=keys, _env_file=None)


async def filed(house: Kentongan, text: str, address: str, category: str = "lampu_jalan") -> str:
    _, secret = await KeyRing(house.core).add("warga")
    desk = PublicDesk(house.core, house.deliveries)
    report = Reported(category, "", text, address=address, person="Siti Rahayu")
    return (await desk.post(await desk.key(secret), report, Repeat(text))).number


async def case_of(house: Kentongan, number: str) -> cases.Case:
    return await house.core.database.read(lambda c: cases.case(c, number))


async def told(house: Kentongan, number: str) -> list[str]:
    home = (await case_of(house, number)).home
    said = await house.core.database.read(lambda c: outbox.said_after(c, home.channel, home.address, 0))
    return [one.message.text for one in said]


async def forward_of(house: Kentongan, number: str) -> Forward:
    every = await house.core.database.read(forwards.every)
    return next(one for one in every if one.number == number)


@dataclass
class Town:
    house: Kentongan
    office: Office

    async def bantul(self) -> str:
        """A report from Bantul, which the rules pass on by themselves."""
        number = await filed(self.house, "Lampu jalan mati gelap sekali dekat pasar.", "Pasar Bantul, Bantul")
        ticket = (await case_of(self.house, number)).ticket
        assert (ticket.status, ticket.agency) == ("DITERUSKAN", "kabupaten_lain")
        return number

    async def later(self, minutes: int) -> None:
        with time_machine.travel(self.house.core.clock().timestamp() + minutes * 60):
            await self.house.forwarding.run_once()


@pytest.fixture
async def town(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Town]:
    monkeypatch.setattr("bot.serving.in_one", lambda _house: [])
    async with office() as (other, url):
        rules = policies(tmp_path / "rules", url)
        async with opened(configured(tmp_path / "data", rules)) as running:
            yield Town(running.house, other)


async def test_a_report_goes_out_and_the_news_come_back(town: Town):
    number = await town.bantul()
    await town.house.forwarding.run_once()
    (sent,) = town.office.taken
    assert (sent["api_key"], sent["service_code"]) == ("kunci-bantul", "lampu_jalan-mati")
    assert "Lampu jalan mati" in sent["description"]
    assert number in sent["description"]
    assert "Siti" not in str(sent)
    assert (await forward_of(town.house, number)).their_id == "77"
    assert any("77" in text for text in await told(town.house, number))
    await town.house.forwarding.run_once()
    assert len(town.office.taken) == 1, "nothing is sent twice"
    town.office.standing = {"status": "open", "status_notes": "Dijadwalkan Rabu"}
    await town.later(61)
    await town.later(62)
    assert sum("Dijadwalkan Rabu" in text for text in await told(town.house, number)) == 1
    town.office.standing = {"status": "closed", "status_notes": "Lampu diganti"}
    await town.later(200)
    assert "Lampu diganti" in (await told(town.house, number))[-1]
    assert (await forward_of(town.house, number)).state == "closed"
    history = await town.house.core.database.read(lambda c: cases.history(c, number))
    assert [one.action for one in history][-3:] == ["acknowledge", "hear_outside", "hear_outside"]


async def test_a_token_becomes_a_number(town: Town):
    number = await town.bantul()
    town.office.answers = [(201, [{"token": "t-1"}])]
    await town.house.forwarding.run_once()
    assert (await forward_of(town.house, number)).token == "t-1"
    await town.later(61)
    assert (await forward_of(town.house, number)).their_id == "88"


async def test_one_that_breaks_the_program_holds_up_none_behind_it(
    town: Town, monkeypatch: pytest.MonkeyPatch
):
    numbers = [await town.bantul() for _ in range(2)]
    send, broken = Wire.send, []

    async def choking(wire, target, report):
        if not broken:
            broken.append(report)
            raise KeyError("of its own")
        return await send(wire, target, report)

    monkeypatch.setattr(Wire, "send", choking)
    with pytest.raises(KeyError, match="of its own"):
        await town.house.forwarding.run_once()
    assert sorted([(await forward_of(town.house, one)).state for one in numbers]) == ["sent", "waiting"]
    await town.later(6)
    assert {(await forward_of(town.house, one)).state for one in numbers} == {"sent"}


async def test_the_national_fields_go_out_as_json(town: Town):
    number = await filed(
        town.house, "Sertifikat tanah saya di Godean tidak kunjung terbit.", "Godean", "tata_ruang"
    )
    refer = Command("refer", COORDINATOR, target="bpn", reason="Urusan ATR/BPN")
    await town.house.ticketing.act(number, Act(refer))
    town.office.answers = [(200, {"nomor": "LAPOR-1"})]
    await town.house.forwarding.run_once()
    (sent,) = town.office.taken
    assert sent["auth"] == "Bearer kunci-sp4n"
    assert (sent["nomor_laporan"], sent["instansi_tujuan"]) == (number, "Kantor Pertanahan (ATR/BPN)")
    assert (await forward_of(town.house, number)).their_id == "LAPOR-1"


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ((400, [{"code": 400, "description": "address missing"}]), "HTTP 400: address missing"),
        ((403, [{"code": 403, "description": "key"}]), "HTTP 403: key"),
        ((503, {}), "HTTP 503"),
    ],
)
async def test_what_is_not_taken_is_listed_and_told_with_the_reason(town: Town, answer, reason):
    number = await town.bantul()
    await town.house.roster.bind_group("-100", "koordinator", forum=False)
    town.office.answers = [answer] * 3
    for minutes in (0, 5, 30, 120):
        await town.later(minutes)
    forward = await forward_of(town.house, number)
    assert (forward.state, forward.reason) == ("failed", reason)
    assert len(town.office.taken) == (3 if answer[0] == 503 else 1), (
        "what may pass is tried again, not the rest"
    )
    said = await town.house.core.database.read(lambda c: outbox.said_after(c, "operator", "-100", 0))
    (notice,) = [one.message.text for one in said if one.message.response == "petugas_terusan_gagal"]
    assert reason in notice
    assert number in notice
    town.office.answers = []
    assert await town.house.forwarding.again(forward.id)
    await town.later(121)
    assert (await forward_of(town.house, number)).state == "sent"


async def test_what_has_no_target_or_is_secret_is_left_to_people(town: Town):
    far = await filed(
        town.house, "Lampu jalan mati gelap sekali di jalan utama.", "Kota Surabaya, Jawa Timur"
    )
    secret = await town.bantul()
    await town.house.ticketing.act(secret, Act(Command("make_confidential", COORDINATOR)))
    await town.house.forwarding.run_once()
    assert town.office.taken == []
    assert "berkas" in (await forward_of(town.house, far)).reason
    assert "rahasia" in (await forward_of(town.house, secret)).reason
    assert not await town.house.forwarding.again((await forward_of(town.house, secret)).id)


async def test_from_one_town_to_another_and_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, further_database
):
    """Both ends are ours: what one sends by Open311, the other takes, works on and closes."""
    monkeypatch.setattr("bot.serving.in_one", lambda _house: [])
    elsewhere = Settings(
        data_dir=tmp_path / "theirs", database_url=further_database(), port=0, _env_file=None
    )
    async with opened(elsewhere) as theirs:
        _, key = await KeyRing(theirs.house.core).add("Sleman")
        rules = policies(tmp_path / "rules", theirs.address, "slemankab.go.id")
        async with opened(configured(tmp_path / "ours", rules, key)) as ours:
            town = Town(ours.house, Office())
            number = await town.bantul()
            await ours.house.forwarding.run_once()
            (theirs_case,) = await theirs.house.core.database.read(cases.all_cases)
            there = theirs_case.ticket
            assert (await forward_of(ours.house, number)).their_id == there.number
            assert any(there.number in text for text in await told(ours.house, number))
            cancel = Command("cancel", Actor("citizen", there.reporter))
            await theirs.house.ticketing.act(there.number, Act(cancel))
            await town.later(61)
            assert "Dibatalkan" in (await told(ours.house, number))[-1]
