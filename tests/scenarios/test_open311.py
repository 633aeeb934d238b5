"""Other programs read and post reports by Open311, over HTTP as they do."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree as ET

import aiohttp
import pytest
from aiohttp import web
from hypothesis import HealthCheck, given
from hypothesis import settings as trials
from hypothesis import strategies as st
from PIL import Image

from bot.app import Kentongan
from bot.channels.open311.fetching import Fetcher
from bot.commands.open311 import KeyRing
from bot.services.reports.ticketing import Act
from bot.serving import opened
from bot.settings import Settings
from storage.reports import cases, media, open311
from tests.scenarios.kit import every_row
from tickets.ticket import Actor, Command

LAMP = {
    "service_code": "lampu_jalan-mati",
    "lat": "-7.7713",
    "long": "110.2933",
    "address_string": "depan Pasar Godean",
    "description": "Lampu jalan depan pasar mati sudah seminggu, gelap sekali kalau malam.",
}


@dataclass
class Api:
    """The interface as a program sees it."""

    house: Kentongan
    base: str
    session: aiohttp.ClientSession
    key: str

    async def get(self, path: str, **query: str) -> tuple[int, Any]:
        async with self.session.get(f"{self.base}/{path}", params=query) as answer:
            if path.endswith(".xml"):
                assert answer.headers["Content-Type"] == "text/xml; charset=utf-8"
                return answer.status, ET.fromstring(await answer.read())  # noqa: S314 our own answer
            assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
            assert answer.headers["Access-Control-Allow-Origin"] == "*"
            return answer.status, await answer.json()

    async def post(self, headers: dict[str, str] | None = None, **form: str) -> tuple[int, Any]:
        data = {"api_key": self.key, **form}
        async with self.session.post(f"{self.base}/requests.json", data=data, headers=headers) as answer:
            return answer.status, await answer.json()

    async def filed(self, **form: str) -> str:
        status, ((receipt),) = await self.post(**{**LAMP, **form})
        assert status == 201, receipt
        return receipt["service_request_id"]

    async def act(self, number: str, action: str, actor: Actor, **more: Any) -> None:
        await self.house.ticketing.act(number, Act(Command(action, actor, **more)))

    async def case(self, number: str) -> cases.Case:
        found = await self.house.core.database.read(lambda c: cases.case(c, number))
        assert found is not None
        return found


@pytest.fixture
async def api(tmp_path: Path) -> AsyncIterator[Api]:
    configured = Settings(data_dir=tmp_path, port=0, _env_file=None)
    async with opened(configured) as running, aiohttp.ClientSession() as session:
        _, secret = await KeyRing(running.house.core).add("Aplikasi warga")
        yield Api(running.house, f"{running.address}/open311/v2", session, secret)


async def test_discovery_names_the_endpoint_and_its_formats(api: Api):
    status, told = await api.get("discovery.json")
    (endpoint,) = told["endpoints"]
    assert status == 200
    assert endpoint["url"] == api.base
    assert endpoint["specification"] == "http://wiki.open311.org/GeoReport_v2"
    assert endpoint["formats"] == ["application/json", "text/xml"]
    assert told["contact"]
    assert told["key_service"]
    _, tree = await api.get("discovery.xml")
    assert [one.text for one in tree.iter("format")] == ["application/json", "text/xml"]


async def test_services_and_their_questions(api: Api):
    _, listed = await api.get("services.json")
    by_code = {one["service_code"]: one for one in listed}
    assert by_code["jalan-berlubang"]["service_name"] == "Jalan berlubang atau rusak"
    assert by_code["jalan-berlubang"]["group"] == "Jalan & jembatan"
    assert (by_code["jalan-berlubang"]["metadata"], by_code["sampah-menumpuk"]["metadata"]) == (True, False)
    assert {one["type"] for one in listed} == {"realtime"}
    _, definition = await api.get("services/jalan-berlubang.json")
    owner, since = definition["attributes"]
    assert (owner["code"], owner["datatype"], owner["order"]) == ("pemilik_aset", "singlevaluelist", 1)
    assert {"key": "nasional", "name": "Jalan nasional"} in owner["values"]
    assert (since["datatype"], "values" in since) == ("datetime", False)
    _, tree = await api.get("services/jalan-berlubang.xml")
    assert tree.tag == "service_definition"
    assert tree.findtext("attributes/attribute/values/value/key") == "nasional"
    assert tree.findtext("attributes/attribute/required") == "false"
    status, told = await api.get("services/tak-ada.json")
    assert (status, told[0]["code"]) == (404, 404)


async def test_a_post_is_a_report_like_any_other(api: Api):
    number = await api.filed(**{"attribute[pemilik_aset]": "kalurahan", "attribute[nomor_tiang]": "GD-17"})
    case = await api.case(number)
    report = case.ticket.report
    assert (report.category, report.subcategory) == ("lampu_jalan", "mati")
    assert report.place.kapanewon == "Godean"
    assert report.answers == {"pemilik_aset": "kalurahan", "nomor_tiang": "GD-17"}
    assert case.ticket.agency.startswith("kapanewon"), "the owner of the lamp decides who gets it"
    _, (seen,) = await api.get(f"requests/{number}.json")
    assert seen["service_request_id"] == number
    assert (seen["status"], seen["service_code"]) == ("open", "lampu_jalan-mati")
    assert seen["requested_datetime"].endswith("+07:00")
    assert (seen["lat"], seen["long"]) == (-7.7713, 110.2933)
    assert seen["zipcode"]
    assert "Godean" in seen["address"]
    assert seen["expected_datetime"] > seen["requested_datetime"]
    _, tree = await api.get(f"requests/{number}.xml")
    assert tree.tag == "service_requests"
    assert tree.findtext("request/description") == LAMP["description"]


async def test_the_state_follows_the_ticket(api: Api):
    number = await api.filed()
    staff = Actor("operator", "7", "dishub", "penghubung")
    await api.act(number, "claim", staff)
    await api.act(number, "close", staff, text="Diganti.", proof=("x",))
    _, (waiting,) = await api.get(f"requests/{number}.json")
    assert waiting["status"] == "open", "the citizen has not agreed yet"
    await api.house.settle()
    ticket = (await api.case(number)).ticket
    assert ticket.due_kind == "auto_close", "the question can be read where the program asks"
    await api.act(number, "confirm", Actor("citizen", ticket.reporter))
    _, (done,) = await api.get(f"requests/{number}.json", extensions="true")
    assert (done["status"], done["extended_attributes"]["state"]) == ("closed", "SELESAI")
    assert done["expected_datetime"] is None
    _, listed = await api.get("requests.json", status="closed")
    assert [one["service_request_id"] for one in listed] == [number]
    assert await api.get("requests.json", status="open") == (200, [])


async def test_lists_are_filtered_and_paged(api: Api):
    lamp = await api.filed()
    holes = "Jalan berlubang dekat sekolah dasar."
    road = await api.filed(service_code="jalan-berlubang", description=holes)
    ids = [one["service_request_id"] for one in (await api.get("requests.json"))[1]]
    assert ids == [road, lamp], "newest first"
    for query, expected in (
        ({"service_code": "jalan-berlubang"}, [road]),
        ({"service_code": "jalan-berlubang,lampu_jalan-mati"}, [road, lamp]),
        ({"service_code": "tak-ada"}, []),
        ({"service_request_id": f"{lamp},{road.lower()},SLM-26-XXXXX", "status": "closed"}, [road, lamp]),
        ({"page_size": "1"}, [road]),
        ({"page_size": "1", "page": "2"}, [lamp]),
        ({"page": "9"}, []),
        ({"start_date": "2020-01-01T00:00:00Z", "end_date": "2020-02-01T00:00:00Z"}, []),
        ({"start_date": "2020-01-01T00:00:00Z"}, []),
        ({"end_date": "2999-01-01T00:00:00+07:00"}, []),
        ({"end_date": "0001-02-01T00:00:00+14:00"}, []),
        ({"start_date": "9999-12-01T00:00:00-07:00"}, []),
        ({"jurisdiction_id": "slemankab.go.id", "status": "open,closed"}, [road, lamp]),
    ):
        status, found = await api.get("requests.json", **query)
        assert (status, [one["service_request_id"] for one in found]) == (200, expected), query


FAULTS_OF_READING_ARE_TOLD_AS_THE_STANDARD_SAYS = [
    ("requests.json", {"start_date": "kemarin"}, 400, "W3C"),
    ("requests.json", {"start_date": "2026-01-01T00:00:00"}, 400, "zona"),
    ("requests.json", {"start_date": "2026-13-01T00:00:00Z"}, 400, "W3C"),
    ("requests.json", {"end_date": "0001-01-01T00:00:00+14:00"}, 400, "W3C"),
    ("requests.json", {"start_date": "9999-12-31T23:00:00-07:00"}, 400, "W3C"),
    ("requests.json", {"start_date": "2026-01-01T00:00:00Z", "end_date": "2026-06-01T00:00:00Z"}, 400, "90"),
    (
        "requests.json",
        {"start_date": "2026-03-01T00:00:00Z", "end_date": "2026-01-01T00:00:00Z"},
        400,
        "awal",
    ),
    ("requests.json", {"status": "selesai"}, 400, "open"),
    ("requests.json", {"page": "0"}, 400, "page"),
    ("requests.json", {"page_size": "1001"}, 400, "1000"),
    ("requests.json", {"jurisdiction_id": "bantulkab.go.id"}, 404, "slemankab"),
    ("services.json", {"jurisdiction_id": "bantulkab.go.id"}, 404, "slemankab"),
    ("requests/SLM-26-XXXXX.json", {}, 404, "SLM-26-XXXXX"),
    ("tokens/tidak-ada.json", {}, 404, "Token"),
    ("requests.csv", {}, 404, ".json"),
    ("tak/ada", {}, 404, "discovery"),
]


async def test_faults_of_reading_are_told_as_the_standard_says(api: Api):
    for path, query, status, word in FAULTS_OF_READING_ARE_TOLD_AS_THE_STANDARD_SAYS:
        got, told = await api.get(path, **query)
        assert (got, told[0]["code"]) == (status, status), (path, query)
        assert word in told[0]["description"]


FAULTS_OF_POSTING_ARE_TOLD_AND_NOTHING_IS_FILED = [
    ({"api_key": ""}, 403, "api_key"),
    ({"api_key": "tebakan"}, 403, "api_key"),
    ({"service_code": ""}, 400, "service_code"),
    ({"service_code": "tak-ada"}, 404, "tak-ada"),
    ({"lat": "", "long": "", "address_string": ""}, 400, "address_string"),
    ({"lat": "91"}, 400, "WGS 84"),
    ({"lat": "nan"}, 400, "WGS 84"),
    ({"long": ""}, 400, "WGS 84"),
    ({"description": ""}, 400, "description"),
    ({"description": "x" * 4001}, 400, "4000"),
    ({"media_url": "file:///etc/passwd"}, 400, "http"),
    ({"media_url": "http://[::1"}, 400, "http"),
    ({"jurisdiction_id": "lain"}, 404, "lain"),
    ({"attribute[pemilik_aset]": "presiden"}, 400, "kabupaten"),
    ({"service_code": "jalan", "attribute[waktu]": "tadi"}, 400, "W3C"),
    ({"service_code": "aparatur"}, 400, "asal_tahu"),
]


async def test_faults_of_posting_are_told_and_nothing_is_filed(api: Api):
    for changed, status, word in FAULTS_OF_POSTING_ARE_TOLD_AND_NOTHING_IS_FILED:
        got, told = await api.post(**{**LAMP, **changed})
        assert (got, told[0]["code"]) == (status, status), changed
        assert word in told[0]["description"]
    assert await api.house.core.database.read(cases.all_cases) == ()


async def test_faults_in_the_callers_language_and_format(api: Api):
    url, english = f"{api.base}/requests.xml", {"Accept-Language": "en-GB,id;q=0.5"}
    async with api.session.post(url, data={"service_code": "x"}, headers=english) as answer:
        tree = ET.fromstring(await answer.read())  # noqa: S314
    assert (tree.tag, tree.findtext("error/code")) == ("errors", "403")
    assert tree.findtext("error/description").startswith("api_key is required")


async def test_a_repeat_is_the_same_report(api: Api):
    first = await api.filed()
    assert await api.filed() == first, "the same words within ten minutes"
    named = {"Idempotency-Key": "aplikasi-1"}
    other = {**LAMP, "description": "Lampu kedua mati total di ujung gang."}
    status, ((receipt),) = await api.post(named, **other)
    second = receipt["service_request_id"]
    assert (status, second != first) == (201, True)
    again = [api.post(named, **other) for _ in range(5)]
    assert {told[0]["service_request_id"] for _, told in await asyncio.gather(*again)} == {second}
    status, told = await api.post(named, **LAMP)
    assert (status, "Idempotency-Key" in told[0]["description"]) == (400, True)
    assert len(await api.house.core.database.read(cases.all_cases)) == 2


async def test_a_key_that_was_revoked_is_no_good(api: Api):
    ring = KeyRing(api.house.core)
    (key,) = await ring.every()
    assert api.key not in str(await api.house.core.database.read(open311.keys))
    assert await ring.revoke(key.id)
    status, told = await api.post(**LAMP)
    assert (status, told[0]["code"]) == (403, 403)


async def test_secrets_never_show(api: Api):
    told = {"first_name": "Siti", "last_name": "Aminah", "email": "siti@contoh.id", "phone": "081234567890"}
    plain = await api.filed(**told, description="Lampu mati, hubungi pak RT 081298765432 untuk kuncinya ya.")
    hidden = await api.filed(
        service_code="aparatur",
        description="Petugas loket meminta uang pungli lima puluh ribu untuk KTP.",
        **{"attribute[asal_tahu]": "Saya sendiri, hari Senin."},
    )
    shy = await api.filed(description="Lampu depan rumah saya nomor lima di gang Melati mati.")
    owner = Actor("citizen", (await api.case(shy)).ticket.reporter)
    await api.act(shy, "make_anonymous", owner)
    async with api.session.get(f"{api.base}/requests.json?extensions=true") as answer:
        text = await answer.text()
        rows = await answer.json()
    for secret in ("Siti", "Aminah", "siti@contoh", "81234567890", "81298765432", "pungli", "Melati", hidden):
        assert secret not in text, secret
    assert {one["service_request_id"] for one in rows} == {plain, shy}
    (quiet,) = [one for one in rows if one["service_request_id"] == shy]
    assert (quiet["description"], quiet["lat"], quiet["long"]) == (None, None, None)
    assert (await api.get(f"requests/{hidden}.json"))[0] == 404
    kept = str(await api.house.core.database.read(every_row))
    assert plain in kept
    assert "Aminah" not in kept, "who they are is not kept at all"


async def test_what_is_held_gets_a_token_until_somebody_let_it_pass(api: Api):
    hateful = "Semua orang cina di pasar Godean itu babi, usir dan bakar rumahnya!"
    status, ((receipt),) = await api.post(**{**LAMP, "service_code": "ketertiban", "description": hateful})
    assert status == 201
    assert "service_request_id" not in receipt
    path = f"tokens/{receipt['token']}.json"
    assert (await api.get(path))[1] == [{"service_request_id": None, "token": receipt["token"]}]
    (case,) = await api.house.core.database.read(cases.all_cases)
    assert case.ticket.status == "DITAHAN"
    assert (await api.get("requests.json"))[1] == []
    await api.act(case.ticket.number, "moderate_pass", Actor("operator", "1", "koordinator", "koordinator"))
    _, ((shown),) = await api.get(path)
    assert shown["service_request_id"] == case.ticket.number


async def test_an_emergency_is_told_whom_to_call(api: Api):
    status, ((receipt),) = await api.post(
        **{**LAMP, "description": "Tolong! Rumah kebakaran, ada orang di dalam!"}
    )
    assert (status, "112" in receipt["service_notice"]) == (201, True)
    assert "DARURAT" in (await api.case(receipt["service_request_id"])).ticket.flags


@pytest.fixture
def picture(tmp_path: Path) -> bytes:
    path = tmp_path / "lampu.jpg"
    Image.new("RGB", (64, 64), (200, 180, 20)).save(path)
    return path.read_bytes()


async def test_posted_files_become_evidence(api: Api, picture: bytes):
    form = aiohttp.FormData({"api_key": api.key, **LAMP})
    form.add_field("media", picture, filename="lampu.jpg", content_type="image/jpeg")
    async with api.session.post(f"{api.base}/requests.json", data=form) as answer:
        ((receipt),) = await answer.json()
    await api.house.keeper.run_once()
    (file,) = await api.house.core.database.read(lambda c: media.files_of(c, receipt["service_request_id"]))
    assert (file.state, await api.house.core.files.get(file.sha256)) == ("kept", picture)
    form = aiohttp.FormData({"api_key": api.key, **LAMP})
    form.add_field("media", b"<script>", filename="lampu.jpg", content_type="image/jpeg")
    async with api.session.post(f"{api.base}/requests.json", data=form) as answer:
        assert answer.status == 400


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        (b"lampu.jpg", "lampu.jpg"),
        (b"lamp\xe9.jpg", "lamp.jpg"),
        ("foto\u202egpj.exe".encode(), "fotogpj.exe"),
        (b"../foto/" + b"a" * 300, "a" * 80),
    ],
)
async def test_a_file_of_any_name_becomes_evidence(api: Api, picture: bytes, name: bytes, kept: str):
    parts = [
        b'--x\r\nContent-Disposition: form-data; name="%b"\r\n\r\n%b\r\n' % (key.encode(), value.encode())
        for key, value in {"api_key": api.key, **LAMP}.items()
    ]
    head = b'--x\r\nContent-Disposition: form-data; name="media"; filename="%b"\r\n' % name
    body = b"".join([*parts, head, b"Content-Type: image/jpeg\r\n\r\n", picture, b"\r\n--x--\r\n"])
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    async with api.session.post(f"{api.base}/requests.json", data=body, headers=headers) as answer:
        assert answer.status == 201, await answer.text()
        ((receipt),) = await answer.json()
    (file,) = await api.house.core.database.read(lambda c: media.files_of(c, receipt["service_request_id"]))
    assert file.attachment.name == kept


async def test_what_a_media_url_leads_to_is_fetched_later(api: Api, picture: bytes):
    async def serve(_request: web.Request) -> web.Response:
        return web.Response(body=picture)

    application = web.Application()
    application.router.add_get("/lampu.jpg", serve)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    port = runner.addresses[0][1]
    channel = api.house.channels["open311"]
    channel.fetcher = Fetcher(channel.fetcher.limits, lambda _address: True, {port})
    number = await api.filed(media_url=f"http://127.0.0.1:{port}/lampu.jpg")
    await api.house.keeper.run_once()
    await runner.cleanup()
    (file,) = await api.house.core.database.read(lambda c: media.files_of(c, number))
    assert file.state == "kept"


async def test_too_many_requests_are_told_when_to_come_again(api: Api):
    ring = KeyRing(api.house.core)
    _, secret = await ring.add("Aplikasi lain")
    for _ in range(3 * api.house.core.policies.open311.key_rate):
        status, told = await api.post(api_key=secret)
        if status != 400:  # no service is named
            break
    assert (status, told[0]["code"]) == (429, 429)


async def test_one_reader_may_not_ask_without_end_and_another_is_answered(
    api: Api, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("bot.web.open311.routes.visitor", lambda _: "banyak")
    most = api.house.core.policies.open311.reader_rate
    first, *answers = [await api.get("x") for _ in range(most * 3 // 2)]
    assert first[0] != 429
    assert answers[-1][0] == 429
    for path in ("services.json", "requests/SLM-26-ZZZZZ.json"):
        assert (await api.get(path))[0] == 429
    monkeypatch.setattr("bot.web.open311.routes.visitor", lambda _: "lain")
    assert (await api.get("services.json"))[0] == 200


strange = st.text(max_size=30) | st.sampled_from(
    ["-1", "1e999", "\x00", "٣", "%00", "a" * 5000, "{value}", "🌊"]
)
names = st.sampled_from(
    [
        "service_request_id", "service_code", "start_date", "end_date", "status", "page",
        "page_size", "lat", "long", "address_string", "address_id", "description", "media_url",
        "attribute[waktu]", "api_key", "account_id", "jurisdiction_id", "extensions"
    ]
)  # fmt: skip
forms = st.dictionaries(names, strange, max_size=6)
endings = st.sampled_from(["json", "xml", "yaml", ""])
paths = st.sampled_from(
    ["requests", "requests/{x}", "services", "services/{x}", "tokens/{x}", "discovery", "{x}"]
)


async def test_nothing_malformed_ends_in_a_fault_of_ours(api: Api):
    rules = api.house.core.policies
    assert rules.open311.reader_rate >= 100
    loop = asyncio.get_running_loop()

    @trials(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(paths, forms, strange, endings, st.sampled_from(["get", "post"]))
    def ask(path: str, form: dict[str, str], word: str, ending: str, way: str):
        future = asyncio.run_coroutine_threadsafe(once(path, form, word, ending, way), loop)
        status = future.result(20)
        assert status < 500

    async def once(path: str, form: dict[str, str], word: str, ending: str, way: str) -> int:
        address = f"{api.base}/{path.replace('{x}', quote(word, safe='', errors='replace'))}.{ending}"
        safe = {name: value.encode("utf-8", "replace").decode() for name, value in form.items()}
        if way == "post":
            data = {**LAMP, "api_key": api.key, **safe}
            async with api.session.post(f"{api.base}/requests.{ending}", data=data) as answer:
                return answer.status
        async with api.session.get(address, params=safe) as answer:
            return answer.status

    await asyncio.to_thread(ask)


BODIES = [b"\xff\xfe%zz=%", b"a" * 100_000, b"=&=&=", b"lat=1&api_key=%ff", b'{"service_code": "jalan"}', b""]
FORMS = [
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "multipart/form-data",
    "application/json",
    "application/x-www-form-urlencoded; charset=nonsense",
]


async def test_broken_bodies_are_refused(api: Api):
    for form, body in product(FORMS, BODIES):
        headers = {"Content-Type": form}
        async with api.session.post(f"{api.base}/requests.json", data=body, headers=headers) as answer:
            assert 400 <= answer.status < 500, (form, body[:20])
            assert (await answer.json())[0]["code"] == answer.status
