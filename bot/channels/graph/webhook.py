"""The one webhook Meta calls for all of them: checked, then handed to whom it is for."""

import hmac
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

import orjson
import structlog
from aiohttp import web

from bot.channels.bodies import read_bounded, read_json
from bot.channels.graph.reading import items
from bot.channels.secrets import same
from bot.channels.stumbles import each

WEBHOOK_PATH: Final = "/meta/webhook"
SIGNATURE_HEADER: Final = "X-Hub-Signature-256"
MAX_BODY: Final = 3 * 1024 * 1024  # bytes, as Meta documents

Take = Callable[[Mapping[str, Any]], Awaitable[None]]
"""Takes one entry of a webhook; returns once everything in it is kept."""

log = structlog.get_logger()


class MetaWebhook:
    """`takers` by what a webhook is about: `whatsapp_business_account`, `instagram`, `page`."""

    def __init__(self, app_secret: str, verify_token: str, takers: Mapping[str, Take]) -> None:
        self._secret = app_secret.encode()
        self._verify_token = verify_token
        self._takers = takers

    def routes(self) -> list[web.RouteDef]:
        """The routes, for the web server."""
        return [web.get(WEBHOOK_PATH, self.verify), web.post(WEBHOOK_PATH, self.receive)]

    async def verify(self, request: web.Request) -> web.Response:
        """Meta's question whether this address is ours: the challenge back, or 403."""
        query = request.query
        known = self._verify_token and same(query.get("hub.verify_token", ""), self._verify_token)
        if query.get("hub.mode") != "subscribe" or not known:
            return web.Response(status=403)
        return web.Response(text=query.get("hub.challenge", ""), content_type="text/plain")

    async def receive(self, request: web.Request) -> web.Response:
        """Take a webhook: 200 once it is kept, 401 unsigned, 400 or 413 for what is none.

        Anything else is answered with 500, upon which Meta sends the whole of it again.
        """
        body = await read_bounded(request, MAX_BODY)
        if body is None:
            return web.Response(status=413)
        if not signed(body, request.headers.get(SIGNATURE_HEADER, ""), self._secret):
            return web.Response(status=401)
        try:
            told = read_json(body)
        except orjson.JSONDecodeError:
            return web.Response(status=400)
        if not isinstance(told, dict):
            return web.Response(status=400)
        await self._hand_on(told)
        return web.Response()

    async def _hand_on(self, told: Mapping[str, Any]) -> None:
        about = str(told.get("object") or "")
        take = self._takers.get(about)
        if take is None:
            log.warning("meta.webhook_for_nobody", about=about[:40])
            return
        await each(take(entry) for entry in items(told.get("entry")))


def signed(body: bytes, signature: str, secret: bytes) -> bool:
    """Whether the raw body carries our app's signature, `sha256=` and the HMAC in hex."""
    return same(signature, "sha256=" + hmac.new(secret, body, "sha256").hexdigest())
