"""Names of a city's own files that run, calculate, turn around or format: mere names in every report."""

import csv
import io
import re
from datetime import timedelta
from html import unescape
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.async_api import Browser

from bot.reporting.spoken import speech
from bot.reporting.tables import paper
from bot.reporting.written import csv_of, csv_text, markdown, xlsx
from bot.services.desk.figure_links import FigureLinks
from bot.services.desk.figures import FigureDesk
from bot.services.reports import naming
from bot.serving import Share, opened
from bot.settings import Settings
from tests.scenarios.kit import OPERATORS, beside_a_sandbox, running_town
from tests.scenarios.test_figures_page import JUNE, URL, ZONE, Hands, fill
from tests.scenarios.test_hostile_words import IMAGE, RUNS, ran

TURNED = "\u202e\u200f"
FORMATS = (
    "[x](javascript:window.ran=1) ![x](https://jahat.example/x.png) **b** _i_ `c` </b> | a & b \"q\" 'p'"
)
STARTS = (
    '=HYPERLINK("https://jahat.example";"x")',
    "<svg onload=\"window.ran='cell'\"></svg>",
    "@SUM(1)",
    "\uff1d1+1",
)
TAIL = f"{RUNS} {FORMATS}{TURNED}"
PARTS = re.compile(r"(?<!\\)\|")
"""What parts the cells of a table."""
LATER = JUNE + timedelta(days=40)


def hostile(names: dict[str, str]) -> dict[str, str]:
    """The names, each begun in another way and none of them harmless."""
    return {key: f"{STARTS[n % len(STARTS)]} {name} {TAIL}" for n, (key, name) in enumerate(names.items())}


@pytest.fixture
def rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A city's files in which the city, agencies, categories and areas have such names."""
    own = tmp_path / "rules"
    own.mkdir()
    for file, old in (("city.yml", "name: Kabupaten Sleman\n"), ("agencies.yml", "short: Dishub,")):
        text = (files("tickets") / "data" / file).read_text(encoding="utf-8")
        told = old.removeprefix("name: ").removeprefix("short: ").rstrip("\n,")
        name = f"{STARTS[0]} {told} {TAIL}"
        quoted = name.replace("\\", "\\\\").replace('"', '\\"').replace("\u202e", "\\u202e")
        (own / file).write_text(text.replace(old, old.replace(told, f'"{quoted}"'), 1), encoding="utf-8")
        assert old in text
    for name in ("category_names", "area_names", "kalurahan_names"):
        kept = getattr(naming, name)
        monkeypatch.setattr(naming, name, lambda *of, kept=kept: hostile(dict(kept(*of))))
    return own


@pytest.fixture
async def city(tmp_path: Path, rules: Path):
    told = {"port": 0, "figures_page": True, "public_url": URL, "policies_dir": rules, "_env_file": None}
    settings = Settings(data_dir=tmp_path / "data", **told)
    async with opened(settings, clock=Hands(LATER), share=Share(clock=False)) as running:
        await running.house.core.database.write(fill)
        yield running


class Tags(HTMLParser):
    """What a page is made of, as a browser parts it."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found |= {tag, *(f"{tag} {name}" for name, _ in attrs)}


@pytest.mark.browser
async def test_no_page_of_figures_runs_a_name_or_is_shaped_by_one(city, browser: Browser):
    house = city.house
    await house.roster.join(await house.roster.invite("koordinator", "pimpinan"), "77", "Panewu")
    leader = await house.roster.operator("77")
    link = FigureLinks(house.core, house.roster).made(leader, None, "id")
    context = await browser.new_context(locale="id-ID")
    page, bare = await context.new_page(), await context.new_page()
    for path in ("/angka?bulan=2026-05", "/angka?bulan=2026-05&bahasa=jv", link.removeprefix(URL)):
        await page.goto(city.address + path)
        assert await ran(page) is None, path
        text = await page.inner_text("body")
        assert IMAGE in text, "shown letter for letter"
        assert TURNED[0] not in await page.content()
        assert await page.locator("img, script, a[href^=javascript], b, i").count() == 0
        served = await (await context.request.get(city.address + path)).text()
        tags = Tags()
        tags.feed(served)
        assert not {one for one in tags.found if " on" in one} and "script" not in tags.found  # noqa: PT018
        await bare.set_content(served)  # without the policy that would stop them
        assert await ran(bare) is None, path
        await bare.set_content(unescape(served))
        assert await ran(bare) is not None, "what is looked for is there to be seen"
        await bare.goto("about:blank")
    titles = await page.locator("svg.map title").all_text_contents()
    assert len(titles) > 10
    assert all(IMAGE in one for one in titles)
    await context.close()


@pytest.mark.parametrize("language", ["id", "jv", "en"])
async def test_no_report_runs_calculates_or_is_turned_around(city, language: str):
    core = city.house.core
    desk = FigureDesk(core.database, core.policies, core.clock)
    period = desk.days(JUNE.date() - timedelta(days=60), LATER.astimezone(ZONE).date())
    found, labels = await desk.of(period, None), naming.labels_of(core.policies, language)
    made = paper(found, labels)
    told = markdown(made)
    unshaped = told.replace("\\[", "").replace("\\]", "").replace("\\*", "").replace("\\_", "")
    for shape in ("](", "![", "**", "<img", "<svg", "</b>", "<script"):
        assert shape not in unshaped, shape
    for block in told.split("\n\n"):
        if block.startswith("|"):
            assert len({len(PARTS.findall(line)) for line in block.strip().splitlines()}) == 1
    book = load_workbook(io.BytesIO(xlsx(made)))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert not [cell for cell in cells if cell.hyperlink]
    texts = [str(cell.value) for cell in cells if cell.data_type == "s"]
    for apart in (",", ";", "\t"):
        for table in (csv_text(made), csv_of(made.tickets)):
            texts += [cell for line in csv.reader(io.StringIO(table), delimiter=apart) for cell in line]
    assert any("HYPERLINK" in one for one in texts), "the names are there"
    assert not [one for one in texts if one.lstrip(' "').startswith(("=", "@", "\uff1d"))]
    said = speech(found, found, labels)
    assert "HYPERLINK" in said
    for text in (told, said, *texts):
        assert not set(TURNED) & set(text)


async def test_figures_in_the_staffs_chat_are_not_shaped_by_them(rules: Path, tmp_path: Path):
    async with (
        beside_a_sandbox(tmp_path / "data", policies_dir=rules) as settings,
        running_town(settings, clock=Hands(LATER)) as town,
    ):
        await town.house.core.database.write(fill)
        budi = await town.operator("Budi", "koordinator", "koordinator")
        for asked in ("/statistik 90", "/statistik lisan", "/statistik lisan 2026-05-01 2026-05-31"):
            await budi.send(OPERATORS, asked)
            told = await budi.wait_for(lambda m: "HYPERLINK" in m.text or "HYPERLINK" in m.get("caption", ""))
            marks = [*told.get("entities", ()), *told.get("caption_entities", ())]
            assert {one["type"] for one in marks} <= {"url", "mention", "bot_command"}, marks
            assert not set(TURNED) & set(told.text)
