"""Hostile words of a citizen, an operator and a city's own files, through every page and onto every card."""

from importlib.resources import files
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from tests.scenarios.kit import CITIZENS, NUMBER, Town, beside_a_sandbox, led_on, onward, running_town

pytestmark = pytest.mark.browser

IMAGE, DRAWING = "<img src=x onerror=\"window.ran='img'\">", "<svg onload=\"window.ran='svg'\"></svg>"
RUNS = f"{IMAGE}{DRAWING}<script>window.ran='script'</script>"
"""What runs in any page that takes it for its own, each part in a way of its own."""
FORMATS = "<b>tebal</b> & &lt;i&gt; *_~`[x](tg://user?id=1)` </a> @petugas_bot /tutup javascript:window.ran=1"
TURNED = "\u202egpj.exe\u200b"
STORY = f"lampu jalan mati di depan SD Sidoagung {RUNS} {FORMATS} {TURNED}"
LONG = "panjang sekali " * 320
ANSWER = f"Besok kami datang. {RUNS} {FORMATS}"


@pytest.fixture
async def town(tmp_path: Path):
    """A city whose own name and whose agency's are hostile as well."""
    own = tmp_path / "rules"
    own.mkdir()
    for file, plain in (
        ("city.yml", "name: Kabupaten Sleman\n"),
        ("agencies.yml", "name: Dinas Perhubungan,"),
    ):
        text = (files("tickets") / "data" / file).read_text()
        told = plain.removeprefix("name: ").rstrip("\n,")
        hostile = plain.replace(told, "'" + (told + RUNS).replace("'", "''") + "'")
        assert plain in text
        (own / file).write_text(text.replace(plain, hostile, 1))
    async with (
        beside_a_sandbox(tmp_path / "data", policies_dir=own) as settings,
        running_town(settings) as running,
    ):
        yield running


@pytest.fixture
async def page(browser: Browser):
    context = await browser.new_context(viewport={"width": 1360, "height": 860}, locale="id-ID")
    yield await context.new_page()
    await context.close()


async def ran(page: Page) -> object:
    """What ran of the hostile words, after everything had the time to."""
    await page.wait_for_load_state("load")
    await page.evaluate("new Promise(done => requestAnimationFrame(() => setTimeout(done, 100)))")
    return await page.evaluate("window.ran ?? null")


async def report_on_the_page(town: Town, page: Page) -> str:
    """A report of hostile words with a file of a hostile name; its number."""
    await page.goto(f"{town.address}/chat")
    log = page.get_by_role("log")
    await page.get_by_label("Tulis pesan").fill(STORY)
    await page.locator("#send").click()
    for _ in range(8):
        await town.house.settle()
        choice = log.get_by_role("group", name="Pilihan jawaban").get_by_role("button")
        await expect(choice.or_(log.filter(has_text=NUMBER)).first).to_be_visible()
        if found := NUMBER.search(await log.inner_text()):
            return found[0]
        labels = await choice.all_inner_texts()
        wanted = onward(labels)
        await choice.nth(labels.index(wanted)).click()
    raise AssertionError(await log.inner_text())


async def test_a_page_that_is_not_careful_runs_them(page: Page):
    """What the test below looks for is there to be seen."""
    await page.goto("about:blank")
    for part, marker in ((IMAGE, "img"), (DRAWING, "svg")):
        await page.set_content(f"<p>{part}</p>")
        assert await ran(page) == marker


async def test_no_page_runs_them_and_no_card_is_shaped_by_them(town: Town, page: Page):
    rina = await town.operator(f"Rina {RUNS}"[:64], "dishub")
    number = await report_on_the_page(town, page)
    card = await rina.wait_for(lambda m: number in m.text and m.buttons)
    assert "<script>" in card.text
    assert "\u202e" not in card.text
    assert "\u200b" not in card.text
    assert shaped(card) == []
    await rina.reply(card, ANSWER)
    log = page.get_by_role("log")
    await expect(log).to_contain_text("Besok kami datang. <img src=x")
    named = {"name": f"{IMAGE}.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4 " + bytes(40)}
    await page.locator("#files").set_input_files([named])
    await page.locator("#send").click()
    await expect(log).to_contain_text(f"{IMAGE}.pdf")
    assert await ran(page) is None
    await page.reload()
    await expect(log).to_contain_text("Besok kami datang. <img src=x")
    assert await ran(page) is None
    assert await page.locator("img[src=x], a[href^=javascript], a[href^=tg]").count() == 0
    await _policy_holds(page)
    for address in (town.address, town.sandbox.base_url):
        await page.goto(address)
        await expect(page.locator("body")).to_contain_text("img src=x")
        assert await ran(page) is None, address


async def _policy_holds(page: Page) -> None:
    """Even what gets into the page does not run there."""
    await page.evaluate("""() => {
        const script = document.createElement("script");
        script.textContent = "window.ran = 'injected'";
        document.body.append(script);
        const image = document.createElement("img");
        image.setAttribute("onerror", "window.ran = 'attribute'");
        image.src = "blob:none";
        document.body.append(image);
    }""")
    assert await ran(page) is None


async def test_an_answer_reaches_a_telegram_citizen_letter_for_letter(town: Town):
    rina = await town.operator("Rina", "dishub")
    siti = await town.sandbox.user(f"Siti {FORMATS}"[:60])
    await siti.send(CITIZENS, STORY)
    number = await led_on(siti)
    card = await rina.wait_for(lambda m: number in m.text and m.buttons)
    assert shaped(card) == []
    await rina.reply(card, f"{ANSWER} {LONG}"[:4096])
    heard = await siti.wait_for(text="Besok kami datang.")
    assert RUNS in heard.text
    assert FORMATS in heard.text
    assert shaped(heard, "bold", "italic", "code") == []
    await siti.reply(heard, f"{FORMATS} {LONG}"[:4096])
    passed_on = await rina.wait_for(lambda m: "</a> @petugas_bot" in m.text and m.id > card.id)
    assert shaped(passed_on) == []


def shaped(message, *more: str) -> list:
    """What the words made of the message: links to places or people that are not ours, and more kinds."""
    kinds = {"text_link", "text_mention", *more}
    found = [one for one in message.get("entities", ()) if one["type"] in kinds]
    return [one for one in found if not str(one.get("url", "")).startswith("https://www.google.com/maps/")]
