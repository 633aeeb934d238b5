"""The page, driven in a headless Chromium as one person would use it."""

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from bot.sandbox.client import SandboxClient, User
from bot.sandbox.server import Sandbox

pytestmark = pytest.mark.browser
NASTY = '<img src=x onerror="document.title=1"><b>tebal</b>'


@pytest.fixture
async def page(browser: Browser, sandbox: Sandbox) -> AsyncIterator[Page]:
    made = await browser.new_page(viewport={"width": 1360, "height": 860}, locale="id-ID")
    problems: list[str] = []
    made.on("pageerror", lambda problem: problems.append(str(problem)))
    made.on("console", lambda told: problems.append(told.text) if told.type == "error" else None)
    await made.goto(sandbox.base_url)
    yield made
    await made.close()
    assert problems == []


def pane(page: Page, user: User) -> Locator:
    return page.locator(f'[data-person="{user.id}"]')


async def test_starting_talking_and_pressing(page: Page, api: Any, client: SandboxClient) -> None:
    siti = await client.existing_user("Siti")
    screen = pane(page, siti)
    await expect(page.get_by_text("bukan Telegram")).to_be_visible()
    await screen.get_by_role("button", name="Mulai", exact=True).click()
    await expect(screen.locator(".row.own")).to_contain_text("/start")
    await screen.get_by_label("Tulis pesan").fill("lampu jalan mati")
    await screen.get_by_label("Tulis pesan").press("Enter")
    await expect(screen.locator(".row.own .text", has_text="lampu jalan mati")).to_be_visible()
    keyboard = {"inline_keyboard": [[{"text": "Ya", "callback_data": "ya"}]]}
    await api("sendMessage", chat_id=siti.id, text="<b>Benar</b>?", parse_mode="HTML", reply_markup=keyboard)
    await expect(screen.locator(".text b", has_text="Benar")).to_be_visible()
    await screen.get_by_role("button", name="Ya", exact=True).click()
    query = (await api("getUpdates", offset=-1))[0]["callback_query"]
    await api("answerCallbackQuery", callback_query_id=query["id"], text="Tercatat")
    await expect(screen.get_by_text("Tercatat")).to_be_visible()
    sent = query["message"]["message_id"]
    await api("editMessageText", chat_id=siti.id, message_id=sent, text="Terima kasih")
    await expect(screen.locator(".row.other", has_text="Terima kasih")).to_contain_text("diubah")


async def test_replying_editing_and_an_album(
    page: Page, api: Any, siti: User, photo: bytes, tmp_path: Path
) -> None:
    await api("sendMessage", chat_id=siti.id, text="Boleh kirim foto?")
    screen = pane(page, siti)
    await screen.locator(".bubble", has_text="Boleh kirim foto?").click()
    await screen.get_by_label("Tulis pesan").fill("ini fotonya")
    paths = []
    for name in ("a.jpg", "b.jpg"):
        (tmp_path / name).write_bytes(photo)
        paths.append(tmp_path / name)
    await screen.get_by_label("Lampirkan").click()
    async with page.expect_file_chooser() as chooser:
        await screen.get_by_role("button", name="Foto").click()
    await (await chooser.value).set_files(paths)
    await expect(screen.locator(".thumb")).to_have_count(2)
    await screen.get_by_label("Kirim", exact=True).click()
    await expect(screen.locator(".picture img")).to_have_count(2)
    await expect(screen.locator(".quote")).to_contain_text("Boleh kirim foto?")
    album = [u["message"] for u in (await api("getUpdates"))[-2:]]
    assert album[0]["media_group_id"] == album[1]["media_group_id"]
    assert album[0]["reply_to_message"]["text"] == "Boleh kirim foto?"
    await screen.locator(".row.own .bubble", has_text="/start").hover()
    await screen.locator(".row.own", has_text="/start").get_by_label("Ubah").click()
    await screen.get_by_label("Tulis pesan").fill("halo")
    await screen.get_by_label("Tulis pesan").press("Enter")
    await expect(screen.locator(".row.own", has_text="halo")).to_contain_text("diubah")
    assert (await api("getUpdates", offset=-1))[0]["edited_message"]["text"] == "halo"


async def test_a_place_from_the_list(page: Page, api: Any, siti: User) -> None:
    screen = pane(page, siti)
    await screen.get_by_label("Lampirkan").click()
    await screen.get_by_role("button", name="Lokasi").click()
    await page.get_by_role("button", name="UGM").click()
    await page.locator("dialog").get_by_role("button", name="Kirim").click()
    await expect(screen.locator(".pin")).to_be_visible()
    place = (await api("getUpdates", offset=-1))[0]["message"]["location"]
    assert place == {"latitude": -7.7713, "longitude": 110.3775}


async def test_nothing_sent_becomes_part_of_the_page(
    page: Page, api: Any, siti: User, client: SandboxClient
) -> None:
    await client.user(NASTY)
    await siti.send("kentongan_bot", NASTY)
    keyboard = {"inline_keyboard": [[{"text": NASTY, "callback_data": "x"}]]}
    links = [{"type": "text_link", "offset": 0, "length": 4, "url": "javascript:alert(1)"}]
    await api("sendMessage", chat_id=siti.id, text="awas", entities=links, reply_markup=keyboard)
    await expect(pane(page, siti).locator(".row.own .text", has_text="<img")).to_be_visible()
    await expect(pane(page, siti).locator(".key", has_text="<img")).to_be_visible()
    assert await page.locator("img[src=x], a[href^=javascript]").count() == 0
    await expect(page).to_have_title("Kotak latihan")


async def test_a_deep_link_offers_to_start(
    browser: Browser, sandbox: Sandbox, api: Any, client: SandboxClient
) -> None:
    phone = await browser.new_page(viewport={"width": 390, "height": 800})
    await phone.goto(f"{sandbox.base_url}/t.me/petugas_bot?start=UNDANGAN-1")
    rina = await client.existing_user("Rina")
    await phone.locator("dialog select").select_option(str(rina.id))
    await phone.get_by_role("button", name="Buka", exact=True).click()
    await pane(phone, rina).get_by_role("button", name="Mulai", exact=True).click()
    await expect(pane(phone, rina).locator(".row.own")).to_contain_text("/start UNDANGAN-1")
    wide = await phone.evaluate("document.documentElement.scrollWidth")
    assert wide == 390
    await phone.close()


async def test_making_a_group_with_topics(page: Page, client: SandboxClient, api: Any) -> None:
    await page.get_by_role("button", name="+ Grup").click()
    await page.get_by_label("Nama grup").fill("Dishub")
    await page.get_by_label("Topik").fill("Lampu jalan\nRambu")
    await page.get_by_label("Bot sebagai admin").select_option(label="Kentongan (@kentongan_bot)")
    await page.get_by_role("button", name="Buat grup").click()
    rina = await client.existing_user("Rina")
    screen = pane(page, rina)
    await screen.locator(".topics").get_by_role("button", name=re.compile("Lampu jalan")).click()
    await screen.get_by_label("Tulis pesan").fill("saya cek")
    await screen.get_by_label("Tulis pesan").press("Enter")
    await expect(screen.locator(".row.own .text")).to_have_text("saya cek")
    message = (await api("getUpdates", offset=-1))[0]["message"]
    assert message["is_topic_message"] is True
    await expect(page.get_by_role("button", name="Agus")).to_be_visible()


async def test_blocking_from_the_page(page: Page, api: Any, siti: User) -> None:
    screen = pane(page, siti)
    await screen.get_by_label("Tentang percakapan ini").click()
    await page.get_by_role("button", name="Blokir bot ini").click()
    await expect(screen.get_by_role("button", name="Buka blokir")).to_be_visible()
    assert (
        await api.error("sendMessage", chat_id=siti.id, text="a") == "Forbidden: bot was blocked by the user"
    )
    await screen.get_by_role("button", name="Buka blokir").click()
    await expect(screen.get_by_label("Tulis pesan")).to_be_visible()
