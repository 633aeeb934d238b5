"""Rasa's REST channel: a message is posted, the answers come back in the response."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from typing import Final

import orjson
from aiohttp import hdrs, web

from bot.channels.base import Delivery
from bot.channels.bodies import read_bounded, read_json
from bot.channels.rasa import render
from bot.channels.rasa.parse import SESSION_START, UnreadableError, Uttered, address_of, read_rest
from bot.channels.rasa.talks import Talks
from bot.channels.texts import language_asked
from bot.channels.visitors import page_of

PATH: Final = "/webhooks/rest/webhook"
MAX_BODY: Final = 128 * 1024  # bytes
PATIENCE: Final = 25.0
"""Seconds a request waits for its answers; what takes longer comes with the answer to the next message."""
STATUS: Final = {"too_long": 413, "too_fast": 429, "token": 401, "sender": 400, "foreign": 403}
AGAIN: Final = {"Retry-After": "1"}
"""A sender may say one more each second."""


class Request:
    """The end of a talk that is open while one request waits."""

    lasting = False

    def __init__(self, render_one: Callable[[Delivery], list[render.Say]]) -> None:
        self._render = render_one
        self._said: asyncio.Queue[list[render.Say] | None] = asyncio.Queue()

    async def take(self, delivery: Delivery) -> None:
        """Put the message in the response."""
        self._said.put_nowait(self._render(delivery))

    def close(self) -> None:
        """Nothing more is coming."""
        self._said.put_nowait(None)

    async def says(self) -> AsyncIterator[render.Say]:
        """Each message as it comes."""
        while (some := await self._said.get()) is not None:
            for one in some:
                yield one


class RestDoor:
    """`/webhooks/rest/` and `/webhooks/rest/webhook`, with `?stream=true` for a line a message."""

    def __init__(self, talks: Talks) -> None:
        self._talks = talks

    def routes(self) -> list[web.RouteDef]:
        """The channel's routes, for the web server."""
        return [
            web.get("/webhooks/rest/", self._health),
            web.post(PATH, self._webhook),
            web.options(PATH, self._preflight),
        ]

    async def _health(self, request: web.Request) -> web.Response:
        return web.json_response({"status": "ok"}, headers=self._cors(request))

    async def _preflight(self, request: web.Request) -> web.Response:
        return web.Response(status=204, headers=self._cors(request))

    async def _webhook(self, request: web.Request) -> web.StreamResponse:
        try:
            uttered = await self._read(request)
            return await self._answer(request, uttered)
        except UnreadableError as fault:
            return self._refused(request, fault.code)

    def _check(self, request: web.Request) -> None:
        """Whoever calls is let in; a browser says by itself whose page it calls for."""
        origin = request.headers.get(hdrs.ORIGIN)
        if origin is not None and not self._talks.allows(origin) and page_of(request) != request.host.lower():
            raise UnreadableError("foreign")
        if self._talks.options.token and not self._talks.admits("", _token(request)):
            raise UnreadableError("token")

    async def _read(self, request: web.Request) -> Uttered:
        self._check(request)
        body = await read_bounded(request, MAX_BODY)
        if body is None:
            raise UnreadableError("too_long")
        try:
            uttered = read_rest(read_json(body))
        except orjson.JSONDecodeError:
            raise UnreadableError("malformed") from None
        if not self._talks.admits(uttered.sender, _token(request)):
            raise UnreadableError("sender")
        return uttered

    async def _answer(self, request: web.Request, uttered: Uttered) -> web.StreamResponse:
        address = address_of(uttered.sender)
        seen_at = self._talks.seen_at(address, str(request.url.origin()))
        end = Request(lambda delivery: render.rest(delivery, uttered.sender, seen_at))
        with self._talks.ends.waiting(address, end):
            await self._talks.returned(address)
            if uttered.text != SESSION_START:
                await self._talks.hear(uttered)
            waiting = asyncio.create_task(self._until_answered(address, end))
            try:
                return await self._respond(request, end)
            finally:
                waiting.cancel()

    async def _until_answered(self, address: str, end: Request) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                await self._talks.answered(address)
        end.close()

    async def _respond(self, request: web.Request, end: Request) -> web.StreamResponse:
        if request.query.get("stream", "").lower() not in {"true", "1"}:
            says = [one async for one in end.says()]
            return web.Response(
                body=orjson.dumps(says), content_type="application/json", headers=self._cors(request)
            )
        response = web.StreamResponse(headers={**self._cors(request), "Content-Type": "text/event-stream"})
        await response.prepare(request)
        async for one in end.says():
            await response.write(orjson.dumps(one) + b"\n")
        await response.write_eof()
        return response

    def _refused(self, request: web.Request, code: str) -> web.Response:
        text = self._talks.sorry(code, language_asked(request.headers.get(hdrs.ACCEPT_LANGUAGE, "")))
        body = {"status": "failure", "reason": code, "message": text}
        headers = self._cors(request) | (AGAIN if code == "too_fast" else {})
        return web.json_response(body, status=STATUS.get(code, 400), headers=headers)

    def _cors(self, request: web.Request) -> dict[str, str]:
        headers = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Vary": "Origin"}
        origin = request.headers.get(hdrs.ORIGIN, "")
        if not origin or not self._talks.allows(origin):
            return headers
        return headers | {
            hdrs.ACCESS_CONTROL_ALLOW_ORIGIN: origin,
            hdrs.ACCESS_CONTROL_ALLOW_METHODS: "POST, GET, OPTIONS",
            hdrs.ACCESS_CONTROL_ALLOW_HEADERS: "Content-Type, Authorization",
        }


def _token(request: web.Request) -> str:
    scheme, _, bearer = request.headers.get(hdrs.AUTHORIZATION, "").partition(" ")
    return bearer if scheme.lower() == "bearer" else request.query.get("token", "")
