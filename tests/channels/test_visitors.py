"""Behind the city's proxy every visitor is one of their own, and nobody passes for another."""

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.channels.visitors import PROXIES, visitor
from bot.settings import Settings
from tests.channels.webchat.conftest import Memory, channel_of

ITSELF = "127.0.0.1"


async def told(request: web.Request) -> web.Response:
    return web.Response(text=visitor(request))


@pytest.mark.parametrize(
    ("proxies", "headers", "whom"),
    [
        (0, ["203.0.113.7"], ITSELF),
        (1, [], ITSELF),
        (1, ["203.0.113.7"], "203.0.113.7"),
        (1, ["198.51.100.9, 203.0.113.7"], "203.0.113.7"),  # the visitor wrote the first themselves
        (1, ["198.51.100.9", " 2001:db8::5 "], "2001:db8::5"),
        (2, ["198.51.100.9, 203.0.113.7, 10.0.0.2"], "203.0.113.7"),
        (2, ["203.0.113.7"], ITSELF),  # came past a proxy
        (1, ["unknown"], ITSELF),
        (1, ["203.0.113.7, "], ITSELF),
    ],
)
async def test_whom_a_request_is_from(proxies: int, headers: list[str], whom: str):
    app = web.Application()
    app[PROXIES] = proxies
    app.router.add_get("/", told)
    async with TestClient(TestServer(app)) as client:
        answer = await client.get("/", headers=[("X-Forwarded-For", one) for one in headers])
        assert await answer.text() == whom


async def test_a_flood_from_one_visitor_behind_the_proxy_stops_nobody_else():
    channel, app = channel_of(Memory()), web.Application()
    app[PROXIES] = 1
    app.add_routes(channel.routes())

    async def come(whose: str) -> int:
        answer = await client.post("/chat/api/session", headers={"X-Forwarded-For": whose})
        return answer.status

    async with TestClient(TestServer(app)) as client:
        flood = [await come(f"198.51.100.{made_up}, 203.0.113.7") for made_up in range(20)]
        assert flood[-1] == 429
        assert await come("203.0.113.8") == 201
        await channel.stop()


@pytest.mark.parametrize(
    ("given", "proxies"),
    [
        ({}, 0),
        ({"public_url": "https://lapor.example.go.id"}, 1),
        ({"public_url": "http://127.0.0.1:8080"}, 0),
        ({"public_url": "https://lapor.example.go.id", "proxies": 2}, 2),
        ({"public_url": "https://lapor.example.go.id", "proxies": 0}, 0),
    ],
)
def test_a_public_address_with_tls_has_a_proxy_before_it(given: dict[str, object], proxies: int):
    assert Settings(_env_file=None, **given).proxies_before == proxies
