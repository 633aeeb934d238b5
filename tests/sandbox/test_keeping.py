"""What is kept over a restart, and what a crash may cost."""

import time
from pathlib import Path
from typing import Any

import aiohttp
import orjson
import pytest

from bot.sandbox.__main__ import read_bot
from bot.sandbox.client import SandboxClient
from bot.sandbox.keeping import FILE, LEAP, restore, snapshot
from bot.sandbox.model import BotAccount
from bot.sandbox.server import start_sandbox
from bot.sandbox.world import World

BOT = BotAccount("7:x", "uji_bot", "Uji")


async def call(url: str, method: str, **params: Any) -> Any:
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{url}/bot7:x/{method}", json=params) as response,
    ):
        return (await response.json())["result"]


async def test_everything_is_there_after_a_restart(tmp_path: Path, photo: bytes) -> None:
    first = await start_sandbox(data_dir=tmp_path, bots=[BOT])
    async with SandboxClient(first.base_url) as client:
        siti = await client.existing_user("Siti")
        await siti.send_photo("uji_bot", photo, "bukti")
        await call(first.base_url, "sendMessage", chat_id=siti.id, text="terima kasih")
        await call(first.base_url, "setMyCommands", commands=[{"command": "a", "description": "b"}])
        group = await client.forum("Dishub", ["Lampu"])
        await group.add("uji_bot", admin=True)
        before = await client.state()
        updates = await call(first.base_url, "getUpdates")
    await first.stop()

    second = await start_sandbox(data_dir=tmp_path, bots=[BOT])
    async with SandboxClient(second.base_url) as client:
        assert (await client.state()) == before
        assert await call(second.base_url, "getUpdates") == updates
        assert await call(second.base_url, "getMyCommands") == [{"command": "a", "description": "b"}]
        told = await call(second.base_url, "getFile", file_id=updates[0]["message"]["photo"][-1]["file_id"])
        assert told["file_size"] > 1000
        siti = await client.existing_user("Siti")
        assert (await siti.send("uji_bot", "lagi"))["message_id"] == 3
    await second.stop()


def test_after_a_crash_no_number_is_given_twice() -> None:
    world = World([BOT], clock=time.time)
    siti = world.add_person("Siti")
    room = world.private(world.bots[7], siti)
    world.post(room, siti.user(), {"text": "a"})
    saved = orjson.loads(snapshot(world, clean=False))
    again = World([BOT], clock=time.time)
    restore(again, saved)
    assert again.rooms[room.key].next_id == 2 + LEAP
    assert again.feeds[7].next_id >= world.feeds[7].next_id + LEAP


async def test_a_file_of_another_version_is_refused(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text('{"format": 99}')
    with pytest.raises(ValueError, match="move it away to start afresh"):
        await start_sandbox(data_dir=tmp_path, bots=[BOT])


def test_a_token_must_look_like_one() -> None:
    assert read_bot("7:x:uji_bot:Nama Uji") == BotAccount("7:x", "uji_bot", "Nama Uji")
    with pytest.raises(ValueError, match="123456:secret"):
        World([BotAccount("secret", "uji_bot", "Uji")], clock=time.time)


async def test_other_sites_cannot_use_the_control_api() -> None:
    sandbox = await start_sandbox(bots=[BOT])
    async with aiohttp.ClientSession() as session:
        url = f"{sandbox.base_url}/sandbox/api/people"
        async with session.post(
            url, json={"name": "x"}, headers={"Origin": "https://evil.example"}
        ) as response:
            assert response.status == 403
        async with session.get(
            f"{sandbox.base_url}/sandbox/api/state", headers={"Host": "evil.example"}
        ) as response:
            assert response.status == 403
    await sandbox.stop()
