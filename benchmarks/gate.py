"""`python -m benchmarks.gate`: a speed counts only when nothing is lost, doubled or wrong at it.

256 citizens talk at once; a good part of their updates come twice, at once or long after, the photos of an
album in any order; and in the middle the server is ended by kill -9, more than once. Then every conversation
must have heard every answer, and have one ticket with all its photos.
"""

import argparse
import asyncio
import os
import random
import signal
import sys
import tempfile
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from benchmarks.checks import check_kentongan
from benchmarks.citizens import BROKEN, Bot, Crowd, SilentBotError, Talk
from benchmarks.conversation import PHOTOS, SCRIPT, STORIES, Case, Turn
from benchmarks.door import Door
from benchmarks.mouths import TelegramWire
from benchmarks.report import gate_line
from benchmarks.servers import Ready, Server, disk, kentongan_command, kentongan_settings, pin, running
from benchmarks.telegram import FakeTelegram

TOKEN = "999:gate"  # noqa: S105 - of a bot that lives for a minute
FIRST_CHAT = 70_000_000
AGAIN = 0.3
LATER = 0.2
"""Shares of the updates that come a second time at once, and of those that come again long after."""
REMEMBERED = 200
LATEST_PHOTO = 0.2  # seconds
RETRY_SECONDS = 0.2
PATIENCE = 300.0
RUSH_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Passed:
    """What came of it; `repeated` counts the updates that were posted again, `read_twice` the answers."""

    conversations: int
    kills: int
    updates: int
    repeated: int
    read_twice: int
    faults: tuple[str, ...]


@dataclass(slots=True)
class Tally:
    """What is counted on the way."""

    updates: int = 0
    repeated: int = 0


@dataclass(slots=True)
class Unruly:
    """A door as a bad day makes it: posts until it is taken, like Telegram, and some things again."""

    door: Door
    tally: Tally
    chance: random.Random
    sent: list[bytes] = field(default_factory=list)

    async def post(self, body: bytes) -> bytes:
        await asyncio.sleep(self.chance.random() * LATEST_PHOTO)
        self.tally.updates += 1
        copies = 2 if self.chance.random() < AGAIN else 1
        late = [self.chance.choice(self.sent)] if self.sent and self.chance.random() < LATER else []
        self.tally.repeated += copies - 1 + len(late)
        answers = await asyncio.gather(*map(self._surely, [*[body] * copies, *late]))
        self.sent = [*self.sent[-REMEMBERED:], body]
        return answers[0]

    async def _surely(self, body: bytes) -> bytes:
        while True:
            try:
                return await self.door.post(body)
            except BROKEN:
                await asyncio.sleep(RETRY_SECONDS)


class Unshaken(Talk):
    """A citizen who takes the same answer, come twice, for one: after a crash that may be."""

    patience = PATIENCE

    def __init__(self, bot: Bot, case: Case) -> None:
        self.known: dict[str, None] = {}
        self.read_twice = 0
        super().__init__(bot, case)

    def hear(self, text: str, labels: tuple[str, ...]) -> None:
        if text in self.known:
            self.read_twice += 1
        else:
            self.known[text] = None
            super().hear(text, labels)

    async def say(self, turn: Turn) -> None:
        if turn.kind == "number" and not self.number:
            raise SilentBotError(f"was told no number: {list(self.known)}")
        await super().say(turn)


@dataclass(slots=True)
class Lives:
    """The server, which dies and comes back to the same files at the same address."""

    stack: AsyncExitStack
    telegram: FakeTelegram
    folder: Path
    settings: Mapping[str, str]
    server: Server | None = None

    async def begin(self) -> None:
        ready = Ready(self.telegram, TOKEN)
        server = running(kentongan_command(""), self.settings, self.folder / "server.log", ready)
        self.server = await self.stack.enter_async_context(server)

    async def end(self) -> None:
        """The hard way."""
        assert self.server is not None
        os.kill(self.server.pid, signal.SIGKILL)
        while not await asyncio.to_thread(_gone, self.server.pid):  # noqa: ASYNC110 - of another process
            await asyncio.sleep(0.05)


def _gone(pid: int) -> bool:
    """Whether a process of ours has ended; one that nobody has asked for yet counts as ended."""
    return "\nState:\tZ" in Path(f"/proc/{pid}/status").read_text()


async def gate(citizens: int, kills: int, seed: int = 1) -> Passed:
    """Go through it once."""
    async with AsyncExitStack() as stack:
        telegram = FakeTelegram()
        api = await telegram.start()
        stack.push_async_callback(telegram.stop)
        pin(os.getpid(), 1)
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-gate-", dir=disk())))
        lives = Lives(stack, telegram, folder, kentongan_settings(api, TOKEN, folder))
        await lives.begin()
        return await _played(lives, (citizens, kills), random.Random(seed))  # noqa: S311 - no secret


async def _played(lives: Lives, size: tuple[int, int], chance: random.Random) -> Passed:
    citizens, kills = size
    wire, tally = TelegramWire(lives.telegram, TOKEN, FIRST_CHAT, PHOTOS), Tally()
    crowd = Crowd(Bot("gate", wire, pauses=True), talk=Unshaken)
    courses = {tuple(len(turn.answers) for turn in one) for one in await crowd.rehearse()}
    crowd.bot = replace(crowd.bot, answers=max(courses))
    wire.door = Unruly(wire.door, tally, chance)
    talking = asyncio.create_task(crowd.run(citizens, RUSH_SECONDS))
    for kill in range(kills):
        await _until(crowd, (kill + 1) / (kills + 1) * citizens * len(SCRIPT))
        await lives.end()
        await lives.begin()
    outcome = await talking
    faults = [*outcome.faults, *outcome.extra]
    faults += await check_kentongan(lives.folder / "kentongan.db", outcome.numbers, len(STORIES), PHOTOS)
    return Passed(
        len(outcome.numbers), kills, tally.updates, tally.repeated, outcome.read_twice, tuple(faults)
    )


async def _until(crowd: Crowd, turns: float) -> None:
    while len(crowd.outcome.turns) < turns:  # noqa: ASYNC110 - a measure has no events to wait for
        await asyncio.sleep(0.02)


def main() -> None:
    """Go through it, and fail when anything was lost, doubled or wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--citizens", type=int, default=256)
    parser.add_argument("--kills", type=int, default=2)
    given = parser.parse_args()
    passed = asyncio.run(gate(given.citizens, given.kills))
    print(gate_line(asdict(passed)), *passed.faults, sep="\n  ")
    sys.exit(bool(passed.faults))


if __name__ == "__main__":
    main()
