"""The Open311 interface as a program sees it."""

from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree as ET

import aiohttp

from bot.app import Kentongan
from bot.services.reports.ticketing import Act
from storage.reports import cases
from tickets.ticket import Actor, Command

LAMP = {
    "service_code": "lampu_jalan-mati",
    "lat": "-7.7713",
    "long": "110.2933",
    "address_string": "depan Pasar Godean",
    "description": "Lampu jalan depan pasar mati sudah seminggu, gelap sekali kalau malam.",
}


@dataclass
class Api:
    """The interface as a program sees it."""

    house: Kentongan
    base: str
    session: aiohttp.ClientSession
    key: str

    async def get(self, path: str, **query: str) -> tuple[int, Any]:
        async with self.session.get(f"{self.base}/{path}", params=query) as answer:
            if path.endswith(".xml"):
                assert answer.headers["Content-Type"] == "text/xml; charset=utf-8"
                return answer.status, ET.fromstring(await answer.read())  # noqa: S314 our own answer
            assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
            assert answer.headers["Access-Control-Allow-Origin"] == "*"
            return answer.status, await answer.json()

    async def post(self, headers: dict[str, str] | None = None, **form: str) -> tuple[int, Any]:
        data = {"api_key": self.key, **form}
        async with self.session.post(f"{self.base}/requests.json", data=data, headers=headers) as answer:
            return answer.status, await answer.json()

    async def filed(self, **form: str) -> str:
        status, ((receipt),) = await self.post(**{**LAMP, **form})
        assert status == 201, receipt
        return receipt["service_request_id"]

    async def act(self, number: str, action: str, actor: Actor, **more: Any) -> None:
        await self.house.ticketing.act(number, Act(Command(action, actor, **more)))

    async def case(self, number: str) -> cases.Case:
        found = await self.house.core.database.read(lambda c: cases.case(c, number))
        assert found is not None
        return found
