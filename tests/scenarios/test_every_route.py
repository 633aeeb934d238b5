"""Every address the web server answers at, asked of the server itself: none without a guard is missed."""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass

import aiohttp
import pytest
import pytest_asyncio
from aiohttp import web
from pydantic import SecretStr
from sqlalchemy import func, select

import bot.serving
from bot.serving import Share, opened
from bot.web import server
from storage.rows import metadata
from tests.scenarios.kit import at_a_free_port, beside_a_sandbox

SECRET = SecretStr("rahasia-di-pintu")
FOREIGN = {"Origin": "https://jahat.example", "Referer": "https://jahat.example/x"}
READING = {"GET", "HEAD", "OPTIONS"}
REFUSED = {401, 403}
OTHERWISE_REFUSED = {"/socket.io/": 400}
"""Speaks its own protocol alone; whoever does is asked for the token when connecting."""
CHANGING_GETS = {"/sms/kannel/in", "/sms/kannel/dlr"}
"""Kannel brings messages by GET."""
SMS = {
    "kannel": {"sms_secret": SECRET},
    "twilio": {"sms_user": "AC1", "sms_password": SECRET, "sms_sender": "+15005550006"},
}
both = pytest.mark.parametrize("town", SMS, indirect=True)
WHO = {
    "everybody": """
        GET /healthz | GET /readyz | GET /angka | GET /chat | GET /chat/embed.js | GET /chat/static/{name}
        POST /chat/api/session | GET /webhooks/rest/ | OPTIONS /webhooks/rest/webhook
        GET /open311/v2/discovery.{form} | GET /open311/v2/services.{form}
        GET /open311/v2/services/{name}.{form}
        GET /open311/v2/requests.{form} | GET /open311/v2/requests/{name}.{form}
        GET /open311/v2/tokens/{name}.{form} | GET /open311/v2/{rest:.*} | OPTIONS /open311/v2/{rest:.*}
    """,
    "who watches, by a bearer": "GET /metrics",
    "whose talk it is, by their session": """
        DELETE /chat/api/session | POST /chat/api/messages | POST /chat/api/files | GET /chat/api/files/{ref}
        GET /chat/api/events
    """,
    "a widget's page, by its token": """
        POST /webhooks/rest/webhook | GET /socket.io/ | POST /socket.io/ | OPTIONS /socket.io/
    """,
    "who was handed the file, by a sealed address": "GET /webhooks/rest/files/{address}/{ref}/{seal}",
    "a program, by its key": "POST /open311/v2/requests.{form}",
    "leaders, by a link of their own": "GET /angka/pimpinan",
    "the gateway, by its secret": """
        GET /sms/kannel/in | POST /sms/kannel/in | GET /sms/kannel/dlr | POST /sms/kannel/dlr
    """,
    "the gateway, by its signature": "POST /sms/twilio/in | POST /sms/twilio/status",
    "Meta, by its word and its signature": "GET /meta/webhook | POST /meta/webhook",
    "Telegram, by its secret": "POST /telegram/citizen | POST /telegram/operator",
}
"""Who passes at which address. One that is not here has no guard anybody thought of."""
GUARDS = {
    address.strip(): who for who, told in WHO.items() for address in told.replace("\n", "|").split("|")
}  # fmt: skip
LIMITS = {
    "one visitor's new talks": "POST /chat/api/session",
    "one session's messages": "POST /chat/api/messages | POST /chat/api/files",
    "one session's reading, and six pages at once": "GET /chat/api/events | GET /chat/api/files/{ref}",
    "one widget's messages": "POST /webhooks/rest/webhook | GET /socket.io/ | POST /socket.io/",
    "one reader's requests; a key's posts as well": """
        GET /open311/v2/discovery.{form} | GET /open311/v2/services.{form} | POST /open311/v2/requests.{form}
        GET /open311/v2/services/{name}.{form} | GET /open311/v2/{rest:.*}
        GET /open311/v2/requests.{form} | GET /open311/v2/requests/{name}.{form}
        GET /open311/v2/tokens/{name}.{form}
    """,
    "none for a platform, which brings the words of many: each person's own pace": """
        GET /sms/kannel/in | POST /sms/kannel/in | GET /sms/kannel/dlr | POST /sms/kannel/dlr
        POST /sms/twilio/in | POST /sms/twilio/status
        GET /meta/webhook | POST /meta/webhook | POST /telegram/citizen | POST /telegram/operator
    """,
    "none: one look a second, whoever asks": "GET /healthz | GET /readyz",
    "none: whoever has the token is ours": "GET /metrics",
    "none: made once in ten minutes, and months are few": "GET /angka | GET /angka/pimpinan",
    "none: what is in memory already": """
        GET /chat | GET /chat/embed.js | GET /chat/static/{name} | GET /webhooks/rest/
        OPTIONS /webhooks/rest/webhook | OPTIONS /socket.io/ | OPTIONS /open311/v2/{rest:.*}
    """,
    "none: a session ends once": "DELETE /chat/api/session",
    "none: only who was handed its address asks": "GET /webhooks/rest/files/{address}/{ref}/{seal}",
}
"""What keeps whoever asks too much at an address from the others, or why nothing has to."""
HIDDEN = {"GET /webhooks/rest/files/{address}/{ref}/{seal}": 404, "OPTIONS /socket.io/": 400}
"""Of what is not theirs, callers are not even told that it is there."""
PLACE = re.compile(r"\{[^}]+\}")
FORM = {"sender": "a", "message": "x", "text": "x", "id": "0001", "from": "628120000", "api_key": "tebak"}
pytestmark = pytest.mark.asyncio(loop_scope="module")


@dataclass(frozen=True)
class Town:
    house: bot.serving.Kentongan
    address: str
    routes: list[web.RouteDef]
    http: aiohttp.ClientSession

    async def ask(self, method, path, **more):
        url = self.address + PLACE.sub("x", path.replace("{form}", "json"))
        async with self.http.request(method, url, allow_redirects=False, **more) as answer:
            return answer.status, answer.headers, await answer.read()


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def town(tmp_path_factory, request) -> AsyncIterator[Town]:
    """Everything that can be opened is open; of the two gateways for SMS one at a time."""
    told = at_a_free_port() | SMS[request.param] | {
        "figures_page": True,
        "webhook_secret": SECRET, "rasa_web": True, "rasa_token": SECRET, "metrics_token": SECRET,
        "sms_gateway": request.param, "sms_url": "http://127.0.0.1:9/sendsms",
        "meta_api": "http://127.0.0.1:9", "meta_app_secret": SECRET, "meta_verify_token": SECRET,
        "whatsapp_phone_number_id": "1", "whatsapp_token": SECRET,
    }  # fmt: skip
    seen: list[web.RouteDef] = []

    class Recording(server.Server):
        def __init__(self, routes, front, proxies):
            seen.extend(routes)
            super().__init__(routes, front, proxies)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bot.serving, "Server", Recording)
        async with (
            beside_a_sandbox(tmp_path_factory.mktemp("routes"), **told) as settings,
            opened(settings, share=Share(clock=False)) as running,
            aiohttp.ClientSession() as http,
        ):
            yield Town(running.house, running.address, seen, http)


async def rows(town):
    """How many rows there are in all tables."""

    def count(connection):
        tables = metadata.sorted_tables
        return {table.name: connection.scalar(select(func.count()).select_from(table)) for table in tables}

    return await town.house.core.database.read(count)


def parted(told: str) -> set[str]:
    return {address.strip() for address in told.replace("\n", "|").split("|")} - {""}


@both
async def test_every_address_has_its_limit_or_a_reason_to_have_none(town):
    found = {f"{one.method} {one.path}" for one in town.routes}
    limited = [address for told in LIMITS.values() for address in parted(told)]
    assert len(limited) == len(set(limited))
    other = "twilio" if any("kannel" in one for one in found) else "kannel"
    assert found == {one for one in limited if f"/{other}/" not in one}


@both
async def test_every_address_has_its_guard_and_lets_nobody_else_in(town):
    found = {f"{one.method} {one.path}" for one in town.routes}
    other = "twilio" if any("kannel" in one for one in found) else "kannel"
    assert found == {one for one in GUARDS if one and f"/{other}/" not in one}
    wrong = []
    for one in sorted(found):
        method, _, path = one.partition(" ")
        status, _, _ = await town.ask(method, path)
        wanted = {HIDDEN[one]} if one in HIDDEN else REFUSED | {OTHERWISE_REFUSED.get(path, 401)}
        public = GUARDS[one] == "everybody"
        if (status in REFUSED or status >= 500) if public else status not in wanted:
            wrong.append(f"{one}: {status}, for {GUARDS[one]}")
    assert wrong == []


@both
async def test_nothing_is_changed_by_whoever_shows_nothing(town):
    """As a page of strangers would have a browser send it: a form, with what the browser adds by itself."""
    changing = [one for one in town.routes if one.method not in READING or one.path in CHANGING_GETS]
    assert len(changing) >= 8
    before = await rows(town)
    let_in = []
    for route in changing:
        for headers in ({}, FOREIGN):
            body = {"params": FORM} if route.method == "GET" else {"data": FORM}
            status, _, _ = await town.ask(route.method, route.path, headers=headers, **body)
            refused = status in REFUSED or status == OTHERWISE_REFUSED.get(route.path)
            guarded = refused or (route.path == OPEN and not headers)
            let_in += [] if guarded else [f"{route.method} {route.path} {headers}: {status}"]
    assert let_in == []
    assert await rows(town) == before


OPEN = "/chat/api/session"
"""Gives a token of no worth to anybody but pages of others; nothing is kept for it."""


@both
async def test_no_answer_sets_a_cookie_runs_what_is_sent_or_can_be_framed(town):
    """Sessions are tokens in a header; there is no cookie to steal, to fix or to ride on."""
    wrong = []
    for route in [one for one in town.routes if one.method == "GET"]:
        if route.path == "/chat/api/events":
            continue  # answers only those with a token, as is seen above
        _, headers, _ = await town.ask("GET", route.path)
        page = headers.get("Content-Type", "").startswith("text/html")
        policy = headers.get("Content-Security-Policy", "")
        framed = page and "frame-ancestors 'none'" not in policy
        scripts = page and ("script-src 'unsafe" in policy or "default-src 'none'" not in policy)
        if (
            "Set-Cookie" in headers
            or framed
            or scripts
            or (page and headers.get("X-Content-Type-Options") != "nosniff")
        ):
            wrong.append(f"{route.path}: {dict(headers)}")
    assert wrong == []


@both
async def test_the_name_a_caller_gives_us_is_told_to_nobody(town):
    for route in [one for one in town.routes if one.method == "GET" and "events" not in one.path]:
        _, headers, body = await town.ask("GET", route.path, headers={"Host": "jahat.example"})
        assert b"jahat.example" not in body, route.path
        assert "jahat.example" not in str(headers), route.path


@pytest.mark.parametrize("town", ["kannel"], indirect=True)
async def test_whoever_sends_a_body_without_end_is_hung_up_on(town, monkeypatch):
    monkeypatch.setattr(server, "BODY_SECONDS", 0.3)
    token = await (await town.http.post(town.address + OPEN)).json()

    async def dripping():
        for _ in range(100):
            yield b" "
            await asyncio.sleep(0.05)

    headers = {"Authorization": f"Bearer {token['token']}", "Content-Type": "application/json"}
    with pytest.raises(aiohttp.ClientError):
        await town.http.post(town.address + "/chat/api/messages", data=dripping(), headers=headers)
