"""Two chat widgets made by others for Rasa, unchanged, on a page of another origin in a real browser."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import web
from playwright.async_api import Page, expect
from sqlalchemy import select

from bot.serving import opened
from bot.settings import Settings
from dialogs.messages import OutboundMessage
from storage.reports import cases
from storage.rows import inbox
from storage.talks import outbox
from storage.talks.outbox import Outgoing

pytestmark = pytest.mark.browser
WIDGETS = Path(__file__).parents[3] / ".widgets"
CHATROOM = """<!doctype html><meta charset="utf-8">
<link rel="stylesheet" href="/chatroom/package/dist/Chatroom.css">
<div class="room"></div><script src="/chatroom/package/dist/Chatroom.js"></script><script>
window.room = new Chatroom({title: "Lapor", container: document.querySelector(".room"), host: "BASE"});
room.openChat();</script>"""
WEBCHAT = """<!doctype html><meta charset="utf-8"><div id="webchat"></div>
<script src="/rasa-webchat/package/lib/index.js"></script><script>
WebChat.default({socketUrl: "BASE", socketPath: "/socket.io/", title: "Lapor", initPayload: null,
  params: {storage: "local"}, customData: {language: "id"}}, null);</script>"""


@asynccontextmanager
async def elsewhere(pages: dict[str, str]) -> AsyncIterator[tuple[str, dict[str, str]]]:
    """A web server of somebody else's, with the widgets' own files and the given pages."""

    async def page(request: web.Request) -> web.Response:
        return web.Response(text=pages[request.match_info["name"]], content_type="text/html")

    application = web.Application()
    application.router.add_static("/chatroom", WIDGETS / "chatroom")
    application.router.add_static("/rasa-webchat", WIDGETS / "rasa-webchat")
    application.router.add_get("/{name}.html", page)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}", pages
    await runner.cleanup()


@asynccontextmanager
async def shown(browser, folder: Path, html: str) -> AsyncIterator[tuple[Page, object]]:
    if not all((WIDGETS / name / "package").exists() for name in ("chatroom", "rasa-webchat")):
        pytest.skip("the widgets could not be fetched: scripts/ensure_widgets.sh says why")
    async with elsewhere({}) as (address, pages):
        settings = Settings(data_dir=folder, port=0, rasa_web=True, web_origins=address, _env_file=None)
        async with opened(settings) as running:
            pages["lapor"] = html.replace("BASE", running.address)
            page = await browser.new_page(viewport={"width": 480, "height": 900})
            await page.goto(f"{address}/lapor.html")
            yield page, running.house
            await page.close()


async def number_of(house) -> str:
    (case,) = await house.core.database.read(cases.all_cases)
    assert case.home.channel == "rasa"
    return case.ticket.number


async def test_chatroom_over_rest(browser, tmp_path):
    async with shown(browser, tmp_path, CHATROOM) as (page, house):
        box = page.locator(".room input[type=text]")
        await box.fill("lampu jalan depan pasar Godean mati udah seminggu, gelap bgt")
        await box.press("Enter")
        for title in ("Setuju", "Betul", "Lewati", "Kirim"):
            await page.get_by_text(title, exact=True).last.click(timeout=20_000)
        await expect(page.locator(".room")).to_contain_text("Nomor laporan", timeout=20_000)
        await expect(page.locator(".room")).to_contain_text(await number_of(house))


async def test_rasa_webchat_over_socket_io(browser, tmp_path):
    async with shown(browser, tmp_path, WEBCHAT) as (page, house):
        await page.locator(".rw-launcher").click()
        box = page.locator(".rw-new-message")
        await box.fill("lampu jalan depan pasar Godean mati udah seminggu, gelap bgt")
        await box.press("Enter")
        for title in ("Setuju", "Betul", "Lewati", "Kirim"):
            await page.locator(".rw-reply", has_text=title).first.click(timeout=20_000)
        await expect(page.locator(".rw-messages-container")).to_contain_text("Nomor laporan", timeout=20_000)
        await expect(page.locator(".rw-messages-container")).to_contain_text(await number_of(house))


@pytest.mark.parametrize("html", [CHATROOM, WEBCHAT], ids=["chatroom", "rasa-webchat"])
async def test_nobodys_words_lead_anywhere(browser, tmp_path, html):
    planted = "[buka](javascript:ran=1) <javascript:ran=2> ![x](https://jahat.example/x.png) akhir"
    async with shown(browser, tmp_path, html) as (page, house):
        if html is WEBCHAT:
            await page.locator(".rw-launcher").click()
        box = page.locator(".room input[type=text], .rw-new-message")
        await box.fill("halo")
        await box.press("Enter")
        await expect(page.locator("body")).to_contain_text("Halo!", timeout=20_000)
        (heard,) = await house.core.database.read(inbox_addresses)
        news = Outgoing("rasa", heard, OutboundMessage(planted))
        await house.core.database.write(lambda c: outbox.add(c, [news], house.core.clock()))
        house.deliveries.wake("rasa", heard)
        if html is CHATROOM:  # over REST, news come with the next answer
            await house.settle()
            await box.fill("halo")
            await box.press("Enter")
        await expect(page.locator("body")).to_contain_text("akhir", timeout=20_000)
        assert await page.locator("a[href^=javascript], img[src*=jahat]").count() == 0


def inbox_addresses(connection):
    """Who wrote over a widget."""
    query = select(inbox.c.address).where(inbox.c.channel == "rasa").distinct()
    return connection.execute(query).scalars().all()
