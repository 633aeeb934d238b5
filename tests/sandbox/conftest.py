import io
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest
from PIL import Image

from bot.sandbox.client import SandboxClient, User
from bot.sandbox.limits import Limits
from bot.sandbox.model import BotAccount
from bot.sandbox.server import Sandbox, start_sandbox

CITIZEN = BotAccount("1001:warga", "kentongan_bot", "Kentongan")
STAFF = BotAccount("1002:petugas", "petugas_bot", "Petugas")
UNLIMITED = Limits(enabled=False, webhook_first_retry=0.05)


@dataclass(frozen=True)
class Api:
    """Calls the Bot API raw, as no library would dare."""

    url: str
    session: aiohttp.ClientSession

    async def __call__(self, method: str, bot: BotAccount = CITIZEN, **params: Any) -> Any:
        answer = await self.answer(method, bot, **params)
        assert answer["ok"], answer
        return answer["result"]

    async def answer(self, method: str, bot: BotAccount = CITIZEN, **params: Any) -> dict[str, Any]:
        async with self.session.post(f"{self.url}/bot{bot.token}/{method}", json=params) as response:
            answer: dict[str, Any] = await response.json()
            assert response.status == answer.get("error_code", 200)
            return answer

    async def error(self, method: str, bot: BotAccount = CITIZEN, **params: Any) -> str:
        answer = await self.answer(method, bot, **params)
        assert not answer["ok"], answer
        return str(answer["description"])

    async def upload(self, method: str, files: dict[str, bytes], **params: Any) -> dict[str, Any]:
        form = aiohttp.FormData()
        for name, value in params.items():
            form.add_field(name, str(value))
        for name, content in files.items():
            form.add_field(name, io.BytesIO(content), filename=f"{name}.jpg")
        async with self.session.post(f"{self.url}/bot{CITIZEN.token}/{method}", data=form) as response:
            answer: dict[str, Any] = await response.json()
            return answer


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    running = await start_sandbox(bots=[CITIZEN, STAFF], limits=UNLIMITED)
    yield running
    await running.stop()


@pytest.fixture
async def client(sandbox: Sandbox) -> AsyncIterator[SandboxClient]:
    async with SandboxClient(sandbox.base_url) as made:
        yield made


@pytest.fixture
async def api(sandbox: Sandbox) -> AsyncIterator[Api]:
    async with aiohttp.ClientSession() as session:
        yield Api(sandbox.base_url, session)


@pytest.fixture
async def siti(client: SandboxClient) -> User:
    """Siti has started the citizen bot; her updates so far are confirmed."""
    user = await client.existing_user("Siti")
    await user.start(CITIZEN.username)
    return user


@pytest.fixture
def photo() -> bytes:
    return jpeg((1600, 900))


def jpeg(size: tuple[int, int], exif: bytes = b"") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "#775533").save(out, "JPEG", exif=exif)
    return out.getvalue()
