"""The addresses of Open311: each request is measured, checked, and answered in its format."""

import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, cast
from urllib.parse import parse_qsl

import structlog
from aiohttp import web

from bot.channels.rates import Rates
from bot.channels.texts import language_asked, load_texts, pick
from bot.channels.visitors import visitor
from bot.services.files.safekeeping import ensure
from bot.services.open311 import PublicDesk, RepeatedDifferentlyError, Taken
from bot.web.open311.errors import ApiError, fill
from bot.web.open311.formats import TYPES, Format, respond
from bot.web.open311.posting import attachments, read_form
from bot.web.open311.reading import (
    Fields,
    Rules,
    check_jurisdiction,
    cleaned,
    numbers,
    one,
    repeat_of,
    reported,
    wanted,
)
from bot.web.open311.services import Catalogue
from bot.web.open311.views import Shop, extended
from bot.web.open311.views import request as shown
from nlu.categories import load_categories
from storage.reports.open311 import ApiKey
from tickets.ticket import Ticket

log = structlog.get_logger(__name__)

BASE: Final = "/open311/v2"
SPECIFICATION: Final = "http://wiki.open311.org/GeoReport_v2"
LANGUAGES: Final = ("id", "jv", "en")
CORS: Final = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, POST, OPTIONS",
    "Access-Control-Allow-Headers": "Content-Type, Idempotency-Key, Accept-Language",
    "Access-Control-Max-Age": "86400",
}
ANY_LENGTH: Final = 2**31
"""A key that is far too long is as wrong as any other; the body as a whole is bounded."""
YES: Final = frozenset({"1", "true", "yes"})
Handler = Callable[["Call"], Awaitable[web.Response]]


@dataclass(frozen=True, slots=True)
class Call:
    """One request: its query, the format and language it wants, and what its address names."""

    request: web.Request
    query: Fields
    form: Format
    language: str
    name: str = ""


class Open311:
    """Serves the standard over the city's desk; `url` is our own address as others see it."""

    def __init__(self, desk: PublicDesk, url: str, clock: Callable[[], datetime]) -> None:
        policies = desk.core.policies
        policy, states = policies.open311, policies.lifecycle.states
        catalogue = Catalogue(load_categories(), policy.attributes)
        final = frozenset(name for name, state in states.items() if state.final)
        self._desk, self._url, self._clock, self._policy = desk, url, clock, policy
        self._rules = Rules(policy, catalogue, final, frozenset(states))
        self._shop = Shop(policies, catalogue, desk.core.interpreter.gazetteer)
        self._texts = load_texts(Path(__file__).with_name("texts.json"))
        self._readers = Rates(policy.reader_rate, policy.reader_rate / 60, time.monotonic)
        self._keys = Rates(policy.key_rate, policy.key_rate / 60, time.monotonic)
        self._since = clock().strftime("%Y-%m-%dT%H:%M:%SZ")

    def routes(self) -> list[web.RouteDef]:
        """Every address under `/open311/v2`."""
        gets: dict[str, Handler] = {
            "/discovery.{form}": self._discovery,
            "/services.{form}": self._services,
            "/services/{name}.{form}": self._definition,
            "/requests.{form}": self._requests,
            "/requests/{name}.{form}": self._request,
            "/tokens/{name}.{form}": self._token,
        }
        found = [web.get(BASE + path, self._guarded(one)) for path, one in gets.items()]
        found.append(web.post(f"{BASE}/requests.{{form}}", self._guarded(self._post)))
        found.append(web.options(f"{BASE}/{{rest:.*}}", _preflight))
        found.append(web.get(f"{BASE}/{{rest:.*}}", self._guarded(_nothing)))
        return found

    def _guarded(self, handler: Handler) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def guarded(request: web.Request) -> web.Response:
            form = _format(request)
            language = language_asked(request.headers.get("Accept-Language", ""))
            words = pick(self._texts, language)
            try:
                self._measure(request)
                answer = await handler(self._call(request, form, language))
            except ApiError as error:
                answer = error.respond(words, form)
            except Exception:
                log.exception("open311 request failed", path=request.path)
                answer = ApiError(500, "trouble").respond(words, form)
            answer.headers.update(CORS)
            return answer

        return guarded

    def _call(self, request: web.Request, form: Format, language: str) -> Call:
        if request.match_info.get("form", form) not in TYPES:
            raise ApiError(404, "format")
        query = _fields(request.rel_url.raw_query_string)
        check_jurisdiction(query, self._policy)
        return Call(request, query, form, language, cleaned(request.match_info.get("name", "")))

    def _measure(self, request: web.Request) -> None:
        """Count requests by network address, as far as it is known; posts also by their key, later on."""
        wait = self._readers.wait(visitor(request))
        if wait:
            raise ApiError(429, "rate", seconds=int(wait) + 1)

    async def _discovery(self, call: Call) -> web.Response:
        endpoint = {
            "specification": SPECIFICATION,
            "url": f"{self._url or _seen(call.request)}{BASE}",
            "changeset": self._since,
            "type": "production",
            "formats": list(TYPES.values()),
        }
        content = {
            "changeset": self._since,
            "contact": self._policy.contact,
            "key_service": self._policy.key_service,
            "endpoints": [endpoint],
        }
        return respond("discovery", content, call.form)

    async def _services(self, call: Call) -> web.Response:
        return respond("services", self._rules.catalogue.listed(call.language), call.form)

    async def _definition(self, call: Call) -> web.Response:
        if call.name not in self._rules.catalogue.kinds:
            raise ApiError(404, "service", value=call.name)
        definition = self._rules.catalogue.definition(call.name, call.language)
        return respond("service_definition", definition, call.form)

    async def _requests(self, call: Call) -> web.Response:
        named = numbers(call.query)
        if named:
            found = await self._desk.named(named)
        else:
            found = await self._desk.find(wanted(call.query, self._rules, self._clock()))
        return self._listed(call, found)

    async def _request(self, call: Call) -> web.Response:
        found = await self._desk.named([call.name.upper()])
        if not found:
            raise ApiError(404, "request", value=call.name)
        return self._listed(call, found)

    def _listed(self, call: Call, tickets: tuple[Ticket, ...]) -> web.Response:
        more = one(call.query, "extensions").lower() in YES
        rows = [
            shown(self._shop, ticket, call.language)
            | (extended(self._shop, ticket, call.language) if more else {})
            for ticket in tickets
        ]
        return respond("service_requests", rows, call.form)

    async def _token(self, call: Call) -> web.Response:
        found = await self._desk.token(call.name)
        if found is None:
            raise ApiError(404, "token")
        number = None if found.held else found.number
        return respond("service_requests", [{"service_request_id": number, "token": call.name}], call.form)

    async def _post(self, call: Call) -> web.Response:
        form = await read_form(call.request)
        fields = {**call.query, **form.fields}
        check_jurisdiction(fields, self._policy)
        key = await self._key(fields)
        report = reported(fields, self._rules, call.language)
        files = await attachments(form, self._policy.media, self._keep)
        digests = [sha256(content).hexdigest() for _, content in form.files]
        repeat = repeat_of(fields, digests, call.request.headers.get("Idempotency-Key", ""))
        try:
            taken = await self._desk.post(key, replace(report, files=files), repeat)
        except RepeatedDifferentlyError:
            raise ApiError(400, "repeat") from None
        contents = (content for _, content in form.files)
        await ensure(self._desk.core, dict(zip(digests, contents, strict=True)))
        return respond("service_requests", [self._receipt(taken, fields, call.language)], call.form, 201)

    async def _key(self, fields: Fields) -> ApiKey:
        """Who posts.

        Raises:
            ApiError: 403 without a key in force, 429 when it is used too often.
        """
        secret = one(fields, "api_key", most=ANY_LENGTH)
        if not secret:
            raise ApiError(403, "no_key", key_service=self._policy.key_service)
        key = await self._desk.key(secret)
        if key is None:
            raise ApiError(403, "key", key_service=self._policy.key_service)
        wait = self._keys.wait(key.id)
        if wait:
            raise ApiError(429, "rate", seconds=int(wait) + 1)
        return key

    async def _keep(self, content: bytes) -> str:
        return await self._desk.core.files.put(content)

    def _receipt(self, taken: Taken, fields: Fields, language: str) -> dict[str, Any]:
        words = pick(self._texts, language)
        notice = fill(words[_notice(taken)], self._facts())
        name = {"token": taken.token} if taken.held else {"service_request_id": taken.number}
        return {**name, "service_notice": notice, "account_id": one(fields, "account_id") or None}

    def _facts(self) -> Mapping[str, Any]:
        policies = self._desk.core.policies
        calls = ", ".join(number.number for number in policies.city.emergency_numbers)
        return {"days": policies.sla.deadlines["verify"].days, "numbers": calls}


def _notice(taken: Taken) -> str:
    if taken.emergency:
        return "notice_emergency"
    return "notice_held" if taken.held else "notice"


async def _preflight(_request: web.Request) -> web.Response:
    return web.Response(status=204, headers=CORS)


async def _nothing(_call: Call) -> web.Response:
    raise ApiError(404, "nothing_here")


def _fields(text: str) -> Fields:
    """The fields of a query string, each with all its values; what is no UTF-8 is replaced."""
    try:
        pairs = parse_qsl(text, keep_blank_values=True, errors="replace", max_num_fields=200)
    except ValueError:
        raise ApiError(400, "form") from None
    fields: dict[str, list[str]] = {}
    for name, value in pairs:
        fields.setdefault(name, []).append(value)
    return fields


def _format(request: web.Request) -> Format:
    """The format of the answer: by the address, else by what is accepted, else JSON."""
    ending = request.match_info.get("form") or request.path.rpartition(".")[2]
    if ending in TYPES:
        return cast("Format", ending)
    accepted = request.headers.get("Accept", "")
    return "xml" if "xml" in accepted and "json" not in accepted and "html" not in accepted else "json"


def _seen(request: web.Request) -> str:
    return f"{request.scheme}://{request.host}"
