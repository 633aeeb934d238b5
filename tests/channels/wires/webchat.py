"""The web chat: the page's own JSON over HTTP."""

import itertools
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from bot.app import Kentongan
from tests.channels.wires.base import Shown, Talk, content, fitting

MIMES = {"mp4": "video/mp4", "ogg": "audio/ogg", "mp3": "audio/mpeg", "pdf": "application/pdf"}


@dataclass
class WebChatTalk:
    http: aiohttp.ClientSession
    base: str
    token: str
    address: str
    ids: Any = field(default_factory=itertools.count)

    async def write(self, text: str) -> int:
        return await self._post({"text": text})

    async def send_files(self, names: tuple[str, ...], caption: str) -> int:
        form = aiohttp.FormData({"id": self._id(), "text": caption})
        for name in names:
            mime = MIMES.get(name.rsplit(".", 1)[-1], "image/jpeg")
            form.add_field("files", content(name), filename=name, content_type=mime)
        async with self.http.post(f"{self.base}/chat/api/files", data=form, headers=self._head()) as answer:
            assert answer.status == 200, await answer.text()
        return 1

    async def send_pin(self, lat: float, lon: float) -> int:
        return await self._post({"location": {"lat": lat, "lon": lon}})

    async def press(self, label: str) -> int:
        for line in (await self._lines())[::-1]:
            offered = {one["label"]: one["payload"] for row in line["buttons"] for one in row}
            if offered:
                pressed = fitting(label, list(offered))
                return await self._post({"text": pressed, "button": offered[pressed]})
        raise LookupError(f"no button {label!r}; there are none")

    async def shown(self) -> list[Shown]:
        return [
            Shown(line["text"], tuple(one["label"] for row in line["buttons"] for one in row))
            for line in await self._lines()
        ]

    async def _lines(self) -> list[dict[str, Any]]:
        query = {"after": "0.0", "wait": "0"}
        url = f"{self.base}/chat/api/events"
        async with self.http.get(url, params=query, headers=self._head()) as answer:
            assert answer.status == 200, await answer.text()
            lines = (await answer.json())["lines"]
        return [line for line in lines if line["from"] == "bot"]

    async def _post(self, body: dict[str, Any]) -> int:
        url = f"{self.base}/chat/api/messages"
        async with self.http.post(url, json={"id": self._id(), **body}, headers=self._head()) as answer:
            assert answer.status == 200, await answer.text()
        return 1

    def _id(self) -> str:
        return f"message-{next(self.ids)}"

    def _head(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}", "Accept-Language": "id"}


class WebChatWire:
    name = "webchat"

    async def prepare(self) -> dict[str, Any]:
        return {}

    async def join(self, house: Kentongan, address: str) -> None:
        self._house, self._base = house, address
        self._http = aiohttp.ClientSession()

    async def person(self) -> Talk:
        async with self._http.post(f"{self._base}/chat/api/session") as answer:
            token = (await answer.json())["token"]
        sessions = self._house.channels[self.name]._doors._desk.sessions  # only it knows whose token it is
        return WebChatTalk(self._http, self._base, token, sessions.read(token).address)

    async def close(self) -> None:
        await self._http.close()
