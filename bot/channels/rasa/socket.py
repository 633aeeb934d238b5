"""Rasa's socket.io channel: a page stays connected, and news reaches it without being asked for."""

import secrets
from collections.abc import Mapping
from typing import Any, Final

import socketio
import structlog
from aiohttp import web

from bot.channels.base import Delivery
from bot.channels.rasa import render
from bot.channels.rasa.parse import SESSION_START, UnreadableError, address_of, read_event, session_named
from bot.channels.rasa.talks import Talks

PATH: Final = "/socket.io/"
SAID, HEARD, CONFIRMED = "bot_uttered", "user_uttered", "session_confirm"
MAX_BODY: Final = 128 * 1024  # bytes

log = structlog.get_logger(__name__)


class Page:
    """One connected page: an end that stays open between two messages."""

    lasting = True

    def __init__(self, server: socketio.AsyncServer, sid: str, session: str, seen_at: render.Address) -> None:
        self._server = server
        self._sid = sid
        self.session = session
        self.address = address_of(session)
        self._seen_at = seen_at

    async def take(self, delivery: Delivery) -> None:
        """Say it on the page."""
        for say in render.socket(delivery, self._seen_at):
            await self._server.emit(SAID, say, to=self._sid)


class SocketDoor:
    """The socket.io server under `/socket.io/`, with the events of Rasa's channel of that name."""

    def __init__(self, talks: Talks) -> None:
        self._talks = talks
        origins = talks.options.origins
        self._server = socketio.AsyncServer(
            async_mode="aiohttp",
            # An empty list would switch the check off; None allows our own origin alone.
            cors_allowed_origins="*" if "*" in origins else [*origins] or None,
            max_http_buffer_size=MAX_BODY,
        )
        self._pages: dict[str, Page] = {}
        self._bases: dict[str, str] = {}
        self._server.on("connect", self._connected)
        self._server.on("disconnect", self._left)
        self._server.on("session_request", self._session)
        self._server.on(HEARD, self._heard)

    def routes(self) -> list[web.RouteDef]:
        """The channel's routes, for the web server."""
        handle = self._server.handle_request
        return [
            web.get(PATH, handle, allow_head=False),
            web.post(PATH, handle),
            web.route("OPTIONS", PATH, handle),
        ]

    async def stop(self) -> None:
        """Let every page go."""
        for sid in [*self._bases]:
            await self._server.disconnect(sid)
        await self._server.shutdown()

    async def _connected(self, sid: str, environ: Mapping[str, Any], auth: Any = None) -> bool:
        token = auth.get("token") if isinstance(auth, Mapping) else ""
        if self._talks.options.token and not self._talks.admits("", str(token)):
            return False
        request = environ.get("aiohttp.request")
        self._bases[sid] = str(request.url.origin()) if request else ""
        return True

    async def _left(self, sid: str, *_reason: Any) -> None:
        self._bases.pop(sid, None)
        page = self._pages.pop(sid, None)
        if page is not None:
            self._talks.ends.remove(page.address, page)

    async def _session(self, sid: str, data: Any = None) -> None:
        """Go on with the session the page remembers, or begin one with a name nobody guesses."""
        await self._settle(sid, session_named(data) or secrets.token_hex(16))
        await self._server.emit(CONFIRMED, self._pages[sid].session, to=sid)

    async def _heard(self, sid: str, data: Any = None) -> None:
        page = self._pages.get(sid)
        named = session_named(data)
        if page is None or (named and named != page.session):
            page = await self._settle(sid, named or secrets.token_hex(16))
        try:
            uttered = read_event(data, page.session)
            if uttered.text != SESSION_START:
                await self._talks.hear(uttered)
        except UnreadableError as fault:
            await self._server.emit(SAID, {"text": self._talks.sorry(fault.code)}, to=sid)

    async def _settle(self, sid: str, session: str) -> Page:
        before = self._pages.pop(sid, None)
        if before is not None:
            self._talks.ends.remove(before.address, before)
        seen_at = self._talks.seen_at(address_of(session), self._bases.get(sid, ""))
        page = Page(self._server, sid, session, seen_at)
        self._pages[sid] = page
        self._talks.ends.add(page.address, page)
        await self._talks.returned(page.address)
        return page
