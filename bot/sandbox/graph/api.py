"""The Graph API over HTTP: messages, media and attachments of all three."""

import hashlib
from collections.abc import Awaitable, Callable
from typing import Any, Final

import orjson
from aiohttp import web

from bot.sandbox.graph import events
from bot.sandbox.graph.hooks import Hooks
from bot.sandbox.graph.model import (
    HUMAN_WINDOW,
    MEDIA_LASTS,
    URL_LASTS,
    WINDOW,
    Account,
    Call,
    Fault,
    File,
    Graph,
    Json,
    Person,
    Refusal,
)
from bot.sandbox.graph.page_rules import check_send
from bot.sandbox.graph.rules import check_message, check_template

BODY: Final = web.RequestKey("body", dict)
FAULT: Final = web.RequestKey("fault", Fault)
TITLES = {131047: "Re-engagement message", 131026: "Message undeliverable", 131053: "Media upload error"}
Handler = Callable[[web.Request], Awaitable[Json]]


class GraphApi:
    """The handlers; every call is written down with its answer."""

    def __init__(self, graph: Graph, hooks: Hooks) -> None:
        self._graph, self._hooks = graph, hooks

    def routes(self) -> list[web.RouteDef]:
        """All routes."""
        return [
            web.post("/{version}/{account}/messages", self._answered(self.messages)),
            web.post("/{version}/{account}/media", self._answered(self.media)),
            web.post("/{version}/{account}/message_attachments", self._answered(self.attachments)),
            web.get("/lookaside/{name}", self.file),
            web.get("/{version}/{one}", self._answered(self.node)),
            web.get("/{version}/{account}/subscribed_apps", self._answered(self.apps)),
        ]

    def _answered(self, handler: Handler) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def answered(request: web.Request) -> web.Response:
            status, answer = 200, Json()
            try:
                fault = _struck(self._graph, request.path)
                if fault:
                    request[FAULT] = fault
                answer = await handler(request)
            except Refusal as refusal:
                status, answer = refusal.status, refusal.body()
            self._graph.calls.append(Call(request.path, request.get(BODY, {}), status, answer))
            return web.json_response(answer, status=status)

        return answered

    async def messages(self, request: web.Request) -> Json:
        """Send a message."""
        account = self._account(request)
        body = await _json(request)
        if account.about == events.WHATSAPP:
            return self._whatsapp(account, body, request.get(FAULT))
        return self._page(account, body)

    async def media(self, request: web.Request) -> Json:
        """Upload a file for WhatsApp."""
        self._account(request)
        form = await request.post()
        upload = form.get("file")
        if form.get("messaging_product") != "whatsapp" or not isinstance(upload, web.FileField):
            raise Refusal(400, 100, "Invalid parameter", "messaging_product and file are required")
        return {"id": self._keep(upload, str(form.get("type") or upload.content_type))}

    async def attachments(self, request: web.Request) -> Json:
        """Upload a file for Messenger or Instagram."""
        self._account(request)
        form = await request.post()
        upload, message = form.get("filedata"), form.get("message")
        if not isinstance(upload, web.FileField) or not isinstance(message, str):
            raise Refusal(400, 100, "Invalid parameter", "message and filedata are required")
        kind = orjson.loads(message).get("attachment", {}).get("type")
        if kind not in {"image", "video", "audio", "file"}:
            raise Refusal(400, 100, "Param message[attachment][type] is invalid")
        return {"attachment_id": self._keep(upload, upload.content_type)}

    async def node(self, request: web.Request) -> Json:
        """What stands under an id: an account of ours, or where a file of WhatsApp's can be had."""
        account = self._graph.account(request.match_info["one"])
        self._token(request, account)
        return self._facts(account) if account else self._media_url(request)

    async def apps(self, request: web.Request) -> Json:
        """Who is told of messages to a page."""
        self._account(request)
        return {"data": [{"subscribed_fields": ["messages"]}]}

    def _facts(self, account: Account) -> Json:
        hook = {"application": self._hooks.callback}
        number = {"display_phone_number": f"+{account.phone}", "verified_name": account.name}
        facts = {**number, "status": "CONNECTED", "quality_rating": "GREEN", "webhook_configuration": hook}
        named = {"name": account.name, "username": account.name}
        return {"id": account.id, **(facts if account.about == events.WHATSAPP else named)}

    def _media_url(self, request: web.Request) -> Json:
        """Where a file of WhatsApp's can be had for five minutes."""
        ref = request.match_info["one"]
        file = self._kept(ref)
        if file is None:
            raise Refusal(400, 100, "Unsupported get request. Object does not exist", subcode=33)
        name = f"{ref}-{self._graph.number()}"
        self._graph.links[name] = (ref, self._graph.clock())
        return {
            "messaging_product": "whatsapp",
            "url": f"{request.url.origin()}/lookaside/{name}",
            "mime_type": file.mime,
            "sha256": hashlib.sha256(file.content).hexdigest(),
            "file_size": len(file.content),
            "id": ref,
        }

    async def file(self, request: web.Request) -> web.Response:
        """The bytes under such an address; 404 once it has expired, 401 without a token of ours."""
        ref, made_at = self._graph.links.get(request.match_info["name"], ("", 0.0))
        file = self._graph.files.get(ref)
        fault = self._graph.struck(request.path)
        if file is None or self._graph.clock() - made_at > URL_LASTS or fault:
            return web.Response(status=fault.status if fault else 404)
        public = ref.startswith("public-")
        if not public and not self._known(request):
            return web.Response(status=401)
        return web.Response(body=file.content, content_type=file.mime.split(";")[0])

    def _account(self, request: web.Request) -> Account:
        account = self._graph.account(request.match_info["account"])
        self._token(request, account)
        if account is None:
            raise Refusal(400, 100, "Unsupported post request. Object does not exist", subcode=33)
        return account

    def _token(self, request: web.Request, account: Account | None) -> None:
        accounts = [account] if account else self._graph.accounts
        if not any(self._bearer(request) == one.token for one in accounts):
            raise Refusal(401, 190, "Invalid OAuth access token - Cannot parse access token")

    def _known(self, request: web.Request) -> bool:
        return any(self._bearer(request) == one.token for one in self._graph.accounts)

    @staticmethod
    def _bearer(request: web.Request) -> str:
        return request.headers.get("Authorization", "").removeprefix("Bearer ")

    def _keep(self, upload: web.FileField, mime: str) -> str:
        ref = f"{7_000_000_000_000 + self._graph.number()}"
        content = upload.file.read()
        self._graph.files[ref] = File(content, mime, self._graph.clock(), upload.filename)
        return ref

    def _kept(self, ref: str) -> File | None:
        file = self._graph.files.get(ref)
        return file if file and self._graph.clock() - file.made_at <= MEDIA_LASTS else None

    def _whatsapp(self, account: Account, body: Any, fault: Fault | None) -> Json:
        kind, content = check_message(body, self._media_of)
        if kind == "template":
            check_template(content, self._graph.templates)
        whom = str(body.get("to") or body["recipient"])
        person = self._graph.person(account, whom) or Person(account, whom, phone=whom, reachable=False)
        ref = events.wamid(self._graph)
        open_until = person.wrote_at + WINDOW
        closed = kind != "template" and self._graph.clock() > open_until and person.reachable
        code = fault.code if fault else 131047 if closed else 0 if person.reachable else 131026
        self._tell(person, ref, code)
        if not code:
            context = body.get("context", {}).get("message_id", "")
            person.seen.append({"id": ref, "type": kind, kind: content, "reply_to": context})
        contact = {"input": whom, "wa_id": person.phone} if person.phone else {"input": whom, "user_id": whom}
        return {"messaging_product": "whatsapp", "contacts": [contact], "messages": [{"id": ref}]}

    def _tell(self, person: Person, ref: str, code: int) -> None:
        """The statuses that follow."""
        if code:
            title = TITLES.get(code, "Something went wrong")
            error = {"code": code, "title": title, "message": title, "error_data": {"details": title}}
            self._status(person, ref, "failed", error)
            return
        for state in ("sent", "delivered", *(("read",) if person.reads else ())):
            self._status(person, ref, state)

    def _status(self, person: Person, ref: str, state: str, error: Json | None = None) -> None:
        self._hooks.send(person.account.about, events.status(self._graph, person, ref, state, error))

    def _media_of(self, ref: str) -> tuple[str, int] | None:
        file = self._kept(ref)
        return (file.mime, len(file.content)) if file else None

    def _page(self, account: Account, body: Any) -> Json:
        message = check_send(account.about, body)
        person = self._graph.person(account, str(body["recipient"]["id"]))
        if person is None or not person.reachable:
            raise Refusal(400, 551, "This person isn't available right now.", subcode=1545041)
        window = HUMAN_WINDOW if body.get("tag") == "HUMAN_AGENT" else WINDOW
        if self._graph.clock() > person.wrote_at + window:
            raise Refusal(400, 10, "This message is sent outside of allowed window.", subcode=2018278)
        ref = events.mid(self._graph)
        person.seen.append({"id": ref, **message})
        self._page_tells(account, person, ref)
        return {"recipient_id": person.scoped, "message_id": ref}

    def _page_tells(self, account: Account, person: Person, ref: str) -> None:
        now = int(self._graph.clock() * 1000)
        if account.about == "page":
            delivered = events.event(self._graph, person, delivery={"mids": [ref], "watermark": now})
            self._hooks.send(account.about, delivered)
            if person.reads:
                read = events.event(self._graph, person, read={"watermark": now})
                self._hooks.send(account.about, read)
        elif person.reads:
            self._hooks.send(account.about, events.event(self._graph, person, read={"mid": ref}))


def _struck(graph: Graph, path: str) -> Fault | None:
    """The fault that shows only later, if any; one that shows at once is raised."""
    fault = graph.struck(path)
    if fault and not fault.later:
        raise Refusal(fault.status, fault.code, TITLES.get(fault.code, "Something went wrong"))
    return fault


async def _json(request: web.Request) -> Any:
    try:
        body = orjson.loads(await request.read())
    except orjson.JSONDecodeError:
        raise Refusal(400, 100, "Invalid JSON") from None
    request[BODY] = body if isinstance(body, dict) else {}
    return body
