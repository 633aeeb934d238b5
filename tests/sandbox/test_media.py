"""Files: sizes, identifiers, downloads."""

import io
from typing import Any

import aiohttp
import pytest
from PIL import Image

from bot.sandbox.client import SandboxClient, SandboxRefused, User
from bot.sandbox.model import BotAccount
from bot.sandbox.server import Sandbox


async def received_photo(api: Any, siti: User, photo: bytes) -> list[dict[str, Any]]:
    await siti.send_photo("kentongan_bot", photo)
    sizes: list[dict[str, Any]] = (await api("getUpdates", offset=-1))[0]["message"]["photo"]
    return sizes


async def test_a_photo_comes_in_several_sizes_without_its_exif(
    api: Any, siti: User, sandbox: Sandbox
) -> None:
    exif = Image.Exif()
    exif[0x010F] = "Kamera rahasia"
    exif[0x0112] = 6  # lying on its side
    out = io.BytesIO()
    Image.new("RGB", (1600, 900)).save(out, "JPEG", exif=exif.tobytes())
    sizes = await received_photo(api, siti, out.getvalue())
    assert [(size["width"], size["height"]) for size in sizes] == [
        (51, 90),
        (180, 320),
        (450, 800),
        (720, 1280),
    ]
    told = await api("getFile", file_id=sizes[-1]["file_id"])
    assert told["file_size"] == sizes[-1]["file_size"]
    async with aiohttp.ClientSession() as session:
        url = f"{sandbox.base_url}/file/bot1001:warga/{told['file_path']}"
        async with session.get(url) as response:
            data = await response.read()
    assert len(data) == told["file_size"]
    assert not Image.open(io.BytesIO(data)).getexif()


async def test_a_document_stays_as_it_is(api: Any, siti: User, sandbox: Sandbox, photo: bytes) -> None:
    await siti.send_document("kentongan_bot", photo)
    document = (await api("getUpdates", offset=-1))[0]["message"]["document"]
    path = (await api("getFile", file_id=document["file_id"]))["file_path"]
    async with aiohttp.ClientSession() as session:
        async with session.get(f"{sandbox.base_url}/file/bot1001:warga/{path}") as response:
            assert await response.read() == photo
        async with session.get(f"{sandbox.base_url}/file/bot1002:petugas/{path}") as response:
            assert response.status == 404


async def test_a_file_id_is_of_use_only_to_its_own_bot(api: Any, siti: User, photo: bytes) -> None:
    sizes = await received_photo(api, siti, photo)
    staff = BotAccount("1002:petugas", "petugas_bot", "Petugas")
    await siti.start("petugas_bot")
    words = await api.error("sendPhoto", staff, chat_id=siti.id, photo=sizes[0]["file_id"])
    assert words == "Bad Request: wrong file identifier/HTTP URL specified"
    words = await api.error("getFile", staff, file_id=sizes[0]["file_id"])
    assert words == "Bad Request: wrong file_id or the file is temporarily unavailable"


async def test_sending_by_identifier(api: Any, siti: User, photo: bytes) -> None:
    sizes = await received_photo(api, siti, photo)
    sent = await api("sendPhoto", chat_id=siti.id, photo=sizes[0]["file_id"], caption="lagi")
    assert sent["photo"][-1]["file_unique_id"] == sizes[-1]["file_unique_id"]
    words = await api.error("sendDocument", chat_id=siti.id, document=sizes[0]["file_id"])
    assert words == "Bad Request: can't use file of type Photo as Document"


async def test_an_album_from_a_bot(api: Any, siti: User, photo: bytes) -> None:
    media = (
        '[{"type":"photo","media":"attach://a","caption":"dua foto"},{"type":"photo","media":"attach://b"}]'
    )
    answer = await api.upload("sendMediaGroup", {"a": photo, "b": photo}, chat_id=siti.id, media=media)
    first, second = answer["result"]
    assert first["media_group_id"] == second["media_group_id"]
    assert (first["caption"], "caption" in second) == ("dua foto", False)


REFUSED = [
    (b"not a picture", 400, "Bad Request: IMAGE_PROCESS_FAILED"),
    (b"", 400, "Bad Request: file must be non-empty"),
    (b"x" * (10 * 2**20 + 1), 400, "Bad Request: file of size 10485761 bytes is too big for a photo"),
    (b"x" * (50 * 2**20 + 1), 413, "Request Entity Too Large"),
]


@pytest.mark.parametrize(("data", "code", "words"), REFUSED, ids=["garbage", "empty", "large", "huge"])
async def test_photos_that_are_not_taken(api: Any, siti: User, data: bytes, code: int, words: str) -> None:
    answer = await api.upload("sendPhoto", {"photo": data}, chat_id=siti.id)
    assert answer["error_code"] == code
    assert answer["description"].startswith(words)


async def test_what_is_too_big_to_fetch(api: Any, siti: User) -> None:
    await siti.send_document("kentongan_bot", b"x" * (20 * 2**20 + 1))
    document = (await api("getUpdates", offset=-1))[0]["message"]["document"]
    assert await api.error("getFile", file_id=document["file_id"]) == "Bad Request: file is too big"


async def test_people_cannot_send_what_the_app_refuses(
    siti: User, photo: bytes, client: SandboxClient
) -> None:
    with pytest.raises(SandboxRefused, match="2-10"):
        await siti.send_photos("kentongan_bot", [photo] * 11)
    with pytest.raises(SandboxRefused, match="caption is too long"):
        await siti.send_photo("kentongan_bot", photo, "x" * 1025)
