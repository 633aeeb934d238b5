"""A Bot API for the load process: answers as Telegram does, and tells the citizens what the bots said.

It is not the product's strict sandbox: that one checks every word, and would be what is measured. This one
takes the same requests over the same HTTP and costs little, for the floors and for Kentongan alike.
"""

import io
import re
import time
from collections.abc import Callable
from itertools import count
from typing import Any

import orjson
from aiohttp import web
from PIL import Image

from benchmarks.updates import Json

Ears = Callable[[Json], None]
"""Hears one message of a bot, as Telegram describes it."""

SAYS = re.compile(r"^(send(?!ChatAction)|editMessage|copyMessage|forwardMessage)")


class Webhook:
    """Where a bot wants its updates."""

    def __init__(self, url: str, secret: str) -> None:
        self.url = url
        self.secret = secret


class FakeTelegram:
    """Serves every bot whose token is known; each citizen listens under (token, chat)."""

    def __init__(self) -> None:
        self.ears: dict[tuple[str, int], Ears] = {}
        self.webhooks: dict[str, Webhook] = {}
        self.calls: dict[str, int] = {}
        self._messages = count(500_000)
        self.photo = _photo()
        self._runner: web.AppRunner | None = None

    async def start(self) -> str:
        """Begin to serve on a free port; returns the API's base address."""
        app = web.Application(client_max_size=64 * 1024 * 1024)
        app.router.add_post("/bot{token}/{method}", self._call)
        app.router.add_get("/bot{token}/{method}", self._call)
        app.router.add_get("/file/bot{token}/{path:.*}", self._file)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        return f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        """Stop serving."""
        if self._runner:
            await self._runner.cleanup()

    def said(self, token: str, method: str, fields: Json) -> Any:
        """Take a message of a bot to the one it is for; returns Telegram's result."""
        if method == "sendMediaGroup":
            items = [self._message(fields) for _ in _parsed(fields.get("media", []))]
            self._heard(token, items[-1])
            return items
        message = self._message(fields)
        self._heard(token, message)
        return message

    def _heard(self, token: str, message: Json) -> None:
        listener = self.ears.get((token, message["chat"]["id"]))
        if listener:
            listener(message)

    def _message(self, fields: Json) -> Json:
        message: Json = {
            "message_id": int(fields.get("message_id") or next(self._messages)),
            "date": int(time.time()),
            "chat": {"id": int(fields["chat_id"]), "type": "private", "first_name": "Warga"},
            "text": str(fields.get("text", fields.get("caption", ""))),
        }
        keyboard = _parsed(fields.get("reply_markup", {}))
        if "inline_keyboard" in keyboard:
            message["reply_markup"] = keyboard
        return message

    async def _call(self, request: web.Request) -> web.Response:
        token, method = request.match_info["token"], request.match_info["method"]
        self.calls[method] = self.calls.get(method, 0) + 1
        fields = await _fields(request)
        result = (
            self.said(token, method, fields) if SAYS.match(method) else self._other(token, method, fields)
        )
        return web.Response(
            body=orjson.dumps({"ok": True, "result": result}), content_type="application/json"
        )

    def _other(self, token: str, method: str, fields: Json) -> Any:
        if method == "getMe":
            return {
                "id": int(token.split(":", maxsplit=1)[0]),
                "is_bot": True,
                "first_name": "Bot",
                "username": "bench_bot",
            }
        if method == "setWebhook":
            self.webhooks[token] = Webhook(str(fields["url"]), str(fields.get("secret_token", "")))
        if method == "getFile":
            name = str(fields["file_id"])
            path = f"photos/{name}.jpg"
            return {
                "file_id": name,
                "file_unique_id": name,
                "file_size": len(self.photo),
                "file_path": path,
            }
        return True

    async def _file(self, request: web.Request) -> web.Response:
        # Every photo differs in a byte behind the picture, so that each is kept for itself.
        return web.Response(body=self.photo + request.match_info["path"].encode(), content_type="image/jpeg")


async def _fields(request: web.Request) -> Json:
    if request.method == "GET":
        return dict(request.query)
    if request.content_type == "application/json":
        body = await request.read()
        return dict(orjson.loads(body)) if body else {}
    return dict(await request.post())


def _parsed(value: Any) -> Any:
    return orjson.loads(value) if isinstance(value, str) else value


def _photo() -> bytes:
    picture = Image.effect_noise((640, 480), 60).convert("RGB")
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=40)
    return buffer.getvalue()
