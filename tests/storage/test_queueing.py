"""Which writes share a transaction, and that none is left behind."""

import asyncio
from typing import Any

import pytest

from storage.doors import queueing
from storage.doors.queueing import Queue, Work

AN_HOUR = 3600.0


class Ledger:
    """Transactions that only count what they were made of."""

    def __init__(self) -> None:
        self.batches: list[list[str]] = []

    async def transaction(self, works: list[Work]) -> list[Any]:
        await asyncio.sleep(0)
        results: list[Any] = [work(None) for work in works]  # type: ignore[arg-type]  # they look at none
        self.batches.append(results)
        return results


@pytest.fixture
def ledger() -> Ledger:
    return Ledger()


@pytest.fixture
async def queue(ledger: Ledger):
    queue = Queue(ledger.transaction, 3)
    queue.start()
    yield queue
    await queue.stop()


async def write(queue: Queue, name: str, *, hurry: bool = True) -> str:
    return await queue.write(lambda _: name, hurry=hurry)


async def test_what_has_no_hurry_goes_along_with_the_next_one(
    queue: Queue, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(queueing, "FOR_COMPANY", AN_HOUR)
    sent = asyncio.create_task(write(queue, "sent", hurry=False))
    for _ in range(10):
        await asyncio.sleep(0)
    assert not sent.done()
    assert await write(queue, "kept") == "kept"
    assert await sent == "sent"
    assert ledger.batches == [["sent", "kept"]]


async def test_it_goes_alone_when_none_comes(queue: Queue, ledger: Ledger):
    assert await write(queue, "sent", hurry=False) == "sent"
    assert ledger.batches == [["sent"]]


async def test_of_those_without_hurry_none_is_left_when_others_went_along(queue: Queue, ledger: Ledger):
    waiting = [asyncio.create_task(write(queue, f"sent {n}", hurry=False)) for n in range(2)]
    await asyncio.sleep(0)
    assert await write(queue, "kept") == "kept"
    late = [asyncio.create_task(write(queue, f"late {n}", hurry=False)) for n in range(4)]
    assert await asyncio.gather(*waiting, *late) == ["sent 0", "sent 1", *(f"late {n}" for n in range(4))]
    assert ledger.batches[0] == ["sent 0", "sent 1", "kept"]


async def test_more_than_one_transaction_takes_follow_in_their_order(queue: Queue, ledger: Ledger):
    await asyncio.gather(*(write(queue, f"{n}") for n in range(8)))
    assert ledger.batches == [["0", "1", "2"], ["3", "4", "5"], ["6", "7"]]


async def test_what_waits_without_hurry_is_written_before_the_end(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(queueing, "FOR_COMPANY", AN_HOUR)
    queue = Queue(ledger.transaction, 3)
    queue.start()
    waiting = [asyncio.create_task(write(queue, f"{n}", hurry=False)) for n in range(5)]
    await asyncio.sleep(0)
    await queue.stop()
    assert await asyncio.gather(*waiting) == ["0", "1", "2", "3", "4"]
