"""How the process is, for whoever watches it: alive, ready, and in figures."""

import asyncio
import time
from collections.abc import Awaitable, Callable

import structlog
from aiohttp import web

from bot.app import Kentongan
from bot.channels.secrets import same
from bot.doors.door import Door
from bot.settings import Settings
from storage.talks import backlog

log = structlog.get_logger(__name__)

PATIENCE = 3.0
"""Seconds a look at the database may take before it counts as trouble."""
FRESH = 1.0
"""Seconds what a look found is told to whoever asks, so that asking often writes no more often."""
FIGURES = "text/plain; version=0.0.4; charset=utf-8"
OK = "ok"


def health_door(house: Kentongan, settings: Settings) -> Door:
    """`/healthz` (is it alive?), `/readyz` (may it be given work?) and, behind a token, `/metrics`."""
    token = settings.metrics_token.get_secret_value() if settings.metrics_token else ""
    health = Health(house, token)
    return Door(routes=health.routes(), hush=health.leave)


class Health:
    """Answers those who watch; once it was told that the end is near, the process is not ready any more."""

    def __init__(self, house: Kentongan, token: str) -> None:
        self._house = house
        self._token = token
        self._leaving = False
        self._looked, self._kept = Look(self._look), Look(self._keep)

    def routes(self) -> list[web.RouteDef]:
        """The three addresses; `/metrics` only where a token was set."""
        routes = [web.get("/healthz", self._healthz), web.get("/readyz", self._readyz)]
        return [*routes, web.get("/metrics", self._metrics)] if self._token else routes

    async def leave(self) -> None:
        """From now on, not ready: the process is about to stop."""
        self._leaving = True

    async def _healthz(self, _request: web.Request) -> web.Response:
        return _told({"database": await self._looked.state()})

    async def _readyz(self, _request: web.Request) -> web.Response:
        """Ready when things can be kept: whoever brings a message gets it acknowledged once it is on disk."""
        going = "stopping" if self._leaving else OK
        return _told({"process": going, "database": await self._kept.state()})

    async def _metrics(self, request: web.Request) -> web.Response:
        if not same(request.headers.get("Authorization", ""), f"Bearer {self._token}"):
            raise web.HTTPUnauthorized(headers={"WWW-Authenticate": "Bearer"})
        core = self._house.core
        now = core.clock()
        heaps = await core.database.read(lambda c: backlog.heaps(c, now))
        return web.Response(body=core.meters.page(heaps, now), headers={"Content-Type": FIGURES})

    async def _look(self) -> None:
        await self._house.core.database.read(backlog.reachable)

    async def _keep(self) -> None:
        await self._house.core.database.write(backlog.writable)


class Look:
    """One look at the database for all who ask at the same time, and for a moment afterwards."""

    def __init__(
        self, look: Callable[[], Awaitable[None]], now: Callable[[], float] = time.monotonic
    ) -> None:
        self._look = look
        self._now = now
        self._at = 0.0
        self._last: asyncio.Task[str] | None = None

    async def state(self) -> str:
        """What the last look found, or one begun now when that is over and no longer fresh."""
        if self._last is None or (self._last.done() and self._now() - self._at >= FRESH):
            self._at = self._now()
            self._last = asyncio.create_task(_state(self._look))
        return await asyncio.shield(self._last)


async def _state(look: Callable[[], Awaitable[None]]) -> str:
    try:
        async with asyncio.timeout(PATIENCE):
            await look()
    except Exception as error:  # noqa: BLE001 whatever it is, the answer is that it does not work
        log.warning("database in trouble", reason=type(error).__name__)
        return f"trouble: {type(error).__name__}"
    return OK


def _told(found: dict[str, str]) -> web.Response:
    well = all(state == OK for state in found.values())
    return web.json_response({"status": OK if well else "trouble", **found}, status=200 if well else 503)
