"""A report through the web chat in a real browser, and the agency's answer back on the page."""

import re
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from bot.services.talks.leaving import Leaving
from tests.scenarios.kit import Town

pytestmark = pytest.mark.browser


async def test_a_report_in_the_browser_and_the_answer_back(
    town: Town, browser: Browser, photo, tmp_path: Path
):
    rina = await town.operator("Rina", "dishub")
    context = await browser.new_context(viewport={"width": 360, "height": 740}, locale="id-ID")
    page = await context.new_page()
    await page.goto(f"{town.address}/chat")
    log = page.get_by_role("log")

    async def press(label: str) -> None:
        await log.get_by_role("button", name=label, exact=True).last.click()

    await page.get_by_label("Tulis pesan").fill("lampu jalan depan pasar Godean mati udah seminggu")
    await page.keyboard.press("Enter")
    await press("Setuju")
    await expect(log).to_contain_text("Sidoagung")
    await press("Betul")
    for shade in (10, 200):
        (tmp_path / f"{shade}.jpg").write_bytes(photo(shade))
    await expect(log).to_contain_text("Ada foto")
    await page.locator("#files").set_input_files([str(tmp_path / "10.jpg"), str(tmp_path / "200.jpg")])
    await page.locator("#send").click()
    await expect(log).to_contain_text("Kirim sekarang?")
    await press("Kirim")
    await expect(log).to_contain_text(re.compile(r"SLM-\d\d-\w{5}"))

    (case,) = await town.cases()
    assert case.home.channel == "webchat"
    assert len(case.ticket.report.evidence) == 2

    card = await rina.wait_for(lambda m: case.ticket.number in m.text and "Ambil" in " ".join(m.labels))
    await rina.reply(card, "Besok pagi petugas kami ke lokasi.")
    await expect(log).to_contain_text("Besok pagi petugas kami ke lokasi.")

    await page.reload()
    await expect(page.get_by_role("log")).to_contain_text("Besok pagi petugas kami ke lokasi.")

    await page.get_by_role("button", name="Keluar").click()
    await page.get_by_role("button", name="Keluar dan hapus").click()
    await expect(page.get_by_role("log")).to_contain_text("Halo!")
    await rina.reply(card, "Sudah menyala.")
    await rina.wait_for(text="sudah keluar dari obrolan web")
    started_anew = Leaving(town.house.core, "webchat")
    await started_anew.load()
    assert started_anew.left(case.home.address)
    await context.close()
