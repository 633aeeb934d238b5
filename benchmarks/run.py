"""`make bench`: Kentongan's whole conversation beside the floors (and Rasa), in one run.

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
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

import orjson

from benchmarks import report
from benchmarks.checks import check_floor, check_kentongan
from benchmarks.conversation import PHOTOS, STORIES
from benchmarks.gate import gate
from benchmarks.ground import Contender, Ground, Plan
from benchmarks.measure import Measure, measure
from benchmarks.picture import draw
from benchmarks.postgres import is_here
from benchmarks.rasa_bot import finished_forms
from benchmarks.servers import compiled, disk, pin
from benchmarks.telegram import FakeTelegram

LATEST = Path(__file__).parent / "results" / "latest.json"
PAGE = Path(__file__).parents[1] / "docs" / "performance.md"
PICTURE = PAGE.parent / "pictures" / "performance.svg"
FIGURES = re.compile(r"(?<=<!-- figures -->\n).*?(?=<!-- /figures -->)", re.DOTALL)
RASA = "BENCH_RASA"
KILLS, QUICK_KILLS = 3, 1
ASIDE = {"reply", "reply-commit", report.POSTGRESQL}
"""Whom a quick run does without, unless they are named."""
RASA_ROUNDS = 1
"""A round of it takes whole conversations of all citizens: minutes, where the others take seconds."""


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
    contender.rehearsed = len(STORIES)


async def _round(contenders: Sequence[Contender], citizens: int, seconds: float) -> list[Measure]:
    found = []
    for contender in contenders:
        one, outcome = await measure(contender.crowd, contender.server, citizens, seconds)
        contender.outcomes.append(outcome)
        found.append(one)
        print(
            f"  {one.contender:<13}{citizens:>4} citizens {one.turns_per_second:8.0f} turns/s"
            f"  p95 {one.p95_ms:7.1f} ms  CPU {one.cpu_ms_per_turn:5.2f} ms/turn  load {one.load_busy:4.0%}",
            flush=True,
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
        contenders = await Ground(stack, telegram, api, plan).start()
        speaking = [one for one in contenders if one.name not in report.FLOORS]
        await asyncio.gather(*(_rehearse(one, show=plan.show) for one in speaking))
        if plan.profile:
            ours = next(one for one in contenders if one.name in report.OURS)
            os.kill(ours.server.pid, signal.SIGUSR1)
        for citizens in plan.citizens:
            for turn in range(plan.rounds):
                taking = [one for one in contenders if one.name != report.RASA or turn < RASA_ROUNDS]
                rounds.append(await _round(taking if turn % 2 == 0 else taking[::-1], citizens, plan.seconds))
        faults = [
            f"{measure.contender}, {measure.citizens} citizens: {fault}"
            for one in rounds
            for measure in one
            for fault in measure.faults
            if measure.contender != report.RASA  # what goes wrong with it is told with its figures
        ]
        faults += await _faults(contenders)
        lost = sum(map(_lost_by_rasa, contenders))
    made_at = datetime.now(UTC).isoformat(timespec="seconds")
    return report.Run(made_at, plan.quick, plan.seconds, rounds, faults, _fsync_ms(), lost)


def _lost_by_rasa(contender: Contender) -> int:
    talks = sum(len(outcome.numbers) for outcome in contender.outcomes) + contender.rehearsed
    return talks - finished_forms(Path(contender.database)) if contender.name == report.RASA else 0


async def _faults(contenders: Sequence[Contender]) -> list[str]:
    """What is wrong with what was kept, after the last measure."""
    faults: list[str] = []
    for one in contenders:
        if one.name.endswith("commit"):
            faults += check_floor(Path(one.database), sum(len(outcome.turns) for outcome in one.outcomes))
    for database in {one.database for one in contenders if one.name in report.OURS}:
        ours = [one for one in contenders if one.database == database]
        numbers = [number for one in ours for outcome in one.outcomes for number in outcome.numbers]
        faults += await check_kentongan(database, numbers, sum(one.rehearsed for one in ours), PHOTOS)
    return faults


def _fsync_ms(times: int = 50) -> float:
    with tempfile.TemporaryFile(dir=disk()) as file:
        began = perf_counter()
        for _ in range(times):
            file.write(b"x" * 4096)
            file.flush()
            os.fsync(file.fileno())
        return (perf_counter() - began) * 1000 / times


def _plan(arguments: Sequence[str]) -> Plan:
    rasa = os.environ.get(RASA, "")
    there = {report.RASA: bool(rasa), report.POSTGRESQL: is_here()}
    everybody = [name for name in report.TITLES if there.get(name, True)]
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="in about a minute")
    parser.add_argument("--citizens", type=int, nargs="+")
    parser.add_argument("--rounds", type=int, help="how often to go through all contenders")
    parser.add_argument("--seconds", type=float, help="how long one measure takes")
    parser.add_argument("--only", nargs="+", choices=everybody, metavar="CONTENDER")
    parser.add_argument("--show", action="store_true", help="print the conversation")
    parser.add_argument("--profile", default="", help="profile Kentongan's server into this file (cProfile)")
    given = parser.parse_args(arguments)
    rounds = given.rounds or (1 if given.quick else 3)
    seconds = given.seconds or (1.5 if given.quick else 3.0)
    citizens = given.citizens or ([1, 64] if given.quick else [1, 16, 64, 256])
    taking = given.only or [name for name in everybody if not (given.quick and name in ASIDE)]
    return Plan(citizens, rounds, seconds, given.quick, taking, given.show, given.profile, rasa)


def _keep(found: dict[str, object]) -> None:
    LATEST.parent.mkdir(exist_ok=True)
    LATEST.write_bytes(orjson.dumps(found, option=orjson.OPT_INDENT_2) + b"\n")
    table = report.markdown(found)
    PAGE.write_text(FIGURES.sub(lambda _: table, PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    draw(found, PICTURE)
    print(f"Written to {LATEST.name}, into {PAGE.name} and drawn in {PICTURE.name}")


def main() -> None:
    """Run, show, and keep the results of a run of all; fail when anything was lost or doubled."""
    plan = _plan(sys.argv[1:])
    compiled()
    found = report.results(asyncio.run(run(plan)))
    spared = {report.RASA, report.POSTGRESQL} | (ASIDE if plan.quick else set())
    everything = set(plan.contenders) >= set(report.TITLES) - spared
    if everything:
        passed = asyncio.run(gate(max(plan.citizens), QUICK_KILLS if plan.quick else KILLS))
        found["gate"] = asdict(passed)
        found["faults"] += passed.faults
    report.show(found)
    if everything and not found["faults"]:
        _keep(found)
    sys.exit(bool(found["faults"]))


if __name__ == "__main__":
    main()
