"""What stands before every handler: origin, language, headers that keep browsers strict, errors in words."""

import math
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Final
from urllib.parse import urlsplit

from aiohttp import web

from bot.channels.texts import Texts, language_asked, pick
from bot.channels.visitors import page_of
from bot.channels.webchat.parse import Refusal
from storage.doors.away import DatabaseAwayError

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

AWAY: Final = Refusal(503, "away", retry_after=5.0)
HEADERS: Final[Mapping[str, str]] = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; media-src blob:; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors "
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "geolocation=(self), camera=(), microphone=(), interest-cohort=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def language_of(request: web.Request) -> str:
    """The first language the browser asks for that we speak; Indonesian otherwise."""
    return language_asked(request.headers.get("Accept-Language", ""))


def headers(frames: Iterable[str] = ()) -> dict[str, str]:
    """The headers of every answer; `frames` are the origins whose pages may show ours in a frame."""
    policy = HEADERS["Content-Security-Policy"] + (" ".join(["'self'", *frames]) if frames else "'none'")
    framed = {} if frames else {"X-Frame-Options": "DENY"}
    return {**HEADERS, "Content-Security-Policy": policy, **framed}


class Guard:
    """Wraps handlers.

    `public_url` is our own address where a proxy hides it from us; `frames` are the origins whose pages may
    show ours in a frame.
    """

    def __init__(self, texts: Texts, public_url: str = "", frames: Sequence[str] = ()) -> None:
        self._texts = texts
        self._own = urlsplit(public_url).netloc.lower()
        self._headers = headers(frames)

    def __call__(self, handler: Handler) -> Handler:
        """The handler with its guard."""

        async def guarded(request: web.Request) -> web.StreamResponse:
            try:
                self._check_origin(request)
                response = await handler(request)
            except Refusal as refusal:
                response = self._refused(request, refusal)
            except DatabaseAwayError:
                response = self._refused(request, AWAY)
            if not response.prepared:
                response.headers.update({k: v for k, v in self._headers.items() if k not in response.headers})
            return response

        return guarded

    def _check_origin(self, request: web.Request) -> None:
        """Posts come from our own page, or from a program that names no origin.

        Raises:
            Refusal: 403 from any other page.
        """
        page = page_of(request)
        if request.method == "GET" or page is None:
            return
        if page not in {request.host.lower(), self._own} - {""}:
            raise Refusal(403, "foreign")

    def _refused(self, request: web.Request, refusal: Refusal) -> web.Response:
        text = pick(self._texts, language_of(request))[f"error_{refusal.code}"]
        body = {"error": refusal.code, "text": text}
        response = web.json_response(body, status=refusal.status, headers={"Cache-Control": "no-store"})
        if refusal.retry_after:
            response.headers["Retry-After"] = str(math.ceil(refusal.retry_after))
        return response
