"""The page's doors over HTTP: the page itself, sessions, messages, files and events."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

import orjson
from aiohttp import web

from bot.channels.base import Intake
from bot.channels.bodies import read_bounded, read_json
from bot.channels.rates import Rates
from bot.channels.visitors import visitor
from bot.channels.webchat.assets import Asset
from bot.channels.webchat.events import Events, Reader
from bot.channels.webchat.guard import Guard, language_of
from bot.channels.webchat.lines import ChatFile, ChatStore
from bot.channels.webchat.parse import (
    Refusal,
    Sender,
    file_kind,
    parse_files,
    parse_message,
)
from bot.channels.webchat.room import Room
from bot.channels.webchat.sessions import Session, Sessions
from bot.channels.webchat.streams import Streams
from bot.channels.webchat.uploads import MAX_UPLOAD, read_form
from dialogs.messages import Attachment, InboundMessage

MAX_BODY: Final = 128 * 1024  # bytes
ROOM: Final = 12 * 1024 * 1024
"""Bytes of uploads in hand at once; a photo as the page sends it has a few hundred thousand."""
PATIENCE: Final = 0.25
"""Seconds without any upload coming to its end until one more is let in."""
NO_STORE: Final = {"Cache-Control": "no-store"}
RENEWED: Final = "Kentongan-Session"
"""The header that brings a browser the token to keep from here on."""
BEGINNING: Final = "0.0"
"""The cursor of a page that was just opened: a person did that, no page by itself."""
SHOWN: Final = frozenset({"image/jpeg", "image/png", "image/webp", "image/gif", "video/mp4", "audio/ogg"})


@dataclass(frozen=True, slots=True)
class Desk:
    """What the doors work with."""

    intake: Intake
    store: ChatStore
    sessions: Sessions
    streams: Streams
    clock: Callable[[], datetime]
    new_sessions: Rates
    posts: Rates
    reads: Rates


class Doors:
    """The handlers behind `routes`; each finds the session by the token in the Authorization header."""

    def __init__(self, desk: Desk, assets: Mapping[str, Asset]) -> None:
        self._desk = desk
        self._assets = assets
        self._events = Events(desk.store, desk.streams)
        self._room = Room(ROOM, PATIENCE)

    def routes(self, guard: Guard) -> list[web.RouteDef]:
        """All routes, each behind the guard."""
        return [
            web.get("/chat", guard(self.page)),
            web.get("/chat/embed.js", guard(self.embed)),
            web.get("/chat/static/{name}", guard(self.asset)),
            web.post("/chat/api/session", guard(self.session)),
            web.delete("/chat/api/session", guard(self.leave)),
            web.post("/chat/api/messages", guard(self.message)),
            web.post("/chat/api/files", guard(self.files)),
            web.get("/chat/api/files/{ref}", guard(self.file)),
            web.get("/chat/api/events", guard(self.events)),
        ]

    async def page(self, request: web.Request) -> web.Response:
        """The page itself."""
        return self._assets["index.html"].response(request)

    async def embed(self, request: web.Request) -> web.Response:
        """The script that puts the chat on a page of others; the one file those may load."""
        response = self._assets["embed.js"].response(request)
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        return response

    async def asset(self, request: web.Request) -> web.Response:
        """Its script, style, texts and icon."""
        asset = self._assets.get(request.match_info["name"])
        if asset is None:
            raise Refusal(404, "not_found")
        return asset.response(request)

    async def session(self, request: web.Request) -> web.Response:
        """A fresh token for a browser that has none."""
        self._spend(self._desk.new_sessions, visitor(request))
        token = self._desk.sessions.new(self._desk.clock())
        return web.json_response({"token": token}, status=201, headers=NO_STORE)

    async def leave(self, request: web.Request) -> web.Response:
        """End a session for good, whoever else has its token; no report is touched by it."""
        await self._desk.store.leave(self._session(request).address)
        return web.Response(status=204, headers=NO_STORE)

    async def message(self, request: web.Request) -> web.Response:
        """Take a text, a pressed button or a position."""
        session = self._session(request)
        sender = self._sender(request, session)
        self._spend(self._desk.posts, sender.address)
        return await self._take(parse_message(await _json(request), sender), session)

    async def files(self, request: web.Request) -> web.Response:
        """Take photos and other files; several together are one album."""
        session = self._session(request)
        sender = self._sender(request, session)
        self._spend(self._desk.posts, sender.address)
        async with self._room.holding(request.content_length or MAX_UPLOAD):
            form = await read_form(request)
            message = parse_files(form.fields, tuple(map(_unkept, form.files)), sender)
            async with self._desk.store.keeping(form.files) as refs:  # a refused message leaves none behind
                return await self._take(_with_refs(message, refs), session)

    async def file(self, request: web.Request) -> web.Response:
        """Give a file back to the one whose chat it is in."""
        address = self._session(request).address
        self._spend(self._desk.reads, address)
        file = await self._desk.store.owned_file(address, request.match_info["ref"])
        if file is None:
            raise Refusal(404, "not_found")
        # Nothing a person uploaded is ever run or rendered as a page of ours.
        mime = file.mime if file.mime in SHOWN else "application/octet-stream"
        headers = {
            "Content-Type": mime,
            "Content-Disposition": "attachment",
            **NO_STORE,
        }
        return web.Response(body=file.content, headers=headers)

    async def events(self, request: web.Request) -> web.StreamResponse:
        """Lines after a cursor, as they come."""
        session = self._session(request)
        self._spend(self._desk.reads, session.address)
        opening = request.query.get("after", BEGINNING) == BEGINNING
        renewed = self._renewed(session) if opening else {}
        return await self._events.answer(
            request, Reader(session.address, lambda: self._open(session), renewed)
        )

    def _session(self, request: web.Request) -> Session:
        """The session of who asks.

        Raises:
            Refusal: 401 when there is none, or it is over.
        """
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        session = self._desk.sessions.read(token) if scheme == "Bearer" else None
        if session is None:
            raise Refusal(401, "session")
        if not self._open(session):
            raise Refusal(401, "session_over")
        return session

    def _open(self, session: Session) -> bool:
        over = self._desk.sessions.over(session, self._desk.clock())
        return not over and not self._desk.store.left(session.address)

    def _renewed(self, session: Session) -> dict[str, str]:
        """The header that keeps a session going that is used; none while its token is new enough."""
        token = self._desk.sessions.renewed(session, self._desk.clock())
        return {RENEWED: token} if token else {}

    def _sender(self, request: web.Request, session: Session) -> Sender:
        return Sender(session.address, language_of(request), self._desk.clock())

    def _spend(self, rates: Rates, who: str) -> None:
        wait = rates.wait(who)
        if wait:
            raise Refusal(429, "too_fast", retry_after=wait)

    async def _take(self, message: InboundMessage, session: Session) -> web.Response:
        new = await self._desk.intake(message)
        self._desk.streams.echo(message.address)
        headers = {**NO_STORE, **self._renewed(session)}
        return web.json_response({"id": message.message_ref, "new": new}, headers=headers)


def _unkept(file: ChatFile) -> Attachment:
    return Attachment(file_kind(file.mime), "", file.mime, len(file.content), file.name)


def _with_refs(message: InboundMessage, refs: Sequence[str]) -> InboundMessage:
    named = zip(message.attachments, refs, strict=True)
    return replace(message, attachments=tuple(replace(one, ref=ref) for one, ref in named))


async def _json(request: web.Request) -> Any:
    if request.content_type != "application/json":
        raise Refusal(415, "malformed")
    body = await read_bounded(request, MAX_BODY)
    if body is None:
        raise Refusal(413, "too_long")
    try:
        return read_json(body)
    except orjson.JSONDecodeError:
        raise Refusal(400, "malformed") from None
