"""Open311: what is refused, how it is said, and what never shows."""

import asyncio
from itertools import product
from urllib.parse import quote
from xml.etree import ElementTree as ET

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as trials
from hypothesis import strategies as st

from bot.commands.open311 import KeyRing
from storage.reports import cases, open311
from tests.scenarios.kit import every_row
from tests.scenarios.open311_api import LAMP, Api
from tickets.ticket import Actor

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
BODIES = [b"\xff\xfe%zz=%", b"a" * 100_000, b"=&=&=", b"lat=1&api_key=%ff", b'{"service_code": "jalan"}', b""]
FORMS = [
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "multipart/form-data",
    "application/json",
    "application/x-www-form-urlencoded; charset=nonsense",
]


async def test_faults_of_reading_are_told_as_the_standard_says(api: Api):
    for path, query, status, word in FAULTS_OF_READING_ARE_TOLD_AS_THE_STANDARD_SAYS:
        got, told = await api.get(path, **query)
        assert (got, told[0]["code"]) == (status, status), (path, query)
        assert word in told[0]["description"]


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


async def test_broken_bodies_are_refused(api: Api):
    for form, body in product(FORMS, BODIES):
        headers = {"Content-Type": form}
        async with api.session.post(f"{api.base}/requests.json", data=body, headers=headers) as answer:
            assert 400 <= answer.status < 500, (form, body[:20])
            assert (await answer.json())[0]["code"] == answer.status
