"""A homeserver that answers as it is told, and a photo on disk."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from PIL import Image

from bot.channels.matrix.channel import House, MatrixChannel
from bot.channels.matrix.client import MatrixClient


class Homeserver:
    """Gives the answers put in, in order; a body of None breaks off."""

    def __init__(self) -> None:
        self.answers: list[tuple[int, Any]] = []
        self.asked: list[str] = []

    async def answer(self, request: web.Request) -> web.Response:
        self.asked.append(request.raw_path)
        status, body = self.answers.pop(0)
        if body is None:
            request.transport.close()
        return web.json_response(body, status=status)


@pytest.fixture
async def homeserver(tmp_path: Path) -> AsyncIterator[Homeserver]:
    one = Homeserver()
    application = web.Application()
    application.router.add_route("*", "/{path:.*}", one.answer)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    one.address = f"http://127.0.0.1:{runner.addresses[0][1]}"
    client = MatrixClient(one.address, "t")
    one.channel = MatrixChannel(client, House(None, None, None, None), tmp_path / "heard")
    yield one
    await one.channel.stop()
    await runner.cleanup()


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "foto.jpg"
    Image.effect_noise((320, 240), 80).convert("RGB").save(path, "JPEG")
    return path
