"""From one HTTP request to one method call and back."""

import asyncio
import inspect
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any
from urllib.parse import parse_qsl

import orjson
from aiohttp import BodyPartReader, web

from bot.sandbox.errors import ApiError, DropConnection, bad_request, not_found, unauthorized
from bot.sandbox.files import Upload
from bot.sandbox.model import Bot, Json
from bot.sandbox.registry import HANDLERS, Call, not_simulated
from bot.sandbox.table import Method, methods
from bot.sandbox.world import World

for _room in ("account", "chats", "editing", "forum", "media", "sending", "updates"):
    import_module(f"bot.sandbox.methods.{_room}")

JSON_HEADERS = {"Content-Type": "application/json"}
NOT_RECORDED = frozenset({"getUpdates"})


@dataclass(frozen=True, slots=True)
class Request:
    """The raw parameters and files of a call."""

    params: dict[str, Any]
    files: dict[str, Upload] = field(default_factory=dict)


async def read_request(request: web.Request) -> Request:
    """Parameters from the query and from a body of any of the four kinds Telegram takes.

    Raises:
        ApiError: 400 for a JSON body that is none.
    """
    params: dict[str, Any] = dict(request.query) if request.query_string else {}
    kind = request.content_type
    if kind == "multipart/form-data":
        return await _read_multipart(request, params)
    if kind == "application/x-www-form-urlencoded":
        params.update(parse_qsl(_text(await request.read()), keep_blank_values=True))
    elif kind == "application/json":
        params.update(_json_object(await request.read()))
    return Request(params)


def _text(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError as problem:
        raise bad_request("strings must be encoded in UTF-8") from problem


def _json_object(body: bytes) -> dict[str, Any]:
    if not body:
        return {}
    try:
        content = orjson.loads(body)
    except orjson.JSONDecodeError as problem:
        raise bad_request("can't parse JSON object") from problem
    if not isinstance(content, dict):
        raise bad_request("object expected")
    return content


async def _read_multipart(request: web.Request, params: dict[str, Any]) -> Request:
    files: dict[str, Upload] = {}
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader) or not part.name:
            continue
        if part.filename is None:
            params[part.name] = await part.text()
        else:
            mime = part.headers.get("Content-Type", "")
            files[part.name] = Upload(part.filename, mime, bytes(await part.read(decode=True)))
    return Request(params, files)


class Api:
    """Carries out method calls on a world."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._methods = methods()

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer `/bot{token}/{method}`."""
        name = request.match_info["method"]
        try:
            bot = self._bot(request.match_info["token"])
            asked = await read_request(request)
            result = await self.call(bot, name, asked)
        except ApiError as problem:
            return _answer(problem.body(), problem.code)
        except DropConnection as drop:
            await asyncio.sleep(drop.seconds)
            if request.transport:
                request.transport.close()
            return web.Response(status=500)
        return _answer({"ok": True, "result": result}, 200)

    def _bot(self, token: str) -> Bot:
        bot = self.world.tokens.get(token)
        if bot is None:
            raise unauthorized()
        return bot

    async def call(self, bot: Bot, name: str, asked: Request) -> Any:
        """Carry out one call and note it.

        Raises:
            ApiError: what Telegram would refuse.
            DropConnection: when a fault says so.
        """
        method = self._methods.get(name.lower())
        if method is None:
            raise not_found()
        try:
            result = await self._carry_out(bot, method, asked)
        except (ApiError, DropConnection) as problem:
            self._note(bot, method, asked, problem)
            raise
        self._note(bot, method, asked, result)
        return result

    async def _carry_out(self, bot: Bot, method: Method, asked: Request) -> Any:
        handler = HANDLERS.get(method.name.lower())
        if handler is None:
            raise not_simulated(method.name)
        params = self._typed(method, asked)
        call = Call(self.world, bot, method.name, params, asked.files)
        faults = self.world.faults
        fault = faults.take(bot.id, method.name, params) if faults.waiting else None
        if fault:
            fault.before()
        result = handler(call)
        if inspect.isawaitable(result):
            result = await result
        if fault:
            fault.after()
        return result

    def _typed(self, method: Method, asked: Request) -> dict[str, Any]:
        raw = asked.params
        for name in asked.files:
            if name in method.readers and name not in raw:
                raw[name] = f"attach://{name}"
        values, ignored = method.read(raw)
        for name in ignored:
            self.world.ignored[f"{method.name}.{name}"] += 1
        return values

    def _note(self, bot: Bot, method: Method, asked: Request, outcome: Any) -> None:
        if not self.world.record or method.name in NOT_RECORDED:
            return
        note: Json = {
            "bot": bot.id,
            "method": method.name,
            "params": asked.params,
            "date": self.world.clock(),
        }
        if asked.files:
            note["files"] = {name: len(upload.data) for name, upload in asked.files.items()}
        self.world.note_call(note | _outcome(outcome))

    async def from_webhook(self, bot: Bot, answer: Json) -> None:
        """Carry out a method a bot named in its answer to a webhook; nobody hears its result."""
        params = {name: value for name, value in answer.items() if name != "method"}
        if answer:
            try:
                await self.call(bot, str(answer["method"]), Request(params))
            except (ApiError, DropConnection):
                return


def _outcome(outcome: Any) -> Json:
    if isinstance(outcome, ApiError):
        return {"ok": False, "error": outcome.body()}
    if isinstance(outcome, DropConnection):
        return {"ok": False, "error": {"description": "connection dropped"}}
    return {"ok": True, "result": outcome}


def _answer(content: Any, status: int) -> web.Response:
    return web.Response(body=orjson.dumps(content), status=status, headers=JSON_HEADERS)


def file_handler(world: World) -> Any:
    """A handler for `/file/bot{token}/{path}`."""

    async def handle(request: web.Request) -> web.Response:
        bot = world.tokens.get(request.match_info["token"])
        if bot is None:
            return _answer(unauthorized().body(), 401)
        path = request.match_info["path"]
        if world.file_links.get((bot.id, path), 0) < world.clock():
            return _answer(not_found().body(), 404)
        data = await asyncio.to_thread(world.files.data, world.files.by_path[path])
        return web.Response(body=data, content_type="application/octet-stream")

    return handle
