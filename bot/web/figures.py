"""The page of figures over HTTP: months that are over for everybody, the running one for who has a link."""

import asyncio
import base64
import hashlib
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from urllib.parse import quote

from aiohttp import web

from bot.reporting.days import last_month
from bot.reporting.map import map_of
from bot.reporting.page import KEY, LANGUAGES, STYLE, View, closed_page, page
from bot.services.core import Core
from bot.services.desk.figure_links import PATH, FigureLinks
from bot.services.desk.figures import FigureDesk
from bot.services.desk.roster import Roster
from bot.services.reports.naming import labels_of

HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
HEADERS = {
    "Content-Security-Policy": f"default-src 'none'; style-src 'sha256-{HASH}'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
}
FRESH_SECONDS = 600
"""How long a page is shown before it is made anew."""
MOST_PAGES = 300
OLDEST_MONTHS = 60


@dataclass(slots=True)
class _Shelf:
    """Pages made already, each with when; one is made at a time."""

    pages: dict[tuple[object, ...], tuple[float, str]] = field(default_factory=dict)
    making: asyncio.Lock = field(default_factory=asyncio.Lock)

    def fresh(self, key: tuple[object, ...]) -> str | None:
        made, text = self.pages.get(key, (float("-inf"), ""))
        return text if time.monotonic() - made < FRESH_SECONDS else None

    def keep(self, key: tuple[object, ...], text: str) -> str:
        if len(self.pages) >= MOST_PAGES:
            self.pages.clear()
        self.pages[key] = (time.monotonic(), text)
        return text


class FiguresPage:
    """Serves figures of months; nobody's report, name or words are anywhere in what it is made of."""

    def __init__(self, core: Core, roster: Roster) -> None:
        self._core = core
        self._desk = FigureDesk(core.database, core.policies, core.clock)
        self._links = FigureLinks(core, roster)
        self._shelf = _Shelf()

    def routes(self, *, public: bool) -> list[web.RouteDef]:
        """`/angka` when everybody may see it; the fuller page where links are given."""
        found = [web.get("/angka", self._everybody)] if public else []
        return [*found, web.get(PATH, self._leaders)] if self._core.url else found

    async def _everybody(self, request: web.Request) -> web.Response:
        language = _language(request.query)
        newest = last_month(self._desk.today())[0]
        month = _month(request.query, newest)
        if month is None:
            return self._closed("no_month", language, 404)
        text = await self._made(View(labels_of(self._core.policies, language), month, newest))
        return _answer(text, {"Cache-Control": f"public, max-age={FRESH_SECONDS}"})

    async def _leaders(self, request: web.Request) -> web.Response:
        key = request.query.get("kunci", "")
        found = await self._links.opened(key)
        if found is None:
            return self._closed("no_link", _language(request.query), 403)
        newest = self._desk.today().replace(day=1)
        month = _month(request.query, newest)
        if month is None:
            return self._closed("no_month", found.language, 404)
        labels = labels_of(self._core.policies, _language(request.query, found.language))
        view = View(labels, month, newest, full=True, scope=found.scope)
        return _answer(
            (await self._made(view)).replace(KEY, quote(key, safe="")), {"Cache-Control": "no-store"}
        )

    async def _made(self, view: View) -> str:
        """The page of a view, from the shelf while it is fresh."""
        key = (view.full, view.scope, view.month, view.newest, view.labels.language)
        async with self._shelf.making:
            return self._shelf.fresh(key) or self._shelf.keep(key, await self._make(view))

    async def _make(self, view: View) -> str:
        following = (view.month + timedelta(days=31)).replace(day=1)
        period = self._desk.days(view.month, following - timedelta(days=1))
        found = await self._desk.of(period, view.scope)
        drawn = await asyncio.to_thread(map_of, self._core.policies.city.kode)
        return await asyncio.to_thread(page, found, view, drawn)

    def _closed(self, why: str, language: str, status: int) -> web.Response:
        text = closed_page(why, labels_of(self._core.policies, language))
        return _answer(text, {"Cache-Control": "no-store"}, status)


def _answer(text: str, more: Mapping[str, str], status: int = 200) -> web.Response:
    return web.Response(text=text, content_type="text/html", headers={**HEADERS, **more}, status=status)


def _language(query: Mapping[str, str], else_: str = "id") -> str:
    asked = query.get("bahasa", else_)
    return asked if asked in LANGUAGES else else_


def _month(query: Mapping[str, str], newest: date) -> date | None:
    """The first day of the month asked for; the newest when none is; None when it is none that is shown."""
    asked = query.get("bulan")
    if asked is None:
        return newest
    try:
        month = date.fromisoformat(f"{asked}-01")
    except ValueError:
        return None
    age = (newest.year - month.year) * 12 + newest.month - month.month
    return month if 0 <= age < OLDEST_MONTHS else None
