"""The process is killed again and again, mid-word; afterwards nothing may be lost or doubled."""

import asyncio
import os
import random
import signal
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.commands.serve import CITIZEN_BOT
from bot.sandbox.client import SandboxClient, User
from bot.sandbox.limits import Limits
from bot.sandbox.server import start_sandbox
from bot.settings import Settings
from storage.doors.database import Connection, Database
from storage.reports import cases, chain
from storage.talks import outbox
from tests.scenarios.zygote import Zygote

BOT = CITIZEN_BOT.username
PLACES = ("Sidoagung", "Caturtunggal", "Sinduadi", "Purwomartani", "Sariharjo", "Bokoharjo")
CITIZENS = len(PLACES)
KILLS = 5
PATIENCE = 300
"""Seconds; each kill costs the citizens a start of the program, which a busy machine draws out."""


@asynccontextmanager
async def serving(zygote: Zygote, folder: Path, api: str) -> AsyncIterator[int]:
    """The id of a process that serves, killed at the end if it still does."""
    settings = {
        "KENTONGAN_DATA_DIR": str(folder),
        "KENTONGAN_PORT": "0",
        "KENTONGAN_TELEGRAM_API": api,
        "KENTONGAN_CITIZEN_TOKEN": CITIZEN_BOT.token,
    }
    pid = await zygote.serve(settings)
    try:
        yield pid
    finally:
        if zygote.is_alive(pid):
            os.kill(pid, signal.SIGKILL)
        await zygote.ended(pid)


async def report(citizen: User, number: int, photos: Sequence[bytes]) -> str:
    """The whole talk, each step waiting for its question; the number of the ticket at the end."""
    await citizen.send(BOT, f"lampu jalan di {PLACES[number]} mati udah {number + 2} hari, gelap banget")
    for label in ("Setuju", "Betul"):
        await asked(citizen, label)
        await citizen.press(label)
    await asked(citizen, "Lewati")
    await citizen.send_photos(BOT, photos)
    await asked(citizen, "Kirim")
    await citizen.press("Kirim")
    receipt = await citizen.wait_for(text="SLM-", timeout=PATIENCE)
    return receipt.text


async def said_more(client: SandboxClient, count: int) -> None:
    """Wait until the bot has said `count` more messages: then it is in the middle of its work."""

    async def said() -> int:
        return len(await client.calls(BOT, method="sendMessage"))

    aim = await said() + count
    async with asyncio.timeout(PATIENCE):
        while await said() < aim:  # noqa: ASYNC110 the one who speaks is another process
            await asyncio.sleep(0.01)


async def asked(citizen: User, label: str) -> None:
    await citizen.wait_for(lambda message: label in message.labels, timeout=PATIENCE)


@pytest.mark.timeout(2 * PATIENCE)
async def test_killed_at_random_points_nothing_is_lost_and_no_ticket_doubled(tmp_path: Path, photo):
    chance = random.Random(os.environ.get("KENTONGAN_TEST_SEED", "kentongan"))
    sandbox = await start_sandbox(bots=[CITIZEN_BOT], limits=Limits(enabled=False))
    zygote = await Zygote.start(tmp_path / "log.txt")
    async with SandboxClient(sandbox.base_url) as client:
        people = [await client.user(f"Warga {n}") for n in range(CITIZENS)]
        talks = asyncio.gather(
            *(report(one, n, [photo(40 * n), photo(40 * n + 9)]) for n, one in enumerate(people))
        )
        for _ in range(KILLS):
            async with serving(zygote, tmp_path, sandbox.base_url) as pid:
                await said_more(client, chance.randint(1, 3))
                await asyncio.sleep(chance.random() * 0.05)
                assert zygote.is_alive(pid), (tmp_path / "log.txt").read_text()[-3000:]
                assert not talks.done(), "a kill that meets nobody talking shows nothing"
        async with serving(zygote, tmp_path, sandbox.base_url) as pid:
            receipts = await asyncio.wait_for(talks, PATIENCE)
            os.kill(pid, signal.SIGTERM)
            assert await asyncio.wait_for(zygote.ended(pid), PATIENCE) == 0
    await zygote.stop()
    await sandbox.stop()

    async with Database(Settings(data_dir=tmp_path, _env_file=None).database) as database:
        await database.read(lambda c: nothing_is_lost_or_doubled(c, receipts))
    for one in people:
        said = Counter(message.text for message in one.messages if "Nomor laporan" in message.text)
        assert len(said) == 1, "two different receipts"


def nothing_is_lost_or_doubled(connection: Connection, receipts: Sequence[str]) -> None:
    found = cases.all_cases(connection)
    assert len(found) == CITIZENS
    assert len({case.home.contact for case in found}) == CITIZENS
    assert all(any(case.ticket.number in text for text in receipts) for case in found)
    evidence = {case.ticket.number: case.ticket.report.evidence for case in found}
    assert [len(one) for one in evidence.values()] == [2] * CITIZENS, evidence
    assert all(chain.find_break(connection, number) is None for number in evidence)
    assert outbox.addresses_waiting(connection) == ()
    assert outbox.undeliverable(connection) == ()
