"""Take the README's picture anew: a report and its answer, on the sandbox's page, by the real bots."""

import asyncio
import io
import os
import re
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from PIL import Image, ImageDraw
from playwright.async_api import Page, async_playwright

from bot.commands.serve import CITIZEN_BOT, OPERATOR_BOT
from bot.sandbox.client import SandboxClient, User

TARGET = Path(__file__).parents[1] / "docs" / "pictures" / "sandbox.png"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
WEB_PORT, SANDBOX_PORT = 18080, 18081
ADDRESS = f"http://127.0.0.1:{SANDBOX_PORT}"
ZONE = "Asia/Jakarta"
SIZE = {"width": 1280, "height": 980}


@asynccontextmanager
async def kentongan() -> AsyncIterator[str]:
    """`kentongan run` on a throw-away folder; gives what it prints when it is ready."""
    with tempfile.TemporaryDirectory() as folder:
        settings = {
            "KENTONGAN_DATA_DIR": folder,
            "KENTONGAN_PORT": str(WEB_PORT),
            "KENTONGAN_SANDBOX_PORT": str(SANDBOX_PORT),
        }
        child = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "run", env=os.environ | settings, stdout=asyncio.subprocess.PIPE
        )
        try:
            yield (await child.stdout.readuntil(b"Ctrl-C")).decode() if child.stdout else ""
        finally:
            child.terminate()
            await child.wait()


def lamp(*, near: bool) -> bytes:
    """A street at night with its lamp out, drawn from near or from afar."""
    picture = Image.new("RGB", (640, 480), (24, 34, 66))
    pen = ImageDraw.Draw(picture)
    left, top, width = (250, 40, 14) if near else (150, 90, 8)
    pen.rectangle((0, 330, 640, 480), fill=(30, 36, 34))
    pen.polygon([(200, 480), (440, 480), (345, 330), (315, 330)], fill=(58, 60, 70))
    pen.rectangle((left, top, left + width, 480), fill=(110, 114, 126))
    pen.line((left + width / 2, top, left + 90, top - 12), fill=(110, 114, 126), width=width)
    pen.ellipse((left + 66, top - 20, left + 114, top + 4), fill=(64, 66, 72))
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=85)
    return buffer.getvalue()


async def report(siti: User) -> str:
    """A whole report; returns its number."""
    bot = CITIZEN_BOT.username
    await siti.send(bot, "lampu jalan depan pasar godean mati udah seminggu, kemarin ada yg jatuh")
    for label in ("Setuju", "Betul"):
        await siti.wait_for(lambda message, label=label: label in message.labels)
        await siti.press(label)
    await siti.wait_for(lambda message: "Lewati" in message.labels)
    await siti.send_photos(bot, [lamp(near=False), lamp(near=True)])
    await siti.wait_for(lambda message: "Kirim" in message.labels)
    await siti.press("Kirim")
    receipt = await siti.wait_for("SLM-")
    return re.findall(r"SLM-\d\d-\w{5}", receipt.text)[0]


async def answer(rina: User, invitation: str, number: str) -> None:
    """The agency's liaison joins, takes the case and writes to the citizen."""
    bot = OPERATOR_BOT.username
    await rina.start(bot, invitation)
    await rina.wait_for(number)
    await rina.press("Ambil")
    card = await rina.wait_for(number)
    await rina.reply(card, "Besok pagi tim kami ke lokasi, mohon ditunggu ya Bu.")


async def played(links: str) -> None:
    """The conversation in the picture."""
    invitation = re.findall(r"Dishub\S*\s+\S+start=(\S+)", links)[0]
    async with SandboxClient(ADDRESS) as sandbox:
        siti, rina = await sandbox.existing_user("Siti"), await sandbox.existing_user("Rina")
        number = await report(siti)
        await answer(rina, invitation, number)
        await siti.wait_for("Besok pagi", timeout=20)


async def photographed(page: Page) -> None:
    """The page with both talks in it."""
    await page.goto(ADDRESS)
    await page.locator(".row.other", has_text="Besok pagi").first.wait_for()
    await page.get_by_text(OPERATOR_BOT.name).locator("visible=true").first.click()
    await page.locator(".row.own", has_text="Besok pagi").first.wait_for()
    await page.wait_for_timeout(1500)  # pictures load, the lists scroll to their ends
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    await page.screenshot(path=TARGET)


async def main() -> None:
    """Play, then press the shutter."""
    browser_path = next(filter(None, map(shutil.which, BROWSERS)))
    async with kentongan() as links, async_playwright() as playwright:
        await played(links)
        browser = await playwright.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
        await photographed(await browser.new_page(viewport=SIZE, locale="id-ID", timezone_id=ZONE))
        await browser.close()


if __name__ == "__main__":
    asyncio.run(main())
