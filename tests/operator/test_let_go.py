"""What a call carried is gone once it was answered, without anybody looking for what nobody reaches."""

import gc
from collections import Counter

import pytest
from telegram.error import TelegramError

from bot.operator.client import staff_bot
from tests.operator.conftest import STAFF

CALLS = 5
HELD = ("httpx", "httpcore")


def left_of_calls() -> Counter[str]:
    """The library's objects that a call makes, by kind."""
    named = (f"{type(one).__module__}.{type(one).__qualname__}" for one in gc.get_objects())
    return Counter(name for name in named if name.startswith(HELD))


@pytest.fixture
async def bot(sandbox_url: str):
    bot = staff_bot(STAFF.token, sandbox_url)
    await bot.initialize()
    yield bot
    await bot.shutdown()


async def test_a_photo_that_was_sent_is_gone_with_the_answer(bot, sandbox, photo):
    person = await sandbox.user("Rina", role="operator")
    await person.start(STAFF.username)
    await bot.send_photo(person.id, photo())  # connections and what is made once
    gc.collect()
    gc.disable()
    try:
        before = left_of_calls()
        for shade in range(CALLS):
            await bot.send_photo(person.id, photo(shade))
            with pytest.raises(TelegramError):
                await bot.send_photo(1, photo(shade))
        assert left_of_calls() - before == Counter()
    finally:
        gc.enable()
