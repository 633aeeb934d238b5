import asyncio

import pytest
from PIL import Image
from playwright.async_api import expect

from dialogs.messages import Button, OutboundMessage

pytestmark = pytest.mark.browser
QUESTION = OutboundMessage(
    "Diterima, <b>SLM-26-7K3QX</b>. Betul?",
    ((Button("Betul", "/affirm"), Button("Lokasi lain", "/place")),),
    ask_location=True,
)


@pytest.fixture
async def page(browser, client):
    context = await browser.new_context(viewport={"width": 360, "height": 740}, locale="id-ID")
    page = await context.new_page()
    page.problems = []
    page.on("pageerror", lambda error: page.problems.append(str(error)))
    await page.goto(str(client.make_url("/chat")))
    await expect(page.locator("#status")).to_have_text("Tersambung")
    yield page
    assert page.problems == []
    await context.close()


async def write(page, text):
    await page.get_by_label("Tulis pesan").fill(text)
    await page.get_by_role("button", name="Kirim", exact=True).click()


async def heard(memory, number):
    async with asyncio.timeout(5):
        while len(memory.heard) < number:  # noqa: ASYNC110 - the page sets no event here
            await asyncio.sleep(0.02)
    return memory.heard[-1]


async def test_a_question_is_answered_with_a_tap(page, memory, channel):
    await write(page, "lampu mati <script>alert(1)</script>")
    address = (await heard(memory, 1)).address
    await memory.say(channel, address, QUESTION)
    await expect(page.get_by_role("log")).to_contain_text("<script>alert(1)</script>")
    await expect(page.get_by_role("log")).to_contain_text("Diterima, <b>")
    await expect(page.locator(".citizen .state")).to_contain_text("diterima")
    await page.get_by_role("button", name="Betul").click()
    pressed = await heard(memory, 2)
    assert (pressed.kind, pressed.button, pressed.text, pressed.reply_to) == (
        "button",
        "/affirm",
        "Betul",
        "1",
    )
    await expect(page.get_by_role("group", name="Pilihan jawaban")).to_have_count(0)
    await expect(page.get_by_label("Tulis pesan")).to_be_focused()


async def test_what_is_written_without_network_goes_out_once_after(page, memory):
    await page.context.set_offline(True)
    await write(page, "tanpa sinyal")
    await expect(page.locator(".citizen .state")).to_contain_text("menunggu jaringan")
    await expect(page.locator("#banner")).to_be_visible()
    assert not memory.heard
    await page.context.set_offline(False)
    assert (await heard(memory, 1)).text == "tanpa sinyal"
    await expect(page.locator(".line")).to_have_count(1)
    await page.reload()
    await expect(page.locator(".line")).to_have_count(1)


async def test_several_photos_are_one_message_and_made_smaller(page, memory, tmp_path):
    paths = [tmp_path / f"foto{number}.png" for number in range(2)]
    for path in paths:
        Image.effect_noise((2400, 1200), 80).convert("RGB").save(path)
    await page.locator("#files").set_input_files(paths)
    await expect(page.get_by_role("group", name="Siap dikirim").get_by_role("img")).to_have_count(2)
    await write(page, "dua foto")
    message = await heard(memory, 1)
    assert (message.kind, message.text, len(message.attachments)) == ("media", "dua foto", 2)
    assert [one.mime for one in message.attachments] == ["image/jpeg"] * 2
    assert all(one.size < path.stat().st_size for one, path in zip(message.attachments, paths, strict=True))
    await page.reload()
    await expect(page.locator(".files img")).to_have_count(2)


async def test_a_place_from_the_phone_or_written(page, memory):
    await page.get_by_role("button", name="Kirim lokasi saya").click()
    await page.get_by_label("Patokan atau koordinat").fill("-7.7167, 110.3550")
    await page.get_by_role("dialog").get_by_role("button", name="Kirim").click()
    assert (await heard(memory, 1)).location.lat == -7.7167
    await page.context.grant_permissions(["geolocation"])
    await page.context.set_geolocation({"latitude": -7.8, "longitude": 110.3})
    await page.get_by_role("button", name="Kirim lokasi saya").click()
    assert (await heard(memory, 2)).location.lon == 110.3


async def test_a_refused_message_can_be_sent_again_with_its_photo(page, memory, tmp_path):
    Image.new("RGB", (40, 30)).save(tmp_path / "foto.png")
    refusal = {"status": 400, "json": {"text": "Tidak terbaca."}}
    await page.route("**/chat/api/files", lambda route: route.fulfill(**refusal))
    await page.locator("#files").set_input_files([tmp_path / "foto.png"])
    await write(page, "coba")
    await expect(page.locator(".citizen")).to_contain_text("Tidak terbaca.")
    await page.unroute("**/chat/api/files")
    await page.get_by_role("button", name="Kirim lagi").click()
    message = await heard(memory, 1)
    assert (message.text, len(message.attachments)) == ("coba", 1)


async def test_the_language_can_be_changed(page):
    await page.get_by_label("Bahasa").select_option("en")
    await expect(page.get_by_label("Write a message")).to_be_visible()
    assert await page.evaluate("document.documentElement.lang") == "en"


async def test_everything_to_touch_is_large_enough_and_has_a_name(page, memory, channel):
    await write(page, "halo")
    await memory.say(channel, (await heard(memory, 1)).address, QUESTION)
    await expect(page.get_by_role("button", name="Betul")).to_be_visible()
    controls = await page.locator("button:visible, select:visible, textarea:visible, a:visible").all()
    assert len(controls) >= 8
    for control in controls:
        box = await control.bounding_box()
        assert min(box["width"], box["height"]) > 43.9, await control.inner_html()
    snapshot = await page.locator("body").aria_snapshot()
    assert "- button:" not in snapshot
    assert "- button\n" not in snapshot
