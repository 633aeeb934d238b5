"""What is done again and again beside the doors: by each process, or by whichever of them is free."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from datetime import timedelta
from functools import partial
from typing import Any

import structlog

from bot import memory
from bot.app import Kentongan
from bot.services.people.breaches import Breaches
from bot.services.ticks import Job, every
from storage.doors.database import Database, DatabaseAwayError

KEEP_SECONDS = 0.3
SWEEP_SECONDS = 3600.0
DEADLINE_SECONDS = 5.0
PUBLICATION_SECONDS = 1.0
TIDY_SECONDS = 60.0
SILENCE_SECONDS = 15.0
HELD_SECONDS = 5.0
FORWARD_SECONDS = 20.0
DIGEST_SECONDS = 20.0
REFERRAL_SECONDS = 30.0
INSPECT_SECONDS = 6 * 3600.0
REQUEST_SECONDS = 60.0
ERASE_SECONDS = 600.0
RETAIN_SECONDS = 6 * 3600.0
RECOUNT_SECONDS = 6 * 3600.0
"""Rules are read when the process starts; holidays may be corrected by an update of their library."""
LEFT_SECONDS = 2.0
LEFT = timedelta(seconds=2)
"""What waits for longer than that was left by a process that died or has not its channel."""
PUT_BACK_SECONDS = 5.0
PUT_BACK = timedelta(minutes=1)
"""Where one process serves alone, what waits for longer was put back by hand (`kentongan messages`)."""
STANDBY_SECONDS = 2.0

log = structlog.get_logger(__name__)


def in_each(house: Kentongan) -> list[Coroutine[Any, Any, None]]:
    """What every process does for itself: know what was published, and take over what others left."""
    jobs: list[tuple[float, Job, str]] = [
        (PUBLICATION_SECONDS, house.core.bundles.refresh, "publications"),
        (TIDY_SECONDS, memory.tidy, "memory"),
    ]
    if house.core.database.shared:
        jobs.append((LEFT_SECONDS, partial(house.take_over, LEFT), "what others left"))
    else:
        jobs.append((PUT_BACK_SECONDS, partial(house.take_over, PUT_BACK), "what was put back"))
    return [every(*job, house.core.meters) for job in jobs]


def in_one(house: Kentongan) -> list[Coroutine[Any, Any, None]]:
    """What the clock brings about; of several processes one at a time does each."""
    jobs: tuple[tuple[float, Job, str], ...] = (
        (SWEEP_SECONDS, house.keeper.sweep, "unclaimed files"),
        (DEADLINE_SECONDS, house.deadlines.run_once, "deadlines"),
        (SILENCE_SECONDS, house.silences.run_once, "silences"),
        (HELD_SECONDS, house.held.run_once, "messages laid aside"),
        (FORWARD_SECONDS, house.forwarding.run_once, "reports passed on"),
        (DIGEST_SECONDS, house.digests.run_once, "digests"),
        (RECOUNT_SECONDS, house.recounting.run_once, "deadlines by changed rules"),
        (REFERRAL_SECONDS, house.referrals.run_once, "referrals"),
        (REQUEST_SECONDS, house.requests.run_once, "requests about personal data"),
        (REQUEST_SECONDS, Breaches(house.core, house.deliveries).run_once, "breaches"),
        (ERASE_SECONDS, house.rights.run_once, "people to be erased"),
        (RETAIN_SECONDS, house.retention.run_once, "data kept for its term"),
        (RETAIN_SECONDS, house.rights.age, "reporters of old reports"),
        (INSPECT_SECONDS, house.inspection.run_once, "look through the database"),
    )
    meters = house.core.meters
    apart = [every(wait, alone(house.core.database, name, job), name, meters) for wait, job, name in jobs]
    # Files are shared out one by one: fetching them is most of the work.
    return [every(KEEP_SECONDS, house.keeper.run_once, "keep files", meters), *apart]


def alone(database: Database, name: str, job: Job) -> Job:
    """The job, left out while another process does it."""

    async def run() -> int:
        if not await database.take(f"job:{name}"):
            return 0
        try:
            return await job()
        finally:
            database.free(f"job:{name}")

    return run


async def only_one(database: Database, name: str, work: Callable[[], Awaitable[None]]) -> None:
    """Do lasting work in one process; the others stand by and take over when it goes. Ends when cancelled."""
    while True:
        try:
            mine = await database.take(name)
        except DatabaseAwayError:
            mine = False
        except Exception:  # asked again: it must not be left undone for as long as this process lives
            log.exception("nobody can tell whose work it is", work=name)
            mine = False
        if mine:
            await _while_held(database, name, work)
        await asyncio.sleep(STANDBY_SECONDS)


async def _while_held(database: Database, name: str, work: Callable[[], Awaitable[None]]) -> None:
    working = asyncio.ensure_future(work())
    try:
        while database.holds(name) and not working.done():
            await asyncio.wait([working], timeout=STANDBY_SECONDS / 2)
    finally:
        working.cancel()
        (ended,) = await asyncio.gather(working, return_exceptions=True)
        database.free(name)
        if isinstance(ended, Exception):
            log.error("work ended", work=name, reason=type(ended).__name__)
