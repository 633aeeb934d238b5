"""Meta refuses our own token or account: nothing is given up for it, and the admins hear of it."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from bot.services.sending.outcomes import MOST_TRIES
from storage import condition
from storage.desk import staff
from storage.desk.staff import Membership
from storage.rows import outbox

HERE = outbox.c.channel == "whatsapp"


@pytest.fixture
async def admin(line):
    held, now = Membership("pemkab", "admin"), line.house.core.clock()
    await line.house.core.database.write(lambda c: staff.enrol(c, "7007", "Dian", held, now))


async def rows(line):
    query = select(outbox).where(HERE).order_by(outbox.c.id)
    return await line.house.core.database.read(lambda c: c.execute(query).mappings().all())


async def until(line, so):
    """Wait until the rows are so; nothing settles while a message waits for its next try."""
    async with asyncio.timeout(10):
        while not so(found := await rows(line)):  # noqa: ASYNC110 only the rows tell
            await asyncio.sleep(0.02)
    return found


async def try_again(line):
    """Let every try be used up and every pause be over."""
    past = line.house.core.clock() - timedelta(seconds=1)
    change = update(outbox).where(HERE, outbox.c.state == "waiting")
    values = {"not_before": past, "tries": MOST_TRIES, "error_code": None}
    await line.house.core.database.write(lambda c: c.execute(change.values(**values)))
    line.house.deliveries.wake("whatsapp", line.player.talk.address)


async def alarms(line):
    return [text for name, text in await line.to_staff() if name == "petugas_saluran_menolak"]


async def refused(line):
    return (await line.house.core.database.read(condition.look)).refused


@pytest.mark.usefixtures("admin")
async def test_a_token_taken_back_holds_every_answer_and_the_admins_are_told_once(line):
    line.sandbox.fault("messages", 401, 190, times=3)
    line.sandbox.write(line.someone, "halo")
    for _ in range(3):
        await until(line, lambda found: found and found[0]["error_code"] == "token")
        assert await refused(line) == (("whatsapp", "token", 1),)
        await try_again(line)
    await until(line, lambda found: all(one["state"] == "sent" for one in found))
    assert line.screen
    assert await refused(line) == ()
    (told,) = await alarms(line)
    assert all(word in told for word in ("whatsapp", "190", "kentongan doctor"))


@pytest.mark.usefixtures("admin")
async def test_an_account_barred_in_a_status_later_is_no_reason_to_give_up_either(line):
    line.sandbox.fault("messages", 200, 131042, times=2, later=True)
    line.sandbox.write(line.someone, "halo")
    for _ in range(2):
        await until(line, lambda found: found and found[0]["error_code"] == "account")
        assert await refused(line) == (("whatsapp", "account", 1),)
        await try_again(line)
    await until(line, lambda found: all(one["state"] == "sent" for one in found))
    await line.settle()
    assert len(line.screen) == len(await rows(line))
    (told,) = await alarms(line)
    assert "131042" in told
