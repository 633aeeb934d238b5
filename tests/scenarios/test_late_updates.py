"""After an outage Telegram hands over what piled up: words, buttons and changes of hours ago."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson
import pytest
from pydantic import SecretStr

from bot.app import assembled
from bot.commands.serve import CITIZEN_BOT
from bot.sandbox.client import SandboxClient
from bot.sandbox.limits import Limits
from bot.sandbox.server import start_sandbox
from bot.services.talks.context import understand
from bot.serving import opened
from bot.settings import Settings
from dialogs.conversation import Conversation
from dialogs.messages import InboundMessage
from storage.reports import cases, chain
from tests.scenarios.kit import CITIZENS, NUMBER

SOON = 30
HOURS = 30
"""So many hours nobody fetched anything: a day and more."""


def made_old(world) -> None:
    """What waits at Telegram was sent so many hours ago."""
    for feed in world.feeds.values():
        for serial, pending in feed.pending.items():
            update = orjson.loads(pending.body)
            for name in ("message", "edited_message"):
                for field in ("date", "edit_date"):
                    if field in update.get(name, {}):
                        update[name][field] -= HOURS * 3600
            feed.pending[serial] = type(pending)(
                serial, pending.update_id, orjson.dumps(update), pending.date, pending.lane
            )


@pytest.mark.timeout(200)
async def test_what_piled_up_gets_its_right_answers_in_order(tmp_path: Path):
    sandbox = await start_sandbox(bots=[CITIZEN_BOT], limits=Limits(enabled=False, callback_lifetime=0.2))
    settings = Settings(
        data_dir=tmp_path, port=0, telegram_api=sandbox.base_url,
        citizen_token=SecretStr(CITIZEN_BOT.token), _env_file=None,
    )  # fmt: skip
    async with SandboxClient(sandbox.base_url) as client:
        siti, joko = await client.user("Siti"), await client.user("Joko")
        async with opened(settings):
            await siti.send(CITIZENS, "lampu jalan depan pasar Godean mati, gelap bgt")
            await siti.wait_for(lambda m: "Setuju" in m.labels, timeout=SOON)
        await siti.press("Setuju")
        said = await joko.send(CITIZENS, "jalan berlubang di depan pasar Gamping sejak kemarin pagi")
        await joko.edit(said, "jalan berlubang besar di depan pasar Gamping sejak kemarin pagi")
        made_old(sandbox.world)
        async with opened(settings) as running:
            for person, labels in (
                (siti, ("Betul", "Lewati", "Kirim")),
                (joko, ("Setuju", "Betul", "Lewati", "Kirim")),
            ):
                for label in labels:
                    await person.wait_for(lambda m, label=label: label in m.labels, timeout=SOON)
                    await person.press(label)
                await person.wait_for(lambda m: NUMBER.search(m.text), timeout=SOON)
            await running.house.settle()
            await the_reports_are_right(running.house, sandbox.world.clock())
    await sandbox.stop()


async def the_reports_are_right(house, now: float) -> None:
    """Deadlines count from when it was taken, not from when it was said."""
    found = await house.core.database.read(cases.all_cases)
    assert len(found) == 2
    taken = datetime.fromtimestamp(now, UTC)
    for case in found:
        number = case.ticket.number
        opened_at = (await house.core.database.read(lambda c, n=number: cases.history(c, n)))[0].at
        assert abs(opened_at - taken) < timedelta(minutes=10)
        assert case.ticket.due_at is None or case.ticket.due_at > taken
        assert await house.core.database.read(lambda c, n=number: chain.find_break(c, n)) is None
    (joko,) = [case.ticket.report for case in found if "berlubang" in case.ticket.report.narrative]
    assert "kemarin pagi" in joko.event_time


@pytest.mark.parametrize(("late", "day"), [(0, 21), (HOURS, 19), (-2, 21), (24 * 365, 21)])
async def test_yesterday_is_the_day_before_it_was_said(tmp_path: Path, late: int, day: int):
    """By the city's calendar: at 20.00 UTC it is the next day there. A wrong clock counts for nothing."""
    now = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)
    async with assembled(Settings(data_dir=tmp_path, _env_file=None), clock=lambda: now) as house:
        live = house.core.bundles.live
        talk = Conversation.start(
            id="1", channel="telegram", address="1", contact="1", bundle=live.hash, language="id"
        )
        said = InboundMessage(
            "telegram",
            "1",
            "1",
            now - timedelta(hours=late),
            "text",
            text="jalan berlubang sejak kemarin pagi",
        )
        meaning = understand(house.core, said, talk, live)
    (found,) = [one.value for one in meaning.entities if one.entity == "date"]
    assert found == f"2026-11-{day}"
