"""One soak on one database, from the first citizen to the reckoning."""

import asyncio
import os
import random
import secrets
import time
from collections.abc import Coroutine, Iterator
from dataclasses import astuple, fields
from datetime import UTC, datetime
from itertools import count
from typing import Any

from benchmarks.conversation import Case, cases
from benchmarks.servers import KEY
from bot.channels.webchat.sessions import Sessions
from storage.doors.database import Database
from storage.seals import Ring, use
from tests.soak.citizens import KINDS, ON_TELEGRAM_ONLY, OTHERS, PATIENCE, WEIGHTS, Crowd
from tests.soak.desk import Desk
from tests.soak.logs import reckoned
from tests.soak.memory import MOST_AN_HOUR, Memory, Sample, growth
from tests.soak.mouths import Mouth, Page, Telegram
from tests.soak.reconciling import Reckoning, kept, reconcile, settled
from tests.soak.town import Town, town
from tests.soak.troubles import Troubles, plan

ARRIVE_SECONDS = (1.0, 3.0)
"""Between one citizen and the next: with some eight turns each, four turns a second."""
SAMPLE_SECONDS = 60.0
MOST_IN_HAND = 20
"""Messages that may be on their way at once: each is said again when nobody was left to write it down."""
ON_THE_PAGE = 0.25
STAFF = (("Rina", "dishub"), ("Agus", "dlh"), ("Tina", "pu"))
GROUP_OF = "dishub"
OF_THE_GROUP = "lampu"
CLEAR_ANSWERS = {200, 503}


async def soak(kind: str, seconds: float, seed: int) -> dict[str, Any]:
    """Go through it once; the record of it."""
    use(Ring.of(KEY))
    chance = random.Random(seed)
    async with town(kind, chance) as there:
        desk, crowd = await _staffed(there, chance), Crowd(chance, _spared(cases()))
        troubles, memory = Troubles(there.client, chance), Memory()
        load = os.getloadavg()
        begun = time.monotonic()
        problems = await _lived(there, (crowd, desk, troubles, memory), seconds)
        lasted = time.monotonic() - begun
        reckoning, settling = await _reckoned(there, crowd)
        for problem in problems:
            reckoning.fault(f"the soak itself stumbled: {problem!r}")
        found = _record(there, (crowd, desk, troubles, memory), reckoning)
        ended = [await process.stop() for process in there.processes]
        reckoning.check(set(ended) == {0}, f"processes asked to stop ended with {ended}")
        found |= _logged(there.log())
    head = {"minutes": round(lasted / 60, 1), "load_before": load[0], "load_after": os.getloadavg()[0]}
    return head | {"turns_per_second": round(found["turns"] / lasted, 2), "settled_in": settling} | found


async def _staffed(there: Town, chance: random.Random) -> Desk:
    desk = Desk(chance)
    for name, agency in STAFF:
        person = await desk.join(there.client, name, await there.invite(agency, "penghubung"))
        if agency == GROUP_OF:
            await desk.set_up_group(there.client, person, agency)
    await desk.join(there.client, "Dian", await there.invite("koordinator", "koordinator"))
    return desk


def _spared(every: Iterator[Case]) -> Iterator[Case]:
    """Half as many for the group: 20 messages a minute get into one, and a report makes about three."""
    for_the_group = count()
    return (one for one in every if not one.story.startswith(OF_THE_GROUP) or next(for_the_group) % 2)


Players = tuple[Crowd, Desk, Troubles, Memory]


async def _lived(there: Town, players: Players, seconds: float) -> list[Exception]:
    """The run itself: whoever began a visit finishes it, the troubles end with the time; what ended early."""
    crowd, desk, troubles, memory = players
    every = min(SAMPLE_SECONDS, max(1.0, seconds / 60))
    beside: list[Coroutine[Any, Any, None]] = [
        troubles.platform(), memory.watch(there.pids, every), desk.react(),
        *(desk.work(one) for one in desk.staff),
    ]  # fmt: skip
    around = [asyncio.create_task(one) for one in beside]
    planned = asyncio.create_task(troubles.by_plan(plan(there.processes, there.outage), seconds))
    visits = await _arriving(there, crowd, desk, seconds)
    await asyncio.wait([planned])
    for task in around:
        task.cancel()
    ended = await asyncio.gather(*around, planned, return_exceptions=True)
    await there.client.clear_faults()
    await asyncio.wait(visits, timeout=2 * PATIENCE)
    return [one for one in ended if isinstance(one, Exception)]


async def _arriving(there: Town, crowd: Crowd, desk: Desk, seconds: float) -> set[asyncio.Task[None]]:
    until, visits = time.monotonic() + seconds, set()
    kinds = list(KINDS)
    weights = [WEIGHTS.get(kind, OTHERS) for kind in kinds]
    while time.monotonic() < until:
        (kind,) = crowd.chance.choices(kinds, weights)
        mouth = await _mouth(there, crowd, kind)
        visits.add(asyncio.create_task(crowd.live(kind, mouth)))
        if isinstance(mouth, Telegram) and kind != "blocks":
            desk.reporters = [*desk.reporters[-200:], mouth.user]
        await asyncio.sleep(crowd.chance.uniform(*ARRIVE_SECONDS))
    return visits


async def _mouth(there: Town, crowd: Crowd, kind: str) -> Mouth:
    if kind not in ON_TELEGRAM_ONLY and crowd.chance.random() < ON_THE_PAGE:
        key = (there.folder / "webchat.key").read_bytes()
        token = Sessions(key, secrets.token_bytes).new(datetime.now(UTC))
        return Page(token, there.ports, there.session, crowd.chance).open()
    return Telegram(await there.client.user(f"Warga {len(crowd.diaries)}"))


async def _reckoned(there: Town, crowd: Crowd) -> tuple[Reckoning, float]:
    await there.line.empty()
    async with Database(there.url) as database:
        settling = await settled(database)
        found = await database.read(kept)
    return reconcile(found, there.sandbox.world, crowd.diaries, there.line.taken), settling


def _record(there: Town, players: Players, reckoning: Reckoning) -> dict[str, Any]:
    _, desk, troubles, memory = players
    kills = sum(one.kills for one in there.processes)
    most_twice = troubles.unknown + MOST_IN_HAND * (kills + troubles.outages)
    twice = reckoning.figures["said_twice"]
    reckoning.check(0 <= twice <= most_twice, f"{twice} messages said twice, {most_twice} might be")
    ends = [code for one in there.processes for code in one.ends]
    reckoning.check(not ends, f"processes ended by themselves: {ends}")
    answers = there.line.answers
    unclear = {code: times for code, times in answers.items() if code not in CLEAR_ANSWERS}
    reckoning.check(not unclear, f"webhooks were answered with {unclear}")
    life = memory.longest_life()
    warm, late = growth(life), growth(life, since=memory.halfway)
    reckoning.check(late is None or late.mb_an_hour <= MOST_AN_HOUR, f"memory grows by {late}")
    return {
        "faults": reckoning.faults,
        "turns": reckoning.figures.pop("turns"),
        "figures": reckoning.figures,
        "line": dict(there.line.counts),
        "answers": {str(code): times for code, times in answers.items()},
        "troubles": dict(troubles.counts),
        "desk": dict(desk.done),
        "memory": {
            "growth_mb_an_hour": late and round(late.mb_an_hour, 2),
            "give_or_take": late and round(late.give_or_take, 2),
            "growth_since_warm_mb_an_hour": warm and round(warm.mb_an_hour, 2),
            "most_mb_an_hour": MOST_AN_HOUR,
            "columns": [one.name for one in fields(Sample)],
            "series": [list(astuple(one)) for one in memory.samples],
        },
    }


def _logged(text: str) -> dict[str, Any]:
    """What the processes wrote to their last moment."""
    log = reckoned(text)
    warnings = dict(log.warnings.most_common())
    return {"log": dict(log.levels), "warnings": warnings, "errors": log.errors}
