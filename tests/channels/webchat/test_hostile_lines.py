"""Whatever the server has to say (categories, places, ready answers, colleagues' words) runs nowhere."""

from collections.abc import AsyncIterator
from dataclasses import fields, replace

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from playwright.async_api import expect

from bot.channels.webchat.lines import ChatFile, ChatLine
from dialogs.messages import Attachment, Button, OutboundMessage

pytestmark = pytest.mark.browser
RUNS = (
    "<img src=x onerror=\"window.ran='img'\"><svg onload=\"window.ran='svg'\"></svg>"
    "<script>window.ran='script'</script>"
)
SVG = b"<svg xmlns='http://www.w3.org/2000/svg' onload=\"window.ran='file'\"/>"
LINKS = (
    "javascript:window.ran='link'",
    'https://a.example/"onmouseover="window.ran=1',
    "data:text/html," + RUNS,
)
SAID = OutboundMessage(
    text=f'{RUNS} SLM-26-7K3QX{RUNS} https://a.example/"onclick="window.ran=1 javascript:window.ran=1',
    buttons=((Button(RUNS, f"/x{RUNS}"), *[Button(f"{RUNS}{n}", "", url) for n, url in enumerate(LINKS)]),),
    attachments=(
        Attachment("document", "upload-0", "text/html", 9, f"{RUNS}.html"),
        Attachment("photo", "upload-0", "image/svg+xml", 9, f"{RUNS}.svg"),
    ),
    ask_location=True,
    reply_to=RUNS,
)
SHOWN = {"text", "buttons", "attachments", "ask_location", "reply_to"}
"""What the page shows of a message; the others stay behind."""
UNSHOWN = {"seq", "from_", "at", "state", "location", "ref", "client_id"}
"""Numbers, moments and words of ours."""


@pytest.fixture
async def page(browser):
    context = await browser.new_context(viewport={"width": 360, "height": 740}, locale="id-ID")
    yield await context.new_page()
    await context.close()


async def ran(page) -> object:
    await page.evaluate("new Promise(done => requestAnimationFrame(() => setTimeout(done, 100)))")
    return await page.evaluate("window.ran ?? null")


def test_every_part_of_a_line_is_hostile_or_ours():
    assert {one.name for one in fields(ChatLine)} == SHOWN | UNSHOWN


async def test_a_careless_page_runs_them(page):
    await page.goto("about:blank")
    await page.set_content(f"<p>{RUNS}</p>")
    assert await ran(page) in {"img", "svg"}


async def test_no_part_of_a_line_runs(page, client, memory, channel):
    async with memory.keeping([ChatFile(SVG, "image/svg+xml", "x.svg")]):
        pass
    await page.goto(str(client.make_url("/chat")))
    await page.get_by_label("Tulis pesan").fill(RUNS)
    await page.locator("#send").click()
    await expect(page.locator(".citizen .state")).to_contain_text("terkirim")
    memory.heard[0] = replace(memory.heard[0], attachments=SAID.attachments)
    await memory.say(channel, memory.heard[0].address, SAID)
    log = page.get_by_role("log")
    await expect(log).to_contain_text("<svg onload=")
    assert await page.locator("[src=x], [onerror], [onload], [onclick], [onmouseover]").count() == 0
    assert await page.locator("a[href^=javascript], a[href^=data]").count() == 0
    await log.get_by_role("group", name="Pilihan jawaban").locator("button").last.click()
    assert await ran(page) is None


@pytest.fixture
async def foreign(client) -> AsyncIterator[str]:
    """A page of others that is not named in the settings, with a hostile label for our button."""
    script = client.make_url("/chat/embed.js")
    label = RUNS.replace("&", "&amp;").replace('"', "&quot;")

    async def home(_request):
        text = f'<title>Kota</title><script src="{script}" data-label="{label}"></script>'
        return web.Response(text=text, content_type="text/html")

    app = web.Application()
    app.router.add_get("/", home)
    async with TestServer(app) as server:
        yield f"http://localhost:{server.port}/"


async def test_a_page_of_others_runs_nothing_of_ours_and_sees_nothing_in_it(page, foreign):
    await page.goto(foreign)
    button = page.get_by_role("button")
    await expect(button).to_contain_text("<img src=x")
    await button.click()
    frame = page.locator("iframe")
    await expect(frame).to_be_visible()
    assert await ran(page) is None
    seen = await page.evaluate(
        "() => { try { return document.querySelector('iframe').contentWindow.document.body.innerText; }"
        " catch { return 'kept apart'; } }"
    )
    assert seen == "kept apart"
    assert await page.frame_locator("iframe").get_by_label("Tulis pesan").count() == 0
