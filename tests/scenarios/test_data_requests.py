"""A right asked for in chat: a copy comes at once; an erasure is kept with its time, told and reminded of."""

import hashlib
import json
from datetime import timedelta

import aiohttp
import pytest
from sqlalchemy import select

from storage.people import requests
from storage.people.requests import Wish
from storage.rows import data_requests
from storage.talks import conversations
from tests.channels.wires.webchat import WebChatTalk
from tests.scenarios.kit import CITIZENS, Town, file_report

ERASURE = ("Hapus data saya", "Ya, hapus", "Ya, hapus sekarang")


async def _ask(town: Town, name: str, *buttons: str):
    user = await town.sandbox.user(name)
    await user.send(CITIZENS, "/datasaya")
    for button in buttons:
        seen = await user.wait_for(lambda m, b=button: b in m.labels, timeout=20)
        await user.press(button, seen)
    await user.wait_for(lambda m: "24 jam" in m.text, timeout=20)
    await town.house.settle()
    return await town.house.core.database.read(
        lambda c: conversations.contact_at(c, "telegram", str(user.id))
    )


async def _open(town: Town):
    return await town.house.core.database.read(requests.still_open)


async def test_a_request_has_a_time_the_desk_is_reminded_of_once(town: Town):
    dian = await town.operator("Dian", "koordinator", "koordinator")
    dewi = await town.operator("Dewi", "koordinator", "pengawas")
    contact = await _ask(town, "Siti", *ERASURE)
    for one in (dian, dewi):
        told = await one.wait_for(text="hak data (delete)")
        assert contact in told.text
    (one,) = await _open(town)
    assert (one.contact, one.right) == (contact, "delete")
    assert one.due_at - one.asked_at == timedelta(hours=72)
    await _remind(town)
    now = town.house.core.clock()
    assert await town.house.core.database.read(lambda c: requests.to_remind(c, one.due_at)) == (one,)
    await town.house.rights.answered(contact, "delete")
    assert await _open(town) == ()
    await town.house.core.database.write(
        lambda c: requests.ask(c, Wish(contact, "export"), now, now + timedelta(hours=23))
    )
    await _remind(town)
    for reminded in (dian, dewi):
        assert contact in (await reminded.wait_for(text="harus selesai sebelum")).text
    assert await town.house.core.database.read(lambda c: requests.to_remind(c, one.due_at)) == ()


async def _remind(town: Town) -> None:
    await town.house.requests.run_once()
    await town.house.settle()


async def test_an_erasure_asked_for_in_chat_is_done_when_it_is_carried_out(town: Town):
    contact = await _ask(town, "Budi", *ERASURE)
    assert [(one.contact, one.right) for one in await _open(town)] == [(contact, "delete")]
    assert (await town.house.rights.erase(contact)).complete
    assert await _open(town) == ()


async def test_a_correction_is_told_with_its_words_and_answered_when_it_is_done(town: Town):
    dewi = await town.operator("Dewi", "koordinator", "pengawas")
    siti = await town.sandbox.user("Siti")
    await siti.send(CITIZENS, "/datasaya")
    await siti.press("Perbaiki data", await siti.wait_for(lambda m: "Perbaiki data" in m.labels))
    await siti.wait_for(text="bagaimana seharusnya")
    await siti.send(CITIZENS, "nama saya Sri, bukan Siti")
    await siti.wait_for(text="24 jam dan mengabari")
    told = await dewi.wait_for(text="hak data (correct)")
    (one,) = await _open(town)
    assert "nama saya Sri, bukan Siti" in told.text
    assert f"people corrected {one.contact}" in told.text
    assert one.due_at - one.asked_at == timedelta(hours=72)
    assert await town.house.requests.corrected(one.contact, "Nama Anda sekarang Sri.") == 1
    await _remind(town)
    await siti.wait_for(text="Nama Anda sekarang Sri.")
    assert await _open(town) == ()
    kept = await town.house.core.database.read(lambda c: c.scalars(select(data_requests.c.words)).all())
    assert kept == [""]


async def test_a_copy_asked_for_in_chat_comes_at_once_and_is_kept_nowhere(town: Town, photo):
    siti = await town.sandbox.user("Siti")
    number = await file_report(siti, photo)
    await siti.send(CITIZENS, "/datasaya")
    await siti.press("Minta salinan", await siti.wait_for(lambda m: "Minta salinan" in m.labels))
    asked = await siti.wait_for(lambda m: "Ya, kirim" in m.labels)
    assert "bisa membacanya" in asked.text
    await siti.press("Ya, kirim", asked)
    found = {}
    for name in ("salinan-data.txt", "salinan-data.json"):
        sent = await siti.wait_for(lambda m, n=name: m.get("document", {}).get("file_name") == n)
        found[name] = await _bytes(town, sent["document"]["file_id"])
    told = json.loads(found["salinan-data.json"])
    assert [one["number"] for one in told["reports"]] == [number]
    assert told["consents"][0]["text"]
    assert f"number: {number}".encode() in found["salinan-data.txt"]
    for content in found.values():
        with pytest.raises(FileNotFoundError):
            await town.house.core.files.get(hashlib.sha256(content).hexdigest())
    assert await _open(town) == ()
    kept = await town.house.core.database.read(lambda c: c.execute(select(data_requests)).mappings().all())
    assert [(one["right"], one["done_at"] is not None) for one in kept] == [("export", True)]


async def _bytes(town: Town, file_id: str) -> bytes:
    path = f"{town.sandbox.base_url}/sandbox/api/files/{file_id}"
    async with aiohttp.ClientSession() as http, http.get(path) as answer:
        assert answer.status == 200
        return await answer.read()


@pytest.fixture
async def http():
    async with aiohttp.ClientSession() as session:
        yield session


async def test_a_copy_on_the_page_is_its_owners_alone(town: Town, http):
    tokens = [(await (await http.post(f"{town.address}/chat/api/session")).json())["token"] for _ in range(2)]
    page = WebChatTalk(http, town.address, tokens[0], "")
    await page.write("/datasaya")
    await town.house.settle()
    for label in ("Minta salinan", "Ya, kirim"):
        await page.press(label)
        await town.house.settle()
    path = f"{town.address}/chat/api/files/copy:salinan-data.json"
    answers = []
    for token in tokens:
        async with http.get(path, headers={"Authorization": f"Bearer {token}"}) as answer:
            answers.append((answer.status, answer.headers.get("Content-Disposition"), await answer.read()))
    assert [status for status, *_ in answers] == [200, 404]
    assert answers[0][1] == "attachment"
    assert json.loads(answers[0][2])["addresses"][0]["channel"] == "webchat"
