"""The process dies at each step of a report's life in turn; the next one goes on, nothing is lost or doubled.

A few of the steps in the usual run, every one of them in the long run (`make soak`).
"""

import asyncio
import os
import random
import shutil
import signal
from collections import Counter
from pathlib import Path

import pytest

from bot.commands.serve import CITIZEN_BOT
from bot.sandbox.client import SandboxClient, User
from bot.sandbox.limits import Limits
from bot.sandbox.server import start_sandbox
from storage.doors.database import Connection, Database
from storage.reports import cases, chain
from storage.talks import outbox
from tests.scenarios.many import quiet
from tests.scenarios.test_crash import report
from tests.scenarios.zygote import Zygote

FEW = 4
LONG = bool(os.environ.get("KENTONGAN_SOAK"))
SURVIVED = 200
"""More steps than a report has."""


def steps() -> list[int]:
    if named := os.environ.get("KENTONGAN_TEST_STEP"):
        return [int(named)]
    chance = random.Random(os.environ.get("KENTONGAN_TEST_SEED", "langkah"))
    return list(range(1, SURVIVED)) if LONG else sorted(chance.sample(range(1, 40), FEW))


@pytest.mark.timeout(7200 if LONG else 900)
async def test_whatever_step_it_dies_at_the_next_process_goes_on(
    tmp_path: Path, migrated: Path, photo, further_database
):
    sandbox = await start_sandbox(bots=[CITIZEN_BOT], limits=Limits(enabled=False))
    always = {
        "KENTONGAN_PORT": "0",
        "KENTONGAN_TELEGRAM_API": sandbox.base_url,
        "KENTONGAN_CITIZEN_TOKEN": CITIZEN_BOT.token,
    }
    zygote = await Zygote.start(tmp_path / "log.txt")
    killed = 0
    async with SandboxClient(sandbox.base_url) as client:
        for step in steps():
            folder = tmp_path / str(step)
            folder.mkdir()
            if not (url := further_database()):
                shutil.copy(migrated, folder / "kentongan.db")
            settings = always | {"KENTONGAN_DATA_DIR": str(folder), "KENTONGAN_DATABASE_URL": url}
            citizen = await client.user(f"Warga {step}")
            talk = asyncio.create_task(report(citizen, step % 6, [photo(step), photo(255 - step)]))
            mortal = await zygote.serve(settings, die_at=step)
            await asyncio.wait(
                [talk, asyncio.create_task(zygote.ended(mortal))], return_when=asyncio.FIRST_COMPLETED
            )
            if zygote.is_alive(mortal):
                os.kill(mortal, signal.SIGTERM)
                if await zygote.ended(mortal) == 0:
                    break  # a report has fewer steps than this
            assert await zygote.ended(mortal) == -signal.SIGKILL
            survivor = await zygote.serve(settings)
            await asyncio.wait_for(talk, 300)
            place = url or f"sqlite:///{folder / 'kentongan.db'}"
            await quiet(place)
            os.kill(survivor, signal.SIGTERM)
            # After the last steps nothing is left to do, and it may be asked to end before it has begun.
            assert await zygote.ended(survivor) in {0, -signal.SIGTERM}
            killed += 1
            assert said_twice(citizen) <= 1, f"step {step}"
            async with Database(place) as database:
                await database.read(nothing_is_lost_or_doubled)
    await zygote.stop()
    await sandbox.stop()
    assert killed


def said_twice(citizen: User) -> int:
    """How many messages came once more: at most the one that was on its way when the process died."""
    said = Counter(message.text for message in citizen.messages if message["from"]["is_bot"] and message.text)
    return sum(count - 1 for count in said.values())


def nothing_is_lost_or_doubled(connection: Connection) -> None:
    (case,) = cases.all_cases(connection)
    assert len(case.ticket.report.evidence) == 2
    assert chain.find_break(connection, case.ticket.number) is None
    assert outbox.addresses_waiting(connection) == ()
    assert outbox.undeliverable(connection) == ()
