"""A line that breaks in the middle of an upload is no fault of ours: nothing is kept, no error is told."""

import asyncio
import logging

import pytest
from aiohttp import web

from bot.channels.bodies import read_bounded
from bot.web.server import Front, Server


async def read(request: web.Request) -> web.Response:
    body = await read_bounded(request, 100_000)
    return web.Response(text=f"{len(body or b'')}")


async def failing(request: web.Request) -> web.Response:
    await request.read()
    raise ConnectionResetError("somebody else's line")


@pytest.mark.parametrize(
    ("path", "length", "told"), [("/read", 5, 1), ("/read", 5000, 0), ("/failing", 5, 1)]
)
async def test_a_body_broken_off_is_told_to_nobody(path, length, told, caplog):
    server = Server([web.post("/read", read), web.post("/failing", failing)], Front("Kabupaten", "112", ()))
    base = await server.start("127.0.0.1", 0)
    host, port = base.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    head = f"POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Length: {length}\r\n\r\n"
    writer.write(head.encode() + b"12345")
    await writer.drain()
    with caplog.at_level(logging.ERROR):
        answer = await asyncio.wait_for(reader.read(9), 5) if told else b""
        writer.close()
        await writer.wait_closed()
        await asyncio.sleep(0.05)  # the other side hears of it
        await server.stop()
    assert bool(answer) == bool(told)
    assert bool(caplog.records) == (path == "/failing")
