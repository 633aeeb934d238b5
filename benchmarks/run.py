"""`make bench`: Kentongan's whole conversation beside the floors, in one run.

Server processes on one processor, this process with citizens and Bot API on another. Every reply is waited
for, every ticket looked up afterwards; a fault makes the run fail.
"""

import argparse
import asyncio
import os
import re
import signal
import sys
import tempfile
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

import orjson

from benchmarks import report
from benchmarks.checks import check_floor, check_kentongan
from benchmarks.citizens import Bot, Crowd, Outcome
from benchmarks.conversation import PHOTOS
from benchmarks.door import Door
from benchmarks.measure import Measure, measure
from benchmarks.servers import (
    Ready,
    Server,
    floor_command,
    kentongan_command,
    kentongan_settings,
    pin,
    running,
)
from benchmarks.telegram import FakeTelegram

LATEST = Path(__file__).parent / "results" / "latest.json"
PAGE = Path(__file__).parents[1] / "docs" / "performance.md"
FIGURES = re.compile(r"(?<=<!-- figures -->\n).*?(?=<!-- /figures -->)", re.DOTALL)
CHATS_APART = 10_000_000


@dataclass(frozen=True, slots=True)
class Plan:
    """How much to measure."""

    citizens: Sequence[int]
    rounds: int
    seconds: float
    quick: bool
    contenders: Sequence[str]
    show: bool
    profile: str = ""


@dataclass(slots=True)
class Contender:
    """A running server with its crowd, and all its crowd went through."""

    crowd: Crowd
    server: Server
    database: Path
    outcomes: list[Outcome]

    async def faults(self) -> list[str]:
        """What is wrong with what was kept, after the last measure."""
        finished = [chat for outcome in self.outcomes for chat in outcome.chats]
        if self.crowd.bot.name == report.KENTONGAN:
            return await check_kentongan(self.database, finished, PHOTOS)
        if self.crowd.bot.name.endswith("commit"):
            return check_floor(self.database, sum(len(one.turns) for one in self.outcomes))
        return []


@dataclass(frozen=True, slots=True)
class Ground:
    """Where the contenders run: the Bot API they all speak to, and what ends them."""

    stack: AsyncExitStack
    telegram: FakeTelegram
    api: str
    profile: str

    async def start(self, name: str, number: int) -> Contender:
        """Start a contender's server and give it a crowd."""
        prefix = f"bench-{name}-"
        folder = Path(self.stack.enter_context(tempfile.TemporaryDirectory(prefix=prefix, dir=_disk())))
        token, database = f"{1000 + number}:{name}", folder / "kentongan.db"
        whole = name == report.KENTONGAN
        settings = kentongan_settings(self.api, token, folder) if whole else {}
        command = kentongan_command(self.profile) if whole else floor_command(name, self.api, token, database)
        ready = Ready(self.telegram, token)
        server = running(command, settings, folder / "server.log", ready)
        process = await self.stack.enter_async_context(server)
        door = Door(self.telegram.webhooks[token])
        self.stack.callback(door.close)
        bot = Bot(name, token, door) if whole else Bot(name, token, door, photos=1)
        crowd = Crowd(self.telegram, bot, number * CHATS_APART)
        return Contender(crowd, process, database, [])


def _disk() -> Path:
    """Beside the data of a real installation: a folder in memory would make every commit free."""
    folder = Path("data")
    folder.mkdir(exist_ok=True)
    return folder


async def _rehearse(contender: Contender, *, show: bool) -> None:
    """Learn how many messages answer each turn; every story must take the same course."""
    rehearsals = await contender.crowd.rehearse()
    if show:
        for one in rehearsals:
            for said in one:
                print("»", said.turn.text or said.turn.kind, *said.answers, sep="\n  ")
    courses = {tuple(len(turn.answers) for turn in one) for one in rehearsals}
    if len(courses) > 1 or 0 in min(courses):
        raise SystemExit(f"the stories take different courses, or a turn is not answered: {courses}")
    contender.crowd.bot = replace(contender.crowd.bot, answers=courses.pop())


async def _round(contenders: Sequence[Contender], citizens: int, seconds: float) -> list[Measure]:
    found = []
    for contender in contenders:
        one, outcome = await measure(contender.crowd, contender.server, citizens, seconds)
        contender.outcomes.append(outcome)
        found.append(one)
        print(
            f"  {one.contender:<13}{citizens:>4} citizens {one.turns_per_second:8.0f} turns/s"
            f"  p95 {one.p95_ms:7.1f} ms  CPU {one.cpu_ms_per_turn:5.2f} ms/turn  load {one.load_busy:4.0%}"
        )
    return found


async def run(plan: Plan) -> report.Run:
    """Start everything, measure in turns, check what was kept."""
    rounds: list[list[Measure]] = []
    async with AsyncExitStack() as stack:
        telegram = FakeTelegram()
        api = await telegram.start()
        stack.push_async_callback(telegram.stop)
        pin(os.getpid(), 1)
        ground = Ground(stack, telegram, api, plan.profile)
        contenders = [
            await ground.start(name, number) for number, name in enumerate(plan.contenders, start=1)
        ]
        for contender in contenders:
            if contender.crowd.bot.photos > 1:
                await _rehearse(contender, show=plan.show)
            if contender.crowd.bot.name == report.KENTONGAN and plan.profile:
                os.kill(contender.server.pid, signal.SIGUSR1)
        for citizens in plan.citizens:
            for turn in range(plan.rounds):
                order = contenders if turn % 2 == 0 else contenders[::-1]
                rounds.append(await _round(order, citizens, plan.seconds))
        faults = [fault for one in rounds for measure in one for fault in measure.faults]
        faults += [fault for contender in contenders for fault in await contender.faults()]
    made_at = datetime.now(UTC).isoformat(timespec="seconds")
    return report.Run(made_at, plan.quick, plan.seconds, rounds, faults, _fsync_ms())


def _fsync_ms(times: int = 50) -> float:
    with tempfile.TemporaryFile(dir=_disk()) as file:
        began = perf_counter()
        for _ in range(times):
            file.write(b"x" * 4096)
            file.flush()
            os.fsync(file.fileno())
        return (perf_counter() - began) * 1000 / times


def _plan(arguments: Sequence[str]) -> Plan:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="about a minute")
    parser.add_argument("--citizens", type=int, nargs="+", default=[1, 16, 64])
    parser.add_argument("--rounds", type=int, help="how often to go through all contenders")
    parser.add_argument("--seconds", type=float, help="how long one measure takes")
    parser.add_argument(
        "--only", nargs="+", choices=list(report.TITLES), default=list(report.TITLES), metavar="CONTENDER"
    )
    parser.add_argument("--show", action="store_true", help="print the conversation")
    parser.add_argument("--profile", default="", help="profile Kentongan's server into this file (cProfile)")
    given = parser.parse_args(arguments)
    rounds = given.rounds or (1 if given.quick else 3)
    seconds = given.seconds or (2.0 if given.quick else 5.0)
    return Plan(given.citizens, rounds, seconds, given.quick, given.only, given.show, given.profile)


def main() -> None:
    """Run, show, and keep the results of a full run; fail when anything was lost or doubled."""
    plan = _plan(sys.argv[1:])
    found = report.results(asyncio.run(run(plan)))
    report.show(found)
    if set(plan.contenders) == set(report.TITLES):
        LATEST.parent.mkdir(exist_ok=True)
        LATEST.write_bytes(orjson.dumps(found, option=orjson.OPT_INDENT_2) + b"\n")
        table = report.markdown(found)
        PAGE.write_text(FIGURES.sub(lambda _: table, PAGE.read_text(encoding="utf-8")), encoding="utf-8")
        print(f"Written to {LATEST.name} and into {PAGE.name}")
    sys.exit(bool(found["faults"]))


if __name__ == "__main__":
    main()
