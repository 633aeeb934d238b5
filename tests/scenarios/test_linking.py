"""One person, two channels: a code makes their reports and news one."""

import asyncio
import re

import aiohttp
import pytest

from storage.people import linking
from tests.channels.wires.webchat import WebChatTalk
from tests.scenarios.kit import CITIZENS, Town, file_report

CODE = re.compile(r"[A-Z2-9]{4}-[A-Z2-9]{4}")


@pytest.fixture
async def page(town: Town):
    async with aiohttp.ClientSession() as http:
        async with http.post(f"{town.address}/chat/api/session") as answer:
            token = (await answer.json())["token"]
        yield WebChatTalk(http, town.address, token, "")


async def write(town: Town, page: WebChatTalk, text: str) -> str:
    await page.write(text)
    return await last(town, page)


async def press(town: Town, page: WebChatTalk, label: str) -> str:
    await page.press(label)
    return await last(town, page)


async def last(town: Town, page: WebChatTalk) -> str:
    await town.house.settle()
    return (await page.shown())[-1].text


async def code_of(siti) -> str:
    await siti.send(CITIZENS, "/tautkan")
    await siti.wait_for(lambda m: "Buat kode" in m.labels)
    await siti.press("Buat kode")
    told = await siti.wait_for(text="Kode Anda")
    return CODE.search(told.text)[0]


async def linked(town: Town, siti, page: WebChatTalk) -> str:
    code = await code_of(siti)
    await write(town, page, "/tautkan")
    await press(town, page, "Sudah punya")
    return await write(town, page, code.lower().replace("-", " "))


async def test_what_was_reported_on_one_channel_is_known_on_the_other(town: Town, photo, page):
    siti = await town.sandbox.user("Siti")
    number = await file_report(siti, photo)
    assert "Tertaut" in await linked(town, siti, page)
    await siti.wait_for(text="baru saja ditautkan")
    await write(town, page, "/status")
    assert number in (await page.shown())[-2].text


async def test_news_comes_where_she_was_last_and_then_where_she_wants_it(town: Town, photo, page):
    rina = await town.operator("Rina", "dishub")
    siti = await town.sandbox.user("Siti")
    number = await file_report(siti, photo)
    card = await rina.wait_for(lambda m: number in m.text and "Ambil" in " ".join(m.labels))
    await linked(town, siti, page)

    await rina.reply(card, "Besok kami datang.")
    async with asyncio.timeout(20):
        while "Besok kami datang." not in (await page.shown())[-1].text:  # noqa: ASYNC110 the page is asked
            await asyncio.sleep(0.05)

    asked = await write(town, page, "/kanal")
    assert "Telegram" in asked
    assert "Telegram" in await write(town, page, "Telegram")
    await rina.reply(card, "Sudah di lokasi.")
    told = await siti.wait_for(text="Sudah di lokasi.")
    await siti.reply(told, "Siap, terima kasih")
    await rina.wait_for(text="Siap, terima kasih")


async def test_a_code_holds_once_for_ten_minutes_and_not_for_oneself(town: Town, page):
    siti = await town.sandbox.user("Siti")
    code = await code_of(siti)
    core = town.house.core
    later = core.clock() + linking.CODE_HOLDS
    assert await core.database.read(lambda c: linking.owner(c, code, core.clock()))
    assert await core.database.read(lambda c: linking.owner(c, code, later)) is None

    await siti.send(CITIZENS, "/tautkan")
    await siti.press("Sudah punya")
    await siti.send(CITIZENS, code)
    await siti.wait_for(text="tidak berlaku")

    for answer in ("Tertaut", "tidak berlaku"):
        await write(town, page, "/tautkan")
        await press(town, page, "Sudah punya")
        assert answer in await write(town, page, code)
