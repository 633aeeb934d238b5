"""What a turn costs in this source tree beside another one, in processor time, which bends least.

`python -m benchmarks.beside OTHER_TREE` starts both servers and the floor, lets the same crowd at each by
turns, and prints what each process spent on a turn, with the median of the ratios within a round.
"""

import argparse
import asyncio
import os
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks import report
from benchmarks.citizens import Bot, Crowd
from benchmarks.conversation import PHOTOS, cases
from benchmarks.mouths import TelegramWire, WebWire
from benchmarks.servers import (
    Ready,
    Server,
    disk,
    floor_command,
    kentongan_command,
    kentongan_settings,
    pin,
    running,
)
from benchmarks.telegram import FakeTelegram

HERE = Path(__file__).parents[1]
CHATS_APART = 10_000_000
WARM = 16
"""Conversations of each before anything is measured."""


@dataclass(frozen=True, slots=True)
class Spent:
    """Milliseconds of processor time a turn: in the serving process, and in those it started."""

    serving: float
    helping: float


@dataclass(frozen=True, slots=True)
class Side:
    """One server and its crowd."""

    name: str
    crowd: Crowd
    server: Server

    async def learn(self) -> None:
        """Find out how many messages answer each turn, and warm up."""
        courses = await self.crowd.rehearse()
        answers = tuple(len(turn.answers) for turn in courses[0])
        self.crowd.bot = replace(self.crowd.bot, answers=answers)
        await self.crowd.run(WARM, 1.0)

    async def spend(self, citizens: int, seconds: float) -> Spent:
        """Let `citizens` talk for some seconds; what a turn took.

        Raises:
            SystemExit: something went wrong, so that the figures are worth nothing.
        """
        before = list(self._clocks())
        outcome = await self.crowd.run(citizens, seconds)
        serving, helping = (after - earlier for after, earlier in zip(self._clocks(), before, strict=True))
        if outcome.faults or outcome.extra:
            raise SystemExit(f"{self.name}: {[*outcome.faults, *outcome.extra][:3]}")
        return Spent(1000 * serving / len(outcome.turns), 1000 * helping / len(outcome.turns))

    def _clocks(self) -> Iterator[float]:
        serving = time.clock_gettime((~self.server.pid << 3) | 2)
        yield serving
        yield self.server.cpu_seconds() - serving


async def _compare(given: argparse.Namespace) -> None:
    async with AsyncExitStack() as stack:
        telegram = FakeTelegram()
        api = await telegram.start()
        stack.push_async_callback(telegram.stop)
        pin(os.getpid(), 1)
        sides = [await _floor(stack, telegram, api)] if given.channel == report.TELEGRAM else []
        for number, tree in enumerate((given.other, HERE), start=2):
            sides.append(await _tree(stack, (telegram, api), (tree, number), given.channel))
        for side in sides[len(sides) - 2 :]:
            await side.learn()
        rounds = []
        for turn in range(given.rounds):
            order = sides if turn % 2 == 0 else sides[::-1]
            found = {one.name: await one.spend(given.citizens, given.seconds) for one in order}
            rounds.append(found)
            print("  ".join(f"{name} {one.serving:.3f}+{one.helping:.3f}" for name, one in found.items()))
        _tell(rounds, [one.name for one in sides])


async def _floor(stack: AsyncExitStack, telegram: FakeTelegram, api: str) -> Side:
    folder, token = _folder(stack), "1001:send-commit"
    command = floor_command("send-commit", api, token, folder / "floor.db")
    server = await stack.enter_async_context(running(command, {}, folder / "log", Ready(telegram, token)))
    crowd = Crowd(Bot("floor", TelegramWire(telegram, token, CHATS_APART, photos=1)))
    return Side("floor", crowd, server)


async def _tree(
    stack: AsyncExitStack, outside: tuple[FakeTelegram, str], tree: tuple[Path, int], channel: str
) -> Side:
    telegram, api = outside
    source, number = tree
    folder, token = _folder(stack), f"{1000 + number}:kentongan"
    settings = kentongan_settings(api, token, folder)
    started = settings | {"PYTHONPATH": str(source.resolve()), "PYTHONSAFEPATH": "1"}
    server = await stack.enter_async_context(
        running(kentongan_command(""), started, folder / "log", Ready(telegram, token))
    )
    wire = TelegramWire(telegram, token, number * CHATS_APART, PHOTOS)
    page = WebWire(settings["KENTONGAN_PUBLIC_URL"], folder / "webchat.key", telegram.photo, PHOTOS)
    bot = Bot(channel, wire if channel == report.TELEGRAM else page, channel == report.TELEGRAM)
    return Side("here" if source == HERE else "there", Crowd(bot, cases()), server)


def _folder(stack: AsyncExitStack) -> Path:
    return Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="beside-", dir=disk())))


def _tell(rounds: list[dict[str, Spent]], names: list[str]) -> None:
    for name in names:
        serving = statistics.median(one[name].serving for one in rounds)
        helping = statistics.median(one[name].helping for one in rounds)
        ratio = statistics.median(one["here"].serving / one[name].serving for one in rounds)
        print(f"{name:>6}: {serving:.3f} ms a turn, {helping:.3f} in helpers; here takes {ratio:.3f} of it")


def main() -> None:
    """Compare this source tree with another."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("other", type=Path, help="a source tree, such as a worktree of the version before")
    parser.add_argument("--channel", choices=report.CHANNELS, default=report.TELEGRAM)
    parser.add_argument("--citizens", type=int, default=32)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=4.0)
    asyncio.run(_compare(parser.parse_args()))


if __name__ == "__main__":
    main()
