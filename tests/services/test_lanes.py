import asyncio
from collections import defaultdict

from bot.services import lanes as lanes_module
from bot.services.lanes import Lanes


async def test_an_address_is_served_in_order_and_never_twice_at_once():
    work: dict[str, list[int]] = defaultdict(list)
    done: dict[str, list[int]] = defaultdict(list)
    busy: set[str] = set()

    async def step(_channel: str, address: str) -> float | None:
        if not work[address]:
            return None
        assert address not in busy
        busy.add(address)
        await asyncio.sleep(0)
        done[address].append(work[address].pop(0))
        busy.discard(address)
        return 0

    lanes = Lanes("test", step)
    for number in range(50):
        for address in ("a", "b", "c"):
            work[address].append(number)
            lanes.wake("telegram", address)
        await asyncio.sleep(0)
    await lanes.idle()
    assert done == {address: list(range(50)) for address in ("a", "b", "c")}


async def test_work_that_comes_while_the_last_step_ends_is_not_missed():
    waiting: list[int] = [1]
    seen: list[int] = []
    lanes: Lanes

    async def step(_channel: str, _address: str) -> float | None:
        if waiting:
            seen.append(waiting.pop())
            return 0
        if len(seen) == 1:
            waiting.append(2)
            lanes.wake("telegram", "a")
        return None

    lanes = Lanes("test", step)
    lanes.wake("telegram", "a")
    await lanes.idle()
    assert seen == [1, 2]


async def test_a_step_that_raises_is_tried_again_and_hurts_no_other(monkeypatch):
    monkeypatch.setattr(lanes_module, "AFTER_A_FAULT", 0.01)
    tries: dict[str, int] = defaultdict(int)

    async def step(_channel: str, address: str) -> float | None:
        tries[address] += 1
        if address == "bad" and tries[address] < 3:
            raise ValueError("no")
        return None

    lanes = Lanes("test", step)
    lanes.wake_all([("telegram", "bad"), ("telegram", "good")])
    await lanes.idle()
    assert tries == {"bad": 3, "good": 1}


async def test_a_pause_ends_early_when_woken():
    calls = 0

    async def step(_channel: str, _address: str) -> float | None:
        nonlocal calls
        calls += 1
        return 60 if calls == 1 else None

    lanes = Lanes("test", step)
    lanes.wake("telegram", "a")
    await asyncio.sleep(0.01)
    assert calls == 1
    lanes.wake("telegram", "a")
    await asyncio.wait_for(lanes.idle(), 1)
    assert calls == 2


async def test_stopping_finishes_the_step_in_hand_and_starts_no_other():
    finished = []
    started = asyncio.Event()

    async def step(_channel: str, _address: str) -> float | None:
        started.set()
        await asyncio.sleep(0.02)
        finished.append(1)
        return 0

    lanes = Lanes("test", step)
    lanes.wake("telegram", "a")
    await started.wait()
    await lanes.stop()
    assert finished == [1]
    lanes.wake("telegram", "b")
    await lanes.idle()
    assert finished == [1]
