"""Flood limits, and faults a test can ask for."""

import asyncio
from typing import Any

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.client import SandboxClient, User
from bot.sandbox.errors import ApiError
from bot.sandbox.limits import Limiter, Limits


async def test_a_burst_to_one_person_ends_in_429(api: Any, siti: User, client: SandboxClient) -> None:
    await client.limits(chat_burst=3)
    for number in range(3):
        await api("sendMessage", chat_id=siti.id, text=str(number))
    answer = await api.answer("sendMessage", chat_id=siti.id, text="3")
    assert answer == {
        "ok": False,
        "error_code": 429,
        "description": "Too Many Requests: retry after 1",
        "parameters": {"retry_after": 1},
    }


async def test_a_group_takes_twenty_a_minute(api: Any, client: SandboxClient) -> None:
    group = await client.group("Warga")
    await group.add("kentongan_bot")
    await client.limits()
    for number in range(20):
        await api("sendMessage", chat_id=group.id, text=str(number))
    answer = await api.answer("sendMessage", chat_id=group.id, text="20")
    assert answer["error_code"] == 429
    assert 55 <= answer["parameters"]["retry_after"] <= 60


@given(st.lists(st.tuples(st.integers(1, 40), st.floats(0, 2)), max_size=200))
def test_never_more_than_thirty_in_any_second(sends: list[tuple[int, float]]) -> None:
    limiter, limits, now = Limiter(), Limits(), 0.0
    sent: list[float] = []
    for chat, pause in sends:
        now += pause
        try:
            limiter.take(chat, 1, limits, now)
        except ApiError as problem:
            assert problem.retry_after is not None  # noqa: PT017 - most sends pass
            assert problem.retry_after >= 1  # noqa: PT017 - likewise
        else:
            sent.append(now)
    assert all(len([t for t in sent if at <= t < at + 0.999]) <= 30 for at in sent)


def test_waiting_as_long_as_told_is_enough() -> None:
    limiter, limits, now = Limiter(), Limits(), 100.0
    for _ in range(60):
        try:
            limiter.take(-5, 1, limits, now)
        except ApiError as problem:
            assert problem.retry_after  # noqa: PT017 - the first twenty pass
            now += problem.retry_after
            limiter.take(-5, 1, limits, now)


async def test_a_flood_can_be_asked_for(api: Any, siti: User, client: SandboxClient) -> None:
    await client.fault("flood", method="sendMessage", chat_id=siti.id, times=2, retry_after=7)
    for _ in range(2):
        assert await api.error("sendMessage", chat_id=siti.id, text="a") == "Too Many Requests: retry after 7"
    await api("sendMessage", chat_id=siti.id, text="a")
    assert len([m for m in await texts(siti) if m == "a"]) == 1


async def test_an_error_can_be_asked_for(api: Any, siti: User, client: SandboxClient) -> None:
    await client.fault("error", code=502, description="Bad Gateway")
    assert (await api.answer("getMe"))["error_code"] == 502
    await client.fault("error", method="sendPhoto")
    await client.clear_faults()
    await api("sendMessage", chat_id=siti.id, text="a")


@pytest.mark.parametrize(("kind", "arrived"), [("drop", 0), ("drop_after", 1)])
async def test_a_connection_can_break_before_or_after(
    api: Any, siti: User, client: SandboxClient, kind: str, arrived: int
) -> None:
    await client.fault(kind, method="sendMessage")
    with pytest.raises(aiohttp.ClientError):
        await api("sendMessage", chat_id=siti.id, text="a")
    assert (await texts(siti)).count("a") == arrived


async def test_silence_after_accepting(api: Any, siti: User, client: SandboxClient) -> None:
    await client.fault("timeout_after", method="sendMessage", seconds=30)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(api("sendMessage", chat_id=siti.id, text="a"), 0.3)
    assert (await texts(siti)).count("a") == 1


async def texts(user: User) -> list[str]:
    await user.refresh()
    return [message.text for message in user.messages]
