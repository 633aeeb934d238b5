"""The channel against an unmodified homeserver and an unmodified client."""

import asyncio
import json
import re
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest
from sqlalchemy import func, select

from bot.serving import opened
from bot.settings import Settings
from storage.reports import cases
from storage.rows import inbox
from tests.channels.matrix.homeserver import PYTHON, register, synapse

NUMBER = re.compile(r"SLM-\d\d-[0-9A-Z]{5}")
BOT = "@lapor:kota.test"


class Citizen:
    """A person at an unmodified client."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self.room = ""

    async def do(self, **command) -> dict:
        self._process.stdin.write(json.dumps(command).encode() + b"\n")
        await self._process.stdin.drain()
        return await self.told()

    async def told(self) -> dict:
        return json.loads(await self._process.stdout.readline())

    async def until(self, text: str) -> str:
        found = await self.do(until=text)
        assert "body" in found, found
        return found["body"]

    async def choose(self, label: str, text: str) -> None:
        """Answer by the number that stands before a choice."""
        number = re.search(rf"^(\d+)\. {re.escape(label)}", text, re.MULTILINE)
        assert number, text
        await self.do(write=number[1])


@asynccontextmanager
async def citizen(server: str, name: str):
    async with aiohttp.ClientSession() as http:
        await register(http, server, name)
    script = Path(__file__).with_name("citizen.py")
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        str(PYTHON),
        str(script),
        server,
        name,
        BOT,
        stdin=pipe,
        stdout=pipe,
        stderr=asyncio.subprocess.DEVNULL,
    )
    one = Citizen(process)
    one.room = (await one.told())["room"]
    yield one
    process.stdin.close()
    await process.wait()


@pytest.fixture
async def town(tmp_path):
    async with synapse(tmp_path) as server, aiohttp.ClientSession() as http:
        token = await register(http, server, "lapor")
        settings = Settings(
            data_dir=tmp_path / "data", port=0, matrix_url=server, matrix_token=token, _env_file=None
        )
        yield server, settings


@pytest.mark.timeout(240)
async def test_a_report_by_an_unmodified_client_through_an_unmodified_server(town, tmp_path, picture):
    server, settings = town
    async with opened(settings) as running, citizen(server, "siti") as siti:
        await siti.do(write="lampu jalan depan pasar Godean mati udah seminggu, gelap bgt")
        await siti.choose("Setuju", await siti.until("Setuju"))
        await siti.choose("Betul", await siti.until("Betul"))
        asked = await siti.until("Lewati")
        assert "1. Lewati" in asked
        await siti.do(photo=str(picture))
        await siti.choose("Kirim", await siti.until("Kirim sekarang"))
        receipt = await siti.until("Nomor laporan")
        await running.house.settle()
        (case,) = await running.house.core.database.read(cases.all_cases)
        assert case.ticket.number == NUMBER.search(receipt)[0]
        assert (case.home.channel, case.home.address) == ("matrix", siti.room)
        assert len(case.ticket.report.evidence) == 1

        await siti.do(write=case.ticket.number)
        await siti.until(case.ticket.number)


@pytest.mark.timeout(240)
async def test_what_is_written_while_the_bot_is_away_is_answered_once(town):
    server, settings = town
    async with opened(settings), citizen(server, "siti") as siti:
        await siti.do(write="lampu jalan mati di Sinduadi")
        await siti.until("Setuju")
    async with citizen(server, "budi") as budi:
        await budi.do(write="jalan rusak di Caturtunggal")
        async with opened(settings) as running:
            await budi.until("Setuju")
            await running.house.settle()
            first = await heard(running)
        async with opened(settings) as running:
            await running.house.settle()
            await asyncio.sleep(1)
            assert await heard(running) == first


async def heard(running) -> int:
    return await running.house.core.database.read(
        lambda c: c.execute(select(func.count(inbox.c.id))).scalar()
    )
