"""Every address the web server answers at, asked of the server itself: none without a guard is missed."""

import asyncio
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
FORM = {"sender": "a", "message": "x", "text": "x", "id": "0001", "from": "628120000", "api_key": "tebak"}
pytestmark = pytest.mark.asyncio(loop_scope="module")


@dataclass(frozen=True)
class Town:
    house: bot.serving.Kentongan
    address: str
    routes: list[web.RouteDef]
    http: aiohttp.ClientSession

    async def ask(self, method, path, **more):
        url = self.address + path.replace("{form}", "json")
        async with self.http.request(method, url, allow_redirects=False, **more) as answer:
            return answer.status, answer.headers, await answer.read()


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def town(tmp_path_factory) -> AsyncIterator[Town]:
    """Everything that can be opened is open."""
    told = at_a_free_port() | {
        "figures_page": True,
        "webhook_secret": SECRET, "rasa_web": True, "rasa_token": SECRET, "metrics_token": SECRET,
        "sms_gateway": "kannel", "sms_url": "http://127.0.0.1:9/sendsms", "sms_secret": SECRET,
        "meta_api": "http://127.0.0.1:9", "meta_app_secret": SECRET, "meta_verify_token": SECRET,
        "whatsapp_phone_number_id": "1", "whatsapp_token": SECRET,
    }  # fmt: skip
    seen: list[web.RouteDef] = []

    class Recording(server.Server):
        def __init__(self, routes, front):
            seen.extend(routes)
            super().__init__(routes, front)

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


async def test_the_name_a_caller_gives_us_is_told_to_nobody(town):
    for route in [one for one in town.routes if one.method == "GET" and "events" not in one.path]:
        _, headers, body = await town.ask("GET", route.path, headers={"Host": "jahat.example"})
        assert b"jahat.example" not in body, route.path
        assert "jahat.example" not in str(headers), route.path


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
