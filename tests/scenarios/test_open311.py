"""Other programs read and post reports by Open311, over HTTP as they do."""

from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from PIL import Image

from bot.channels.open311.fetching import Fetcher
from storage.reports import cases, media
from tests.scenarios.open311_api import LAMP, Api
from tickets.ticket import Actor


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
