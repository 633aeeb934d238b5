"""Lasting work that one process does for all: whatever happens to it, somebody goes on with it."""

import asyncio
from types import SimpleNamespace

import pytest

from bot import clockwork
from storage.doors.database import DatabaseAwayError


@pytest.mark.parametrize("trouble", [DatabaseAwayError(OSError()), RuntimeError("odd")])
async def test_who_cannot_tell_whether_it_is_theirs_asks_again(monkeypatch, trouble):
    monkeypatch.setattr(clockwork, "STANDBY_SECONDS", 0.01)
    troubles, at_work = [trouble], asyncio.Event()

    async def take(_name):
        if troubles:
            raise troubles.pop()
        return True

    async def work():
        at_work.set()
        await asyncio.sleep(3600)

    database = SimpleNamespace(take=take, holds=lambda _: True, free=lambda _: None)
    standing_by = asyncio.create_task(clockwork.only_one(database, "poll:1", work))
    async with asyncio.timeout(5):
        await at_work.wait()
    standing_by.cancel()
    with pytest.raises(asyncio.CancelledError):
        await standing_by
