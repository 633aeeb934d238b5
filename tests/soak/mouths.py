"""How a citizen of the soak speaks and hears: on Telegram by the sandbox, or on the web chat's page."""

import asyncio
import contextlib
import io
import random
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import aiohttp
import orjson
from PIL import Image

from bot.commands.serve import CITIZEN_BOT
from bot.sandbox.client import SandboxRefused, User

BOT = CITIZEN_BOT.username
RETRY_SECONDS = 1.0
PICTURE = (320, 240)


class SilentError(Exception):
    """What was said was not answered for too long."""


@dataclass(frozen=True, slots=True)
class Heard:
    """One message of the bot."""

    text: str
    labels: tuple[str, ...]


Fits = Callable[[Heard], bool]


class Mouth(Protocol):
    """One citizen's way to say things and to hear what is said to them."""

    name: str

    async def say(self, text: str) -> None: ...

    async def press(self, label: str) -> None: ...

    async def pin(self, lat: float, lon: float) -> None: ...

    async def photos(self, pictures: Sequence[bytes], *, as_file: bool = False) -> None: ...

    async def hear(self, fits: Fits, seconds: float) -> Heard: ...

    async def close(self) -> None: ...


def picture(chance: random.Random) -> bytes:
    """A photo like no other."""
    noise = Image.effect_noise(PICTURE, chance.uniform(20, 90))
    buffer = io.BytesIO()
    noise.convert("RGB").save(buffer, "JPEG", quality=40)
    return buffer.getvalue()


@dataclass(slots=True)
class Telegram:
    """A person of the sandbox."""

    user: User

    @property
    def name(self) -> str:
        return f"telegram {self.user.id}"

    async def say(self, text: str) -> None:
        await self.user.send(BOT, text)

    async def press(self, label: str) -> None:
        """Press the newest button of that name; it may have been taken away meanwhile."""
        with contextlib.suppress(LookupError, SandboxRefused):
            await self.user.press(label)

    async def pin(self, lat: float, lon: float) -> None:
        await self.user.send_location(BOT, lat, lon)

    async def photos(self, pictures: Sequence[bytes], *, as_file: bool = False) -> None:
        if as_file:
            await self.user.send_files(BOT, [("document", one) for one in pictures])
        else:
            await self.user.send_photos(BOT, pictures)

    async def hear(self, fits: Fits, seconds: float) -> Heard:
        """The next message that fits.

        Raises:
            SilentError: none came.
        """
        try:
            found = await self.user.wait_for(lambda m: fits(_heard(m)), timeout=seconds)
        except TimeoutError as silence:
            raise SilentError(str(silence)[-600:]) from None
        return _heard(found)

    async def close(self) -> None:
        """Nothing is open."""


def _heard(message: Any) -> Heard:
    return Heard(message.text, tuple(message.labels))


@dataclass(slots=True)
class Page:
    """A page of the web chat: posts until it is taken, listens, and comes back with its cursor."""

    token: str
    ports: Sequence[int]
    session: aiohttp.ClientSession
    chance: random.Random
    posted: list[str] = field(default_factory=list)
    lines: list[dict[str, Any]] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    _cursor: str = "0.0"
    _next: int = 0
    _news: asyncio.Event = field(default_factory=asyncio.Event)
    _listening: asyncio.Task[None] | None = None

    @property
    def name(self) -> str:
        return f"page {self.token[:6]}"

    def open(self) -> "Page":
        """Begin to listen."""
        self._listening = asyncio.create_task(self._listen())
        return self

    async def say(self, text: str) -> None:
        await self._post({"text": text})

    async def press(self, label: str) -> None:
        """Press the newest button of that name."""
        buttons = [one for line in self.lines for row in line["buttons"] for one in row]
        for button in reversed(buttons):
            if button["label"] == label:
                await self._post({"text": label, "button": button["payload"]})
                return

    async def pin(self, lat: float, lon: float) -> None:
        await self._post({"location": {"lat": lat, "lon": lon}})

    async def photos(self, pictures: Sequence[bytes], *, as_file: bool = False) -> None:
        """One upload; the page has only one way to send files."""
        del as_file
        number = self._id()

        def form() -> aiohttp.FormData:
            made = aiohttp.FormData()
            made.add_field("id", number)
            for at, one in enumerate(pictures):
                made.add_field("files", io.BytesIO(one), filename=f"{at}.jpg", content_type="image/jpeg")
            return made

        await self._surely("files", form)

    async def hear(self, fits: Fits, seconds: float) -> Heard:
        """The next line that fits.

        Raises:
            SilentError: none came.
        """
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while True:
                    while self._next < len(self.lines):
                        self._next += 1
                        found = _of_line(self.lines[self._next - 1])
                        if fits(found):
                            return found
                    self._news.clear()
                    await self._news.wait()
        last = [line["text"][:80] for line in self.lines[-3:]]
        raise SilentError(f"{self.name} waited {seconds} s and saw {last}; refused: {self.refused[-3:]}")

    async def close(self) -> None:
        """Close the page."""
        if self._listening:
            self._listening.cancel()
            await asyncio.gather(self._listening, return_exceptions=True)

    def _id(self) -> str:
        self.posted.append(f"pesan-{secrets.token_hex(8)}")
        return self.posted[-1]

    async def _post(self, said: dict[str, Any]) -> None:
        body = orjson.dumps({"id": self._id(), **said})
        await self._surely("messages", lambda: body)

    async def _surely(self, door: str, made: Callable[[], Any]) -> None:
        """As the page does: the same again, under the same id, until it is taken."""
        while True:
            headers = self._headers()
            if door == "messages":
                headers["Content-Type"] = "application/json"
            try:
                async with self.session.post(self._at(door), data=made(), headers=headers) as answer:
                    if answer.status == 200:
                        return
                    self.refused.append(f"{answer.status} {(await answer.text())[:80]}")
            except (aiohttp.ClientError, TimeoutError) as problem:
                self.refused.append(type(problem).__name__)
            await asyncio.sleep(RETRY_SECONDS)

    async def _listen(self) -> None:
        while True:
            with contextlib.suppress(aiohttp.ClientError, TimeoutError):
                await self._stream()
            await asyncio.sleep(RETRY_SECONDS)

    async def _stream(self) -> None:
        headers = self._headers() | {"Accept": "text/event-stream"}
        patience = aiohttp.ClientTimeout(total=None, sock_read=60)
        address = f"{self._at('events')}?after={self._cursor}"
        async with self.session.get(address, headers=headers, timeout=patience) as answer:
            cursor = ""
            async for line in answer.content:
                if line.startswith(b"id: "):
                    cursor = line[4:].decode().strip()
                elif line.startswith(b"data: "):
                    self._take(orjson.loads(line[6:]), cursor)

    def _take(self, line: dict[str, Any], cursor: str) -> None:
        self._cursor = cursor
        if line["from"] != "citizen":
            self.lines.append(line)
            self._news.set()

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}", "Accept-Language": "id"}

    def _at(self, door: str) -> str:
        return f"http://127.0.0.1:{self.chance.choice(self.ports)}/chat/api/{door}"


def _of_line(line: dict[str, Any]) -> Heard:
    return Heard(line["text"], tuple(one["label"] for row in line["buttons"] for one in row))
