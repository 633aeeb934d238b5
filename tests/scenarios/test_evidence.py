"""What becomes of photos: facts on the card, bare copies for everybody, refusals told, used proof refused."""

import re
from io import BytesIO

import aiohttp
from aiohttp import FormData
from PIL import Image

from storage.reports import evidence, media
from tests.pictures import jpeg, telling_exif
from tests.scenarios.kit import CITIZENS, NUMBER, Town

OPENING = "lampu jalan depan pasar Godean mati udah seminggu, gelap bgt"


async def asked_for_photos(town: Town, name: str):
    person = await town.sandbox.user(name)
    await person.send(CITIZENS, OPENING)
    await person.wait_for(lambda m: "Setuju" in m.labels)
    await person.press("Setuju")
    await person.wait_for(text="Betul")
    await person.press("Betul")
    asked = await person.wait_for(lambda m: {"Lewati", "Tetap lapor"} & set(m.labels))
    if "Tetap lapor" in asked.labels:
        await person.press("Tetap lapor")
        await person.wait_for(lambda m: "Lewati" in m.labels)
    return person


async def sent_off(person) -> str:
    await person.wait_for(lambda m: "Kirim" in m.labels)
    await person.press("Kirim")
    found = NUMBER.search((await person.wait_for(text="SLM-")).text)
    assert found
    return found[0]


async def files_of(town: Town, number: str):
    return await town.house.core.database.read(lambda c: media.files_of(c, number))


async def seen_bytes(town: Town, message) -> bytes:
    """The photo of a message as its reader's phone gets it."""
    sizes = message["photo"]
    path = f"{town.sandbox.base_url}/sandbox/api/files/{sizes[-1]['file_id']}"
    async with aiohttp.ClientSession() as client, client.get(path) as answer:
        assert answer.status == 200
        return await answer.read()


async def test_the_card_tells_what_a_photo_says_of_itself_and_only_a_bare_copy_goes_out(town: Town):
    rina = await town.operator("Rina", "dishub")
    siti = await asked_for_photos(town, "Siti")
    original = jpeg(21, exif=telling_exif("2026:01:19 08:00:00"))
    await siti.send_document(CITIZENS, original)
    number = await sent_off(siti)

    card = await rina.wait_for(lambda m: number in m.text and "diolah dengan" in rina.current(m).text)
    told = rina.current(card).text
    assert "diolah dengan Adobe Photoshop 25.1" in told
    assert re.search(r"foto diambil \d+ hari sebelum laporan", told)
    assert "110" not in told
    album = await rina.wait_for(lambda m: "photo" in m)
    copy = await seen_bytes(town, album)
    assert not re.search(rb"Samsung|Photoshop|Exif", copy)
    assert Image.open(BytesIO(copy)).size == (480, 640)

    (file,) = await files_of(town, number)
    assert await town.house.core.files.get(file.sha256) == original
    await town.house.settle()
    assert await town.house.core.database.read(lambda c: evidence.broken_link(c, number)) is None


async def test_a_file_that_is_no_photo_is_told_of_and_the_talk_goes_on(town: Town):
    siti = await asked_for_photos(town, "Siti")
    files = [jpeg(22), jpeg(23) + b"<script>alert(1)</script>"]
    await siti.send_files(CITIZENS, [("document", one) for one in files])
    refused = await siti.wait_for(text="program atau berkas lain")
    assert "galeri" in refused.text
    again = await siti.wait_for(lambda m: "Kirim" in m.labels and m.id > refused.id)
    assert "1" in again.text
    number = await sent_off(siti)

    case = await town.case(number)
    assert len(case.ticket.report.evidence) == 1
    refused_files = await town.house.core.database.read(
        lambda c: [f for f in media.unclaimed(c, town.house.core.clock(), 10) if f.state == "refused"]
    )
    assert [(one.error, len(one.sha256)) for one in refused_files] == [("active", 64)]


async def test_a_used_photo_does_not_close_a_report_and_a_citizens_old_photo_is_told(town: Town):
    rina = await town.operator("Rina", "dishub")
    siti = await asked_for_photos(town, "Siti")
    await siti.send_photo(CITIZENS, jpeg(24))
    first = await sent_off(siti)
    budi = await asked_for_photos(town, "Budi")
    await budi.send_photo(CITIZENS, jpeg(24, quality=55))
    second = await sent_off(budi)
    card = await rina.wait_for(lambda m: second in m.text and "foto yang sama" in rina.current(m).text)
    assert f"foto yang sama sudah ada di laporan {first}" in rina.current(card).text

    await rina.press("Ambil", card)
    await budi.wait_for(text="dikerjakan")
    await rina.press("Selesai", card)
    prompt = await rina.wait_for(lambda m: second in m.text and "foto" in m.text.lower() and m.id > card.id)
    await rina.reply(prompt, "Sudah beres.", photo=jpeg(24, quality=70))
    refusal = await rina.wait_for(text="sudah pernah dipakai")
    assert first in refusal.text or second in refusal.text
    assert (await town.case(second)).ticket.status == "PROSES"

    await rina.reply(prompt, "Sudah beres, ini fotonya.", photo=jpeg(25))
    asked = await budi.wait_for(lambda m: "Sudah" in m.labels)
    assert "Sudah beres, ini fotonya." in asked.text
    await town.house.settle()
    chain = await town.house.core.database.read(lambda c: evidence.links_of(c, second))
    assert [link.entry["by"] for link in chain] == ["citizen", "operator"]


async def test_the_web_chat_shows_copies_and_tells_of_refusals(town: Town):
    async with aiohttp.ClientSession(town.address) as page:
        token = (await (await page.post("/chat/api/session")).json())["token"]
        auth = {"Authorization": f"Bearer {token}"}

        async def lines(cursor: str = "0.0") -> list[dict]:
            answer = await page.get("/chat/api/events", params={"after": cursor, "wait": "0"}, headers=auth)
            return (await answer.json())["lines"]

        async def upload(key: str, name: str, content: bytes) -> None:
            form = FormData(default_to_multipart=True)
            form.add_field("id", key)
            form.add_field("files", BytesIO(content), filename=name, content_type="image/jpeg")
            answer = await page.post("/chat/api/files", data=form, headers=auth)
            assert answer.status == 200

        await upload("berkas-0001", "lampu.jpg", jpeg(26, exif=telling_exif()))
        await upload("berkas-0002", "tagihan.jpg", b"MZ" + bytes(300))
        await town.house.settle()
        said = [line["text"] for line in await lines() if line["from"] == "bot"]
        assert any("jenis berkas itu belum bisa" in text for text in said)
        heard = [line for line in await lines() if line["from"] == "citizen"]
        assert len(heard) == 2
        shown, hidden = (line["files"][0]["ref"] for line in heard)

        answer = await page.get(f"/chat/api/files/{shown}", headers=auth)
        assert (answer.status, answer.content_type) == (200, "image/jpeg")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Disposition"] == "attachment"
        assert b"Samsung" not in await answer.read()
        assert (await page.get(f"/chat/api/files/{hidden}", headers=auth)).status == 404
