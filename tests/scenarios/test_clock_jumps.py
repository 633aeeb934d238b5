"""The clock is set forward or back while people talk, files come in and messages wait to be sent."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import select

from bot.commands.serve import CITIZEN_BOT, OPERATOR_BOT
from bot.sandbox.client import SandboxClient
from bot.sandbox.limits import Limits
from bot.sandbox.server import start_sandbox
from bot.serving import opened
from bot.settings import Settings
from storage.reports import cases, chain
from storage.rows import deadlines, media, outbox
from storage.talks import inbox
from storage.talks.inbox import Arrival
from tests.scenarios.kit import CITIZENS, NUMBER, Town

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
START = datetime(2027, 2, 3, 3, 0, tzinfo=UTC)
JUMPS = {"a day on": DAY, "an hour back": -HOUR, "a day back": -DAY}
SOON = 25
"""Seconds within which everything must go on: real ones, whatever the clock says."""


@dataclass
class Clock:
    """Goes on by itself, and is set."""

    begun: float = field(default_factory=time.monotonic)
    set_by: timedelta = timedelta(0)

    def __call__(self) -> datetime:
        return START + timedelta(seconds=time.monotonic() - self.begun) + self.set_by


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def town(tmp_path: Path, clock: Clock) -> AsyncIterator[Town]:
    sandbox = await start_sandbox(bots=[CITIZEN_BOT, OPERATOR_BOT], limits=Limits(enabled=False))
    settings = Settings(
        data_dir=tmp_path / "data",
        port=0,
        telegram_api=sandbox.base_url,
        citizen_token=SecretStr(CITIZEN_BOT.token),
        operator_token=SecretStr(OPERATOR_BOT.token),
        _env_file=None,
    )
    try:
        async with opened(settings, clock=clock) as running, SandboxClient(sandbox.base_url) as client:
            yield Town(running.house, running.address, client)
    finally:
        await sandbox.stop()


async def until(town: Town, query) -> None:
    """Return once there is such a row."""
    async with asyncio.timeout(SOON):
        while not await town.house.core.database.glance(lambda c: c.execute(query).first()):  # noqa: ASYNC110
            await asyncio.sleep(0.01)


@pytest.mark.parametrize("jump", JUMPS.values(), ids=JUMPS)
async def test_a_report_goes_on_whatever_the_clock_does(town: Town, clock: Clock, photo, jump: timedelta):
    siti = await town.sandbox.user("Siti")
    await town.sandbox.fault("error", method="sendMessage", times=2)
    await siti.send(CITIZENS, "lampu jalan depan pasar Godean mati udah seminggu, gelap bgt")
    await until(town, select(outbox.c.id).where(outbox.c.state == "waiting", outbox.c.tries > 0))
    clock.set_by += jump  # an answer waits to be tried again
    await siti.wait_for(lambda m: "Setuju" in m.labels, timeout=SOON)
    await siti.press("Setuju")
    await siti.wait_for(lambda m: "Betul" in m.labels, timeout=SOON)
    await siti.press("Betul")
    await siti.wait_for(lambda m: "Lewati" in m.labels, timeout=SOON)
    await town.sandbox.fault("error", method="getFile", times=2)
    await siti.send_photos(CITIZENS, [photo(10), photo(20)])
    await until(town, select(media.c.id).where(media.c.tries > 0))
    clock.set_by += jump  # the album is being gathered, its files are to be fetched again
    await siti.wait_for(lambda m: "Kirim" in m.labels, timeout=SOON)
    await siti.press("Kirim")
    receipt = await siti.wait_for(lambda m: NUMBER.search(m.text), timeout=SOON)
    clock.set_by -= jump
    await siti.send(CITIZENS, NUMBER.search(receipt.text)[0])
    await siti.wait_for(timeout=SOON)
    await town.house.settle()

    (case,) = await town.cases()
    await until(town, select(media.c.id).where(media.c.state == "kept").offset(1))
    assert len(case.ticket.report.evidence) == 2
    receipts = [m for m in siti.messages if "Nomor laporan" in m.text]
    assert len(receipts) == 1
    assert await town.house.core.database.read(lambda c: chain.find_break(c, case.ticket.number)) is None


async def test_who_wrote_much_before_the_clock_was_set_back_is_not_called_too_fast(town: Town, clock: Clock):
    siti = await town.sandbox.user("Siti")
    await siti.send(CITIZENS, "halo")
    await siti.wait_for(timeout=SOON)

    def wrote(connection):
        for number in range(town.house.core.policies.limits.messages):
            one = Arrival("telegram", f"dulu-{number}", str(siti.id), clock(), {})
            inbox.keep(connection, one)
            inbox.finish_update(connection, "telegram", f"dulu-{number}", clock())

    await town.house.core.database.write(wrote)
    clock.set_by -= DAY
    await siti.send(CITIZENS, "bantuan")
    assert "sangat cepat" not in (await siti.wait_for(timeout=SOON)).text


async def test_a_deadline_passed_by_a_jump_is_acted_on_once_and_not_again_after_the_clock_is_set_right(
    town: Town, clock: Clock, photo
):
    siti = await town.sandbox.user("Siti")
    await town.operator("Rina", "dishub")
    await siti.send(CITIZENS, "lampu jalan depan pasar Godean mati udah seminggu, gelap bgt")
    for label in ("Setuju", "Betul", "Lewati", "Kirim"):
        await siti.wait_for(lambda m, label=label: label in m.labels, timeout=SOON)
        await siti.press(label)
    number = NUMBER.search((await siti.wait_for(lambda m: NUMBER.search(m.text), timeout=SOON)).text)[0]
    for jump in (20 * DAY, -20 * DAY, 20 * DAY):
        clock.set_by += jump
        while await town.house.deadlines.run_once():
            pass
        await town.house.settle()
    history = await town.house.core.database.read(lambda c: cases.history(c, number))
    rows = await town.house.core.database.read(
        lambda c: c.execute(select(deadlines.c.number, deadlines.c.kind, deadlines.c.due_at)).all()
    )
    acted = Counter(one.action for one in history if one.actor.kind == "system")
    assert acted["due"] == 1
    assert max(Counter(map(tuple, rows)).values()) == 1
    assert await town.house.core.database.read(lambda c: chain.find_break(c, number)) is None
