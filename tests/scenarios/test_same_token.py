"""Two processes with one bot's token: on one database one of them does not begin; on two, each is told."""

import asyncio
from collections import Counter
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest
import structlog
from pydantic import SecretStr
from structlog.testing import LogCapture

from bot.commands.serve import CITIZEN_BOT
from bot.commands.troubles import explained
from bot.sandbox.client import SandboxClient
from bot.sandbox.limits import Limits
from bot.sandbox.server import start_sandbox
from bot.serving import opened
from bot.settings import Settings
from storage.doors.database import InUseError
from tests.scenarios.kit import CITIZENS

SOON = 30


def settings(folder: Path, api: str, url: str = "") -> Settings:
    token = SecretStr(CITIZEN_BOT.token)
    return Settings(
        data_dir=folder, database_url=url, port=0, telegram_api=api, citizen_token=token, _env_file=None
    )


@pytest.mark.sqlite("a server may serve any number of processes")
async def test_a_second_process_on_the_same_file_does_not_begin_and_says_why(tmp_path: Path):
    sandbox = await start_sandbox(bots=[CITIZEN_BOT], limits=Limits(enabled=False))
    mine = settings(tmp_path, sandbox.base_url)
    async with opened(mine):
        with pytest.raises(InUseError) as refused:
            async with opened(mine):
                pass
        assert "Another Kentongan serves" in explained(refused.value)
    async with opened(mine):
        pass  # whoever ended left nothing in the way
    await sandbox.stop()


@pytest.mark.timeout(150)
async def test_two_installations_with_one_token_are_told_and_nobody_is_answered_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, further_database
):
    written = LogCapture()
    log = structlog.wrap_logger(None, processors=[written], wrapper_class=structlog.stdlib.BoundLogger)
    monkeypatch.setattr("bot.channels.telegram.polling.log", log)
    sandbox = await start_sandbox(bots=[CITIZEN_BOT], limits=Limits(enabled=False))
    async with AsyncExitStack() as stack:
        both = [
            await stack.enter_async_context(
                opened(settings(tmp_path / name, sandbox.base_url, further_database()))
            )
            for name in ("satu", "dua")
        ]
        client = await stack.enter_async_context(SandboxClient(sandbox.base_url))
        async with asyncio.timeout(SOON):
            while not [one for one in written.entries if one["event"] == "telegram.conflict"]:  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        people = [await client.user(f"Warga {number}") for number in range(4)]
        for person in people:
            await person.send(CITIZENS, "/start")
            await person.wait_for(timeout=SOON)
        await asyncio.sleep(1)
        for person in people:
            await person.refresh()
            said = Counter(message.text for message in person.messages if message["from"]["is_bot"])
            assert set(said.values()) == {1}, said
    counted = b"".join(one.house.core.meters.page((), datetime.now(UTC)) for one in both)
    assert b'kentongan_token_conflicts_total{channel="telegram"}' in counted
    (told, *_) = [one for one in written.entries if one["event"] == "telegram.conflict"]
    assert told["log_level"] == "error"
    assert "another process receives this bot's updates" in told["remedy"]
    await sandbox.stop()
