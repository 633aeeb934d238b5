"""The sandbox's own API: what the page and tests use to play people and to look behind the scenes."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

import orjson
from aiohttp import web

from bot.sandbox import views
from bot.sandbox.acts import ACTS
from bot.sandbox.api import read_request
from bot.sandbox.errors import ApiError, bad_request
from bot.sandbox.faults import Fault
from bot.sandbox.feed import lane_of
from bot.sandbox.limits import Limits
from bot.sandbox.model import Json, Role
from bot.sandbox.world import World

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
PREFIX = "/sandbox/api"
LONGEST_WAIT = 60.0


class Control:
    """Handlers for `/sandbox/api/...`; every answer is JSON."""

    def __init__(self, world: World) -> None:
        self.world = world

    def add_routes(self, router: web.UrlDispatcher) -> None:
        """Mount the handlers."""
        for method, path, handler in (
            ("GET", "/state", self.state),
            ("GET", "/rooms/{room}", self.room),
            ("GET", "/people/{person}/messages", self.messages),
            ("POST", "/people/{person}/{act}", self.act),
            ("POST", "/people", self.add_person),
            ("GET", "/events", self.events),
            ("GET", "/files/{file}", self.file),
            ("GET", "/calls", self.calls),
            ("GET", "/ignored", self.ignored),
            ("POST", "/faults", self.add_fault),
            ("DELETE", "/faults", self.clear_faults),
            ("POST", "/limits", self.set_limits),
            ("POST", "/updates", self.push_update),
        ):
            router.add_route(method, PREFIX + path, guarded(handler))

    async def state(self, _request: web.Request) -> web.Response:
        """Bots, people and rooms, without their messages."""
        return _json(views.state(self.world))

    async def room(self, request: web.Request) -> web.Response:
        """One room with its newest messages; `before` pages back."""
        room = self.world.rooms.get(request.match_info["room"])
        if room is None:
            raise bad_request("no such room")
        before = int(request.query.get("before", 2**53))
        return _json(views.room_with_messages(self.world, room, before))

    async def messages(self, request: web.Request) -> web.Response:
        """What a person sees newer than `since`; waits up to `timeout` seconds for something."""
        person = self.world.person(int(request.match_info["person"]))
        since = int(request.query.get("since", 0))
        timeout = min(float(request.query.get("timeout", 0)), LONGEST_WAIT)
        found = views.news(self.world, person, since)
        if not found and timeout > 0:
            await self.world.wait_for_change(person.id, timeout)
            found = views.news(self.world, person, since)
        return _json({"serial": self.world.serial, "changes": found})

    async def act(self, request: web.Request) -> web.Response:
        """Let a person do something: JSON or a form, see `acts`."""
        person = self.world.person(int(request.match_info["person"]))
        act = ACTS.get(request.match_info["act"])
        if act is None:
            raise bad_request("people here cannot do that")
        asked, before = await read_request(request), self.world.serial
        answer = _json(await act(self.world, person, asked))
        answer.headers["X-Sandbox-Serial"] = str(before)
        return answer

    async def add_person(self, request: web.Request) -> web.Response:
        """Create a citizen or operator."""
        asked = (await read_request(request)).params
        name = str(asked.get("name", "")).strip()
        if not name:
            raise bad_request("name is empty")
        role: Role = "operator" if asked.get("role") == "operator" else "citizen"
        person = self.world.add_person(name, role, str(asked.get("language_code") or "id"))
        return _json(views.person(person))

    async def events(self, request: web.Request) -> web.StreamResponse:
        """Changes as server-sent events, for the page."""
        response = web.StreamResponse(
            headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
        )
        await response.prepare(request)
        with suppress(ConnectionError):  # the page is gone
            await self._stream(request, response)
        return response

    async def _stream(self, request: web.Request, response: web.StreamResponse) -> None:
        seen = int(request.query.get("since", self.world.serial))
        while request.transport and not request.transport.is_closing():
            for change in views.since(self.world, seen):
                seen = change["serial"]
                await response.write(b"data: " + orjson.dumps(change) + b"\n\n")
            if self.world.serial == seen:
                await self.world.wait_for_change(0, 15)
                await response.write(b": still here\n\n")

    async def file(self, request: web.Request) -> web.Response:
        """A file as people see it; never shown as a page of its own."""
        kept = self.world.files.known.get(request.match_info["file"])
        if kept is None:
            raise web.HTTPNotFound
        data = await asyncio.to_thread(self.world.files.data, kept.unique_id)
        headers = {"Content-Security-Policy": "sandbox", "X-Content-Type-Options": "nosniff"}
        shown = (
            kept.mime_type
            if kept.mime_type.startswith(("image/jp", "image/png", "audio/", "video/"))
            else None
        )
        return web.Response(body=data, content_type=shown or "application/octet-stream", headers=headers)

    async def calls(self, request: web.Request) -> web.Response:
        """The log of bot calls after `since`, of one bot if `bot` is given."""
        since, bot = int(request.query.get("since", 0)), request.query.get("bot")
        found = [c for c in self.world.calls if c["serial"] > since and bot in {None, str(c["bot"])}]
        return _json(found)

    async def ignored(self, _request: web.Request) -> web.Response:
        """Parameters bots sent that the Bot API does not know, counted."""
        return _json(dict(self.world.ignored))

    async def add_fault(self, request: web.Request) -> web.Response:
        """Let coming calls go wrong."""
        self.world.faults.waiting.append(Fault(**await request.json()))
        return _json({"ok": True})

    async def clear_faults(self, _request: web.Request) -> web.Response:
        """Let everything go right again."""
        self.world.faults.waiting.clear()
        return _json({"ok": True})

    async def set_limits(self, request: web.Request) -> web.Response:
        """Change flood limits; what is not named takes its default."""
        self.world.limits = Limits(**await request.json())
        return _json({"ok": True})

    async def push_update(self, request: web.Request) -> web.Response:
        """Queue a raw update for a bot, as often as `times` says, always under one number."""
        asked: Json = await request.json()
        feed = self.world.feeds[int(asked["bot"])]
        update: Json = {"update_id": feed.next_id} | asked["update"]
        inner: Any = next((v for k, v in update.items() if k != "update_id" and isinstance(v, dict)), {})
        for _ in range(int(asked.get("times", 1))):
            feed.put(update, lane_of(inner))
        return _json(update["update_id"])


def guarded(handler: Handler) -> Handler:
    """Refuse calls other sites make a browser send, and word faults as JSON."""

    async def handle(request: web.Request) -> web.StreamResponse:
        if not _from_here(request):
            return _json({"error": "this address is for the sandbox's own page"}, 403)
        try:
            return await handler(request)
        except ApiError as problem:
            return _json({"error": problem.description}, problem.code)
        except (ValueError, KeyError, TypeError) as problem:
            return _json({"error": f"{type(problem).__name__}: {problem}"}, 400)

    return handle


def _from_here(request: web.Request) -> bool:
    """Whether the sandbox's own page (or no browser at all) is calling.

    A name with a dot could be somebody else's, pointed at this machine to get past the browser's rules.
    """
    origin, host = request.headers.get("Origin"), request.host
    name = host.rpartition(":")[0] if not host.endswith("]") and ":" in host else host
    local = "." not in name or name.endswith(".localhost") or name.replace(".", "").isdigit()
    return local and (not origin or origin.partition("://")[2] == host)


def _json(content: Any, status: int = 200) -> web.Response:
    body = orjson.dumps(content, option=orjson.OPT_NON_STR_KEYS)
    return web.Response(body=body, status=status, content_type="application/json")
