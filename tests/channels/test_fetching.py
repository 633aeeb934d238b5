"""Fetching what a stranger names: never from our own network, never too much, never something else."""

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import web

from bot.channels.base import FetchError
from bot.channels.open311 import fetching
from bot.channels.open311.fetching import Fetcher, is_public
from tickets.policies.open311 import MediaLimits

LIMITS = MediaLimits(20_000, 2, frozenset({"image/png"}))
PNG = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\6\0\0\0" + bytes(40)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
        "0.0.0.1", "224.0.0.1", "255.255.255.255", "240.0.0.1", "198.18.0.1", "::", "::1",
        "fe80::1", "fe80::1%eth0", "ff02::1", "fd00:ec2::254", "::ffff:127.0.0.1",
        "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "2001:db8::1", "bukan", ""
    ],
)  # fmt: skip
def test_addresses_of_our_own_are_not_public(address):
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "103.28.12.1", "2001:4860:4860::8888", "::ffff:8.8.8.8"])
def test_addresses_of_the_internet_are(address):
    assert is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/", "http://127.0.0.1:8080/x.png", "http://localhost/", "http://[::1]/",
        "http://169.254.169.254/latest/meta-data/", "http://[::ffff:169.254.169.254]/", "http://2130706433/",
        "http://0x7f.1/", "http://127.1/", "http://0/", "http://user:pw@8.8.8.8/", "ftp://8.8.8.8/x", "file:///etc/passwd",
        "gopher://8.8.8.8/", "http://8.8.8.8:22/", "http:///x", "//8.8.8.8/x", "http://[fe80::1%25eth0]/", "",
    ],
)  # fmt: skip
async def test_such_addresses_are_never_called(url, monkeypatch):
    def connect(*_all: object, **_more: object) -> None:
        raise AssertionError("a connection was tried")

    monkeypatch.setattr(fetching.aiohttp.TCPConnector, "_wrap_create_connection", connect)
    with pytest.raises(FetchError):
        await Fetcher(LIMITS).fetch(url)


@asynccontextmanager
async def site(**pages: web.StreamResponse | str) -> AsyncIterator[int]:
    async def serve(request: web.Request) -> web.StreamResponse:
        page = pages[request.match_info["name"]]
        if isinstance(page, str):
            raise web.HTTPFound(page)
        return page

    application = web.Application()
    application.router.add_get("/{name}", serve)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()


def loosened(port: int) -> Fetcher:
    """As the real one, but this one port of this machine counts as the internet."""
    return Fetcher(LIMITS, lambda address: address == "127.0.0.1", {port, 80})


async def test_a_picture_is_fetched_also_behind_a_redirection():
    async with site(a="/b", b=web.Response(body=PNG)) as port:
        assert await loosened(port).fetch(f"http://127.0.0.1:{port}/a") == PNG


@pytest.mark.parametrize(
    ("page", "again"),
    [
        (web.Response(body=PNG + bytes(30_000)), False),
        (web.Response(body=b"<html>"), False),
        (web.Response(status=404), False),
        (web.Response(status=503), True),
        ("http://127.0.0.2/", False),
        ("http://169.254.169.254/", False),
        ("ftp://127.0.0.1/", False),
        ("/a", False),
    ],
)
async def test_what_cannot_be_taken_is_not(page, again):
    async with site(a=page) as port:
        with pytest.raises(FetchError) as refused:
            await loosened(port).fetch(f"http://127.0.0.1:{port}/a")
        assert refused.value.retryable is again


async def test_a_name_that_points_home_is_not_called_whatever_it_pointed_to_before(monkeypatch):
    """The address that is called is the very one that was checked: there is no second look-up to rebind."""
    answers = [[(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("10.0.0.7", 80))]]
    asked = []

    async def getaddrinfo(_self: object, host: str, *_all: object, **_more: object) -> list[object]:
        asked.append(host)
        return answers[0]

    monkeypatch.setattr("asyncio.base_events.BaseEventLoop.getaddrinfo", getaddrinfo)
    with pytest.raises(FetchError):
        await Fetcher(LIMITS).fetch("http://foto.example/x.png")
    assert asked == ["foto.example"]
