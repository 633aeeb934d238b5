"""Whoever follows an address that leads nowhere is shown the ways in; a program gets its 404."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientSession

from bot.web.server import Front, Link, Server

FRONT = Front("Kabupaten <Contoh>", "112", (Link("Web chat", "/chat"),))
BROWSER = "text/html,application/xhtml+xml,*/*;q=0.8"


@pytest.fixture
async def base() -> AsyncIterator[str]:
    server = Server([], FRONT)
    yield await server.start("127.0.0.1", 0)
    await server.stop()


@pytest.mark.parametrize(
    "path", ["/chat/", "/lapor", "/a/b/%3Cscript%3Ealert(1)%3C%2Fscript%3E", "//evil.example/"]
)
async def test_a_browser_is_shown_the_ways_in(base: str, path: str):
    async with ClientSession() as client, client.get(base + path, headers={"Accept": BROWSER}) as answer:
        page = await answer.text()
    assert answer.status == 404
    assert "Halaman itu tidak ada" in page
    assert 'href="/chat"' in page
    assert "Kabupaten &lt;Contoh&gt;" in page
    assert "alert" not in page
    assert "evil" not in page
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


async def test_a_program_is_told_in_a_word(base: str):
    async with ClientSession() as client, client.get(base + "/lapor", headers={"Accept": "*/*"}) as answer:
        assert answer.status == 404
        assert answer.content_type == "text/plain"


async def test_the_front_page_says_nothing_of_getting_lost(base: str):
    async with ClientSession() as client, client.get(base, headers={"Accept": BROWSER}) as answer:
        assert answer.status == 200
        assert "tidak ada" not in await answer.text()
