"""The web chat on a government's own page, put there by one script tag, in a real browser."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from playwright.async_api import Page, expect

from bot.serving import opened
from bot.settings import Settings

pytestmark = pytest.mark.browser
PAGE = """<!doctype html><html lang="id"><title>Kalurahan</title>
<style>button, iframe { display: none; width: 1px; color: lime }</style>
<h1>Kalurahan Sidoagung</h1><input id="cari" aria-label="Cari">
<script src="BASE/chat/embed.js" data-language="jv"></script></html>"""
POLICY = "default-src 'none'; script-src BASE; frame-src BASE; style-src 'unsafe-inline'"


@pytest.fixture
async def site(tmp_path, browser) -> AsyncIterator[dict]:
    """A site with a strict policy and rude styles, its chat, and a phone to look at it."""
    told: dict = {}

    async def page(_request: web.Request) -> web.Response:
        html, policy = (one.replace("BASE", told["base"]) for one in (PAGE, POLICY))
        return web.Response(text=html, content_type="text/html", headers={"Content-Security-Policy": policy})

    application = web.Application()
    application.router.add_get("/", page)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    told["site"] = f"http://127.0.0.1:{runner.addresses[0][1]}"
    settings = Settings(data_dir=tmp_path, port=0, web_origins=told["site"], _env_file=None)
    async with opened(settings) as running:
        told["base"] = running.address
        context = await browser.new_context(viewport={"width": 360, "height": 740}, locale="id-ID")
        told["page"] = await context.new_page()
        yield told
        await context.close()
    await runner.cleanup()


async def test_one_script_tag_and_a_citizen_can_talk(site):
    page: Page = site["page"]
    await page.goto(site["site"])
    button = page.get_by_role("button", name="Wadul")
    await expect(button).to_have_attribute("aria-expanded", "false")
    assert await page.locator("iframe").count() == 0, "nothing is loaded until it is wanted"
    await button.click()
    chat = page.frame_locator("iframe")
    await expect(chat.locator("#status")).to_have_text("Tersambung")
    await chat.get_by_label("Tulis pesan").fill("lampu jalan mati di depan pasar Godean")
    await chat.get_by_role("button", name="Kirim", exact=True).click()
    await expect(chat.get_by_role("button", name="Setuju")).to_be_visible()


async def test_it_opens_and_closes_by_keyboard_and_keeps_the_talk(site):
    page: Page = site["page"]
    await page.goto(site["site"])
    button = page.get_by_role("button", name="Wadul")
    await button.focus()
    await page.keyboard.press("Enter")
    chat = page.frame_locator("iframe")
    await chat.get_by_label("Tulis pesan").fill("setengah jadi")
    await page.keyboard.press("Escape")
    await expect(page.locator("iframe")).to_be_hidden()
    await expect(button).to_be_focused()
    await button.click()
    await expect(chat.get_by_label("Tulis pesan")).to_have_value("setengah jadi")
    await chat.get_by_role("button", name="Tutup obrolan").click()
    await expect(page.locator("iframe")).to_be_hidden()


async def test_a_page_that_is_not_named_cannot_frame_the_chat(site, tmp_path):
    async with opened(Settings(data_dir=tmp_path / "b", port=0, _env_file=None)) as other:
        site["base"] = other.address
        page: Page = site["page"]
        await page.goto(site["site"])
        await page.get_by_role("button", name="Wadul").click()
        with pytest.raises(AssertionError):
            await expect(page.frame_locator("iframe").locator("#status")).to_be_visible(timeout=2000)
