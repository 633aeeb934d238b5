"""Gateways to test against: what smsbox and Twilio's API take and answer, and the phones behind them."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

import aiohttp
from aiohttp import web
from pydantic import SecretStr

from benchmarks.servers import free_port
from bot.app import Kentongan
from bot.channels.sms.twilio import sign
from bot.serving import opened
from bot.settings import Settings
from tests.pictures import jpeg

SECRET = "sandi-gerbang"
TOKEN = "token-twilio"
ACCOUNT = "AC0123"


@dataclass
class Post:
    """A gateway that takes what it is given; `refuse` answers the next hand-overs with that instead."""

    address: str = ""
    taken: list[dict[str, str]] = field(default_factory=list)
    refuse: list[tuple[int, str]] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)
    """By what name and password files were asked for."""

    async def kannel(self, request: web.Request) -> web.Response:
        if self.refuse:
            status, body = self.refuse.pop(0)
            return web.Response(status=status, text=body)
        form = dict(request.query)
        self.taken.append({"to": form["to"], "text": form["text"], **form})
        return web.Response(status=202, text="0: Accepted for delivery")

    async def twilio(self, request: web.Request) -> web.Response:
        if self.refuse:
            status, body = self.refuse.pop(0)
            return web.Response(status=status, text=body, content_type="application/json")
        form = {name: str(value) for name, value in (await request.post()).items()}
        sid = f"SM{len(self.taken):032d}"
        self.taken.append({"to": form["To"], "text": form["Body"], "sid": sid, **form})
        auth = request.headers["Authorization"]
        self.taken[-1]["auth"] = auth
        return web.json_response({"sid": sid, "status": "queued"}, status=201)

    async def media(self, request: web.Request) -> web.Response:
        self.shown.append(request.headers.get("Authorization", ""))
        if request.match_info["one"] == "gone":
            return web.Response(status=410)
        return web.Response(body=jpeg(), content_type="image/jpeg")


@asynccontextmanager
async def post() -> AsyncIterator[Post]:
    """A gateway on a port of its own."""
    made = Post()
    application = web.Application()
    application.router.add_get("/cgi-bin/sendsms", made.kannel)
    application.router.add_post(f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json", made.twilio)
    application.router.add_get("/media/{one}", made.media)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    made.address = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield made
    finally:
        await runner.cleanup()


@dataclass
class Network:
    """A house whose citizens have phones; `way` is the gateway's name."""

    house: Kentongan
    address: str
    gateway: Post
    way: str
    session: aiohttp.ClientSession
    heard: int = 0

    def phone(self, number: str) -> "Phone":
        return Phone(self, number)

    async def kannel_in(self, **fields: str) -> int:
        """What smsbox calls for an SMS that came in; the HTTP status."""
        query = urlencode({"token": SECRET, **fields})
        async with self.session.get(f"{self.address}/sms/kannel/in?{query}") as answer:
            assert answer.status != 200 or await answer.text() == "", "what is answered is sent as an SMS"
            return answer.status

    async def twilio_in(self, path: str = "/sms/twilio/in", *, token: str = TOKEN, **form: str) -> int:
        """What Twilio posts; the HTTP status."""
        url = self.address + path
        headers = {"X-Twilio-Signature": sign(token, url, list(form.items()))}
        async with self.session.post(url, data=form, headers=headers) as answer:
            return answer.status

    async def report(self, state: str, taken: dict[str, str], **more: str) -> int:
        """The gateway's report on something it took; `state` is Kannel's number or Twilio's word."""
        if self.way == "kannel":
            url = taken["dlr-url"].replace("%d", state).replace("%A", "laporan").replace("%t", "")
            async with self.session.get(url) as answer:
                return answer.status
        path = taken["StatusCallback"].removeprefix(self.address)
        return await self.twilio_in(
            path, MessageSid=taken["sid"], MessageStatus=state, To=taken["to"], **more
        )


@dataclass
class Phone:
    """A feature phone: letters and digits."""

    network: Network
    number: str

    @property
    def screen(self) -> list[str]:
        """Every SMS it got, oldest first."""
        return [one["text"] for one in self.network.gateway.taken if one["to"] == self.number]

    async def send(self, text: str, expect: int = 1) -> str:
        """Send an SMS and return what is answered, once `expect` texts came."""
        before = len(self.screen)
        self.network.heard += 1
        one = str(self.network.heard)
        if self.network.way == "kannel":
            fields = {"from": self.number, "text": text, "id": f"k{one}"}
            assert await self.network.kannel_in(**fields) == 200
        else:
            assert await self.network.twilio_in(From=self.number, Body=text, MessageSid=f"SMin{one}") == 200
        await self.wait(before + expect)
        return "\n".join(self.screen[before:])

    async def wait(self, count: int) -> list[str]:
        """The texts from the `count`-th on, once there are that many."""
        end = time.monotonic() + 20
        while len(self.screen) < count:
            assert time.monotonic() < end, f"only {self.screen}"
            await asyncio.sleep(0.02)
        return self.screen[count - 1 :]


@asynccontextmanager
async def network(folder: Path, way: str) -> AsyncIterator[Network]:
    """A running house behind a gateway."""
    async with post() as gateway, aiohttp.ClientSession() as session:
        port = free_port()
        address = f"http://127.0.0.1:{port}"
        settings = Settings(data_dir=folder, port=port, **ways(way, gateway, address), _env_file=None)
        async with opened(settings) as running:
            yield Network(running.house, running.address, gateway, way, session)


def ways(way: str, gateway: Post, address: str) -> dict[str, object]:
    """The settings of each way."""
    if way == "kannel":
        return {
            "sms_gateway": "kannel",
            "sms_url": f"{gateway.address}/cgi-bin/sendsms",
            "sms_user": "kentongan",
            "sms_password": SecretStr("rahasia"),
            "sms_sender": "1708",
            "sms_secret": SecretStr(SECRET),
        }
    return {
        "sms_gateway": "twilio",
        "sms_url": gateway.address,
        "sms_user": ACCOUNT,
        "sms_password": SecretStr(TOKEN),
        "sms_sender": "+62811000",
        "public_url": address,
    }
