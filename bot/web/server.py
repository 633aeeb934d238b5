"""The one web server: the doors' routes and a front page."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from html import escape
from pathlib import Path
from string import Template

import structlog
from aiohttp import web

from bot.channels.visitors import PROXIES
from storage.doors.database import DatabaseAwayError

log = structlog.get_logger(__name__)

PAGE = Path(__file__).with_name("pages") / "home.html"
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
NOWHERE = (
    ("id", "Halaman itu tidak ada, atau sudah pindah. Dari sini Anda tetap bisa melapor."),
    ("jv", "Kaca iku ora ana, utawa wis pindhah. Saka kene panjenengan tetep isa lapor."),
    ("en", "That page does not exist, or has moved. From here you can still report."),
)
"""Told, in each language, to whoever followed an address that leads nowhere."""
SHUTDOWN_SECONDS = 5.0
BODY_SECONDS = 600.0
"""How long a body may take to come in: the largest there is, over a line of 300 kbit/s."""

UNREAD = 8 * 1024
"""Bytes of a body that nobody has asked for yet, beyond which its sender is let wait; twice as many at most,
and a piece."""


@dataclass(frozen=True, slots=True)
class Link:
    """A way in, shown on the front page."""

    label: str
    address: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Front:
    """What the front page says: whose it is, whom to call in an emergency, and the ways in."""

    city: str
    emergency: str
    links: tuple[Link, ...]


Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Server:
    """Serves the given routes until stopped, behind so many `proxies`; port 0 takes a free one."""

    def __init__(self, routes: Iterable[web.RouteDef], front: Front, proxies: int = 0) -> None:
        self._front = front
        tidy = web.normalize_path_middleware(append_slash=False, remove_slash=True, merge_slashes=False)
        application = web.Application(
            client_max_size=25 * 1024 * 1024, middlewares=[_bounded, _while_away, tidy, self._found]
        )
        application[PROXIES] = proxies
        application.router.add_get("/", self._home)
        application.add_routes(routes)
        self._runner = web.AppRunner(
            application, access_log=None, shutdown_timeout=SHUTDOWN_SECONDS, read_bufsize=UNREAD
        )

    async def start(self, host: str, port: int) -> str:
        """Begin to listen and return the base address; raises OSError when the port is taken."""
        await self._runner.setup()
        await web.TCPSite(self._runner, host, port).start()
        bound_host, bound_port = self._runner.addresses[0][:2]
        return f"http://{bound_host}:{bound_port}"

    async def stop(self) -> None:
        """Finish the requests in hand and stop listening."""
        await self._runner.cleanup()

    async def _home(self, _request: web.Request) -> web.Response:
        return self._page()

    @web.middleware
    async def _found(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Whoever gets lost with a browser is shown the ways in."""
        try:
            return await handler(request)
        except web.HTTPNotFound:
            if "text/html" not in request.headers.get("Accept", ""):
                raise
            return self._page(
                "".join(f'<p lang="{language}">{text}</p>\n' for language, text in NOWHERE), 404
            )

    def _page(self, notice: str = "", status: int = 200) -> web.Response:
        page = Template(PAGE.read_text(encoding="utf-8"))
        ways = "\n".join(_way_in(link) for link in self._front.links)
        city, emergency = escape(self._front.city), escape(self._front.emergency)
        text = page.substitute(city=city, emergency=emergency, ways=ways, notice=notice)
        return web.Response(text=text, content_type="text/html", status=status, headers=HEADERS)


@web.middleware
async def _bounded(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Nobody holds a connection by sending a body without end, however slowly."""
    if request.content.is_eof():
        return await handler(request)
    hanging_up = asyncio.get_running_loop().call_later(BODY_SECONDS, _hang_up, request)
    try:
        return await handler(request)
    except ConnectionError:
        if request.transport is not None:
            raise
        log.info("a body was broken off", path=request.path)  # a bad line: whoever it was sends it again
        return web.Response(status=400)
    finally:
        hanging_up.cancel()


def _hang_up(request: web.Request) -> None:
    if not request.content.is_eof() and request.transport is not None:
        log.warning("hung up on a body that does not end", path=request.path)
        request.transport.close()


@web.middleware
async def _while_away(request: web.Request, handler: Handler) -> web.StreamResponse:
    """While the database is away nothing is confirmed: a messenger sends again what gets this answer."""
    try:
        return await handler(request)
    except DatabaseAwayError as error:
        log.warning("turned away, the database is out of reach", reason=str(error))
        return web.json_response({"status": "trouble"}, status=503, headers={"Retry-After": "5"})


def _way_in(link: Link) -> str:
    note = f"<small>{escape(link.note)}</small>" if link.note else ""
    return f'<li><a href="{escape(link.address, quote=True)}">{escape(link.label)}</a>{note}</li>'
