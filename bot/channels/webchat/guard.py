"""What stands before every handler: origin, language, headers that keep browsers strict, errors in words."""

import math
from collections.abc import Awaitable, Callable, Mapping
from typing import Final
from urllib.parse import urlsplit

from aiohttp import web

from bot.channels.texts import Texts, pick
from bot.channels.webchat.parse import Refusal

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

HEADERS: Final[Mapping[str, str]] = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; media-src blob:; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "geolocation=(self), camera=(), microphone=(), interest-cohort=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
LANGUAGES: Final = ("id", "jv", "en")


def language_of(request: web.Request) -> str:
    """The first language the browser asks for that we speak; Indonesian otherwise."""
    for tag in request.headers.get("Accept-Language", "").lower().split(","):
        language = tag.split(";")[0].split("-")[0].strip()
        if language in LANGUAGES:
            return language
    return LANGUAGES[0]


class Guard:
    """Wraps handlers; `public_url` is our own address where a proxy hides it from us."""

    def __init__(self, texts: Texts, public_url: str = "") -> None:
        self._texts = texts
        self._own = urlsplit(public_url).netloc.lower()

    def __call__(self, handler: Handler) -> Handler:
        """The handler with its guard."""

        async def guarded(request: web.Request) -> web.StreamResponse:
            try:
                self._check_origin(request)
                response = await handler(request)
            except Refusal as refusal:
                response = self._refused(request, refusal)
            if not response.prepared:
                response.headers.update({k: v for k, v in HEADERS.items() if k not in response.headers})
            return response

        return guarded

    def _check_origin(self, request: web.Request) -> None:
        """Posts come from our own page, or from a program that names no origin.

        Raises:
            Refusal: 403 from any other page.
        """
        origin = request.headers.get("Origin")
        if request.method == "GET" or origin is None:
            return
        if urlsplit(origin).netloc.lower() not in {request.host.lower(), self._own} - {""}:
            raise Refusal(403, "foreign")

    def _refused(self, request: web.Request, refusal: Refusal) -> web.Response:
        text = pick(self._texts, language_of(request))[f"error_{refusal.code}"]
        body = {"error": refusal.code, "text": text}
        response = web.json_response(body, status=refusal.status, headers={"Cache-Control": "no-store"})
        if refusal.retry_after:
            response.headers["Retry-After"] = str(math.ceil(refusal.retry_after))
        return response
