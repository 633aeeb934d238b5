"""Whatever a messenger can send gets an answer, from a stranger and in the middle of a report."""

import asyncio

import pytest

from bot.sandbox.client import User
from tests.scenarios.kit import CITIZENS, Town

SAMPLES = ("sticker", "voice", "video", "contact", "poll")
TEXTS = {
    "one sign": "?",
    "emoji": "😡😡😡",
    "the longest": "jalan rusak " * 341,
    "control characters": "a\u200b\u202eb\x07c",
    "html": "<b>tebal</b> & <script>alert(1)</script>",
    "an unknown command": "/entahlah",
    "another script": "道路が壊れています",
    "braces": "{slots} {{nomor}} %s \\n",
}


async def in_the_middle(person: User) -> None:
    await person.send(CITIZENS, "sampah menumpuk di pinggir jalan Palagan sudah tiga hari, bau")
    await person.wait_for(lambda m: "Setuju" in m.labels)
    await person.press("Setuju")
    await person.wait_for()


@pytest.mark.parametrize("midway", [False, True], ids=["stranger", "in a report"])
async def test_every_kind_is_answered(town: Town, midway: bool):  # noqa: FBT001
    person = await town.sandbox.user("Budi")
    if midway:
        await in_the_middle(person)
    for kind in SAMPLES:
        await person.send_sample(CITIZENS, kind)
        assert (await person.wait_for()).text, kind
    await person.send_location(CITIZENS, -7.7659, 110.2938)
    assert (await person.wait_for()).text
    sent = await person.send(CITIZENS, "eh")
    await person.wait_for()
    await person.edit(sent, "maksud saya jalan berlubang di Minggir")
    assert (await person.wait_for()).text


@pytest.mark.parametrize("words", TEXTS.values(), ids=TEXTS.keys())
async def test_every_text_is_answered(town: Town, words: str):
    person = await town.sandbox.user("Budi")
    await person.send(CITIZENS, words)
    assert (await person.wait_for()).text


async def test_a_pin_at_sea_and_a_pin_abroad_are_answered(town: Town):
    person = await town.sandbox.user("Budi")
    await in_the_middle(person)
    for pin in ((-8.6, 110.2), (48.85, 2.35), (-6.2, 106.8)):
        await person.send_location(CITIZENS, *pin)
        assert (await person.wait_for()).text


async def test_a_burst_of_forty_is_answered_without_forty_answers(town: Town):
    person = await town.sandbox.user("Budi")
    for number in range(40):
        await person.send(CITIZENS, f"jalan rusak nomor {number}")
    await person.wait_for()
    await town.house.settle()
    await asyncio.sleep(0.3)
    await person.refresh()
    answers = [m for m in person.messages if m.get("from", {}).get("is_bot")]
    assert 1 <= len(answers) <= 20


async def test_a_document_larger_than_telegram_lets_bots_fetch_is_answered_in_words(town: Town):
    person = await town.sandbox.user("Budi")
    chat = {"id": person.id, "type": "private", "first_name": "Budi"}
    update = {
        "message": {
            "message_id": 77,
            "date": 1795300000,
            "from": {"id": person.id, "is_bot": False, "first_name": "Budi"},
            "chat": chat,
            "document": {
                "file_id": "BQACAgUAAxkB",
                "file_unique_id": "AgADBQAD",
                "file_name": "video-panjang.mp4",
                "mime_type": "video/mp4",
                "file_size": 60 * 1024 * 1024,
            },
        }
    }
    await person.start(CITIZENS)
    await person.wait_for()
    await town.sandbox.push_update(CITIZENS, update)
    await person.wait_for(text="terlalu besar")


async def test_the_same_update_many_times_at_once_has_one_answer(town: Town):
    person = await town.sandbox.user("Budi")
    await person.start(CITIZENS)
    await person.wait_for()
    update = {
        "message": {
            "message_id": 78,
            "date": 1795300000,
            "from": {"id": person.id, "is_bot": False, "first_name": "Budi"},
            "chat": {"id": person.id, "type": "private", "first_name": "Budi"},
            "text": "lampu jalan di Sidoagung mati",
        }
    }
    before = len(person.messages)
    await town.sandbox.push_update(CITIZENS, update, duplicate=10)
    await person.wait_for(lambda m: "Setuju" in m.labels)
    await town.house.settle()
    await asyncio.sleep(0.5)
    await person.refresh()
    assert len([m for m in person.messages[before:] if "Setuju" in m.labels]) == 1
