"""Playing people over HTTP: who there is, what they do, what they saw; for whoever does not write Python."""

from typing import Any

import orjson
from aiohttp import web

from bot.sandbox.graph.acting import GraphSandbox, choices, text_of
from bot.sandbox.graph.model import File, Json, Person


class Control:
    """The routes under `/sandbox`; everything is JSON."""

    def __init__(self, sandbox: GraphSandbox) -> None:
        self._sandbox = sandbox

    def routes(self) -> list[web.RouteDef]:
        """All routes."""
        return [
            web.get("/sandbox/people", self.people),
            web.post("/sandbox/people", self.add),
            web.get("/sandbox/people/{number}", self.seen),
            web.post("/sandbox/people/{number}", self.act),
            web.post("/sandbox/faults", self.fault),
            web.get("/sandbox/calls", self.calls),
        ]

    async def people(self, _request: web.Request) -> web.Response:
        """Everybody, with the account they write to."""
        return web.json_response([_told(n, one) for n, one in enumerate(self._sandbox.graph.people)])

    async def add(self, request: web.Request) -> web.Response:
        """Somebody new: `account`, `name`, and `phone`, `scoped` or both."""
        asked = await _body(request)
        sandbox = self._sandbox
        account = sandbox.graph.account(str(asked.get("account")))
        if account is None or not (asked.get("phone") or asked.get("scoped")):
            raise web.HTTPBadRequest(text="name a known account, and a phone or scoped id")
        name, phone, scoped = (str(asked.get(key, "")) for key in ("name", "phone", "scoped"))
        sandbox.person(account, name, phone, scoped)
        number = len(sandbox.graph.people) - 1
        return web.json_response(_told(number, sandbox.graph.people[number]), status=201)

    async def seen(self, request: web.Request) -> web.Response:
        """What somebody saw, oldest first, with what can be pressed and the call as it came."""
        told = [
            {"text": text_of(one), "choices": list(choices(one)), "message": one}
            for one in self._person(request).seen
        ]
        return web.json_response(told)

    async def act(self, request: web.Request) -> web.Response:
        """Do something: `write`, `press` (a label), `pin` [lat, lon], `photo` (a file's bytes in a form)."""
        person, sandbox = self._person(request), self._sandbox
        if request.content_type == "multipart/form-data":
            upload = (await request.post()).get("photo")
            if not isinstance(upload, web.FileField):
                raise web.HTTPBadRequest(text="send the file as `photo`")
            content = upload.file.read()
            file = File(content, upload.content_type, sandbox.graph.clock(), upload.filename)
            sandbox.send_files(person, [file])
            return web.json_response({})
        asked = await _body(request)
        try:
            _act(sandbox, person, asked)
        except (LookupError, ValueError) as problem:
            raise web.HTTPBadRequest(text=str(problem)) from None
        return web.json_response({})

    async def fault(self, request: web.Request) -> web.Response:
        """Let coming calls go wrong: `ending`, `status`, `code`, `times`, `later`."""
        asked = await _body(request)
        self._sandbox.fault(
            str(asked["ending"]),
            int(asked["status"]),
            int(asked.get("code", 0)),
            times=int(asked.get("times", 1)),
            later=bool(asked.get("later")),
        )
        return web.json_response({})

    async def calls(self, _request: web.Request) -> web.Response:
        """Every call to the API with its answer."""
        told = [
            {"path": one.path, "body": one.body, "status": one.status, "answer": one.answer}
            for one in self._sandbox.graph.calls
        ]
        return web.json_response(told)

    def _person(self, request: web.Request) -> Person:
        number, people = request.match_info["number"], self._sandbox.graph.people
        if not number.isdecimal() or int(number) >= len(people):
            raise web.HTTPNotFound(text="there is nobody of that number")
        return people[int(number)]


def _act(sandbox: GraphSandbox, person: Person, asked: Json) -> None:
    if "write" in asked:
        sandbox.write(person, str(asked["write"]), str(asked.get("reply_to", "")))
    elif "press" in asked:
        sandbox.press(person, str(asked["press"]))
    elif "pin" in asked:
        lat, lon = asked["pin"]
        sandbox.send_pin(person, float(lat), float(lon))
    else:
        raise ValueError("write, press, pin or photo")


def _told(number: int, one: Person) -> Json:
    return {
        "number": number,
        "account": one.account.id,
        "about": one.account.about,
        "name": one.name,
        "phone": one.phone,
        "scoped": one.scoped,
        "saw": len(one.seen),
    }


async def _body(request: web.Request) -> dict[str, Any]:
    try:
        body = orjson.loads(await request.read())
    except orjson.JSONDecodeError:
        raise web.HTTPBadRequest(text="not JSON") from None
    if not isinstance(body, dict):
        raise web.HTTPBadRequest(text="an object is wanted")
    return body
