"""Citizens: each says the next thing only after the bot has answered the last."""

import asyncio
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from time import perf_counter

from benchmarks.conversation import SCRIPT, STORIES, Case, Turn, cases, told
from benchmarks.door import RefusedError
from benchmarks.mouths import Wire

NUMBER = re.compile(r"\b[A-Z]{2,5}-\d\d-[0-9A-Z]{4,8}\b")
TURN_SECONDS = 60.0
MOST_FAULTS = 20
ADDED = "Saya tambahkan"
"""Said, beside the answers, of a photo that came when the album seemed whole: a long line delays one so."""
QUIET_SECONDS = 0.5
ALBUM_QUIET_SECONDS = 1.6
LOOK_SECONDS = 0.01


class SilentBotError(Exception):
    """A turn was not answered, or not in full, for too long."""


BROKEN = (SilentBotError, RefusedError, OSError, asyncio.IncompleteReadError)


@dataclass(frozen=True, slots=True)
class Bot:
    """A bot under test: how it is called and reached.

    `answers` are how many messages it sends in each turn; `pauses` whether it waits for an album to be whole.
    """

    name: str
    wire: Wire
    pauses: bool = False
    answers: tuple[int, ...] = (1,) * len(SCRIPT)


@dataclass(frozen=True, slots=True)
class Taken:
    """One turn that was answered: when (on the load's clock), after how many seconds, and what it was."""

    at: float
    seconds: float
    turn: Turn


@dataclass(slots=True)
class Outcome:
    """What a crowd went through; `numbers` are those of the reports its citizens were told."""

    turns: list[Taken] = field(default_factory=list)
    numbers: list[str] = field(default_factory=list)
    finished: int = 0
    extra: list[str] = field(default_factory=list)
    read_twice: int = 0
    faults: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Answered:
    """One turn of a rehearsal and all that was said to it."""

    turn: Turn
    answers: tuple[str, ...]


class Talk:
    """One conversation of one citizen."""

    patience = TURN_SECONDS
    read_twice = 0

    def __init__(self, bot: Bot, case: Case) -> None:
        self.case = case
        self.heard: list[str] = []
        self.last_heard_at = 0.0
        self.extra: list[str] = []
        self.number = ""
        self.mouth = bot.wire.mouth(self.hear)
        self._awaited = 0
        self._whole: asyncio.Future[None] | None = None

    def hear(self, text: str, labels: tuple[str, ...]) -> None:
        """Take in one message of the bot."""
        if text.startswith(ADDED):
            return
        self.last_heard_at = perf_counter()
        shown = text + "".join(f"  [{label}]" for label in labels)
        self.heard.append(shown)
        found = NUMBER.search(text)
        self.number = found[0] if found else self.number
        if self._whole is None or self._whole.done():
            self.extra.append(shown)
        elif len(self.heard) >= self._awaited:
            self._whole.set_result(None)

    async def take(self, turn: Turn, answers: int) -> float:
        """Say one thing and wait for `answers` messages; returns the seconds until the last.

        Raises:
            SilentBotError: they did not come.
        """
        self.heard, self._awaited = [], answers
        self._whole = asyncio.get_running_loop().create_future()
        began = perf_counter()
        await self.say(turn)
        try:
            async with asyncio.timeout(self.patience):
                await self._whole
        except TimeoutError:
            texts = [text[:80] for text in self.heard]
            raise SilentBotError(f"{turn.kind} {turn.text!r}: {texts} of {answers}") from None
        return self.last_heard_at - began

    async def say(self, turn: Turn) -> None:
        """Say one thing."""
        await self.mouth.say(told(turn, self.case), self.case, self.number)


class Crowd:
    """All citizens of one bot, from the first measure to the last."""

    def __init__(self, bot: Bot, stories: Iterator[Case] | None = None, talk: type[Talk] = Talk) -> None:
        self.bot = bot
        self._kind = talk
        self._cases = stories or cases()
        self._keyboards = asyncio.Semaphore()
        self.outcome = Outcome()

    async def rehearse(self) -> list[list[Answered]]:
        """Tell each story once, slowly, to see how many messages answer each turn."""
        return await asyncio.gather(*(self._rehearsed(self._talk()) for _ in STORIES))

    async def _rehearsed(self, talk: Talk) -> list[Answered]:
        found = []
        await talk.mouth.open()
        for turn in SCRIPT:
            talk.heard = []
            await talk.say(turn)
            await _quiet(talk, ALBUM_QUIET_SECONDS if turn.kind == "album" else QUIET_SECONDS)
            found.append(Answered(told(turn, talk.case), tuple(talk.heard)))
        await talk.mouth.close()
        return found

    async def run(self, citizens: int, seconds: float) -> Outcome:
        """Let `citizens` type for some seconds, and finish what was begun."""
        until = perf_counter() + seconds
        return await self.run_while(lambda: perf_counter() < until, citizens)

    async def run_while(self, going_on: Callable[[], bool], citizens: int) -> Outcome:
        """Let `citizens` type at a time, each conversation after the other, and finish what was begun.

        Whoever waits for the bot to see that an album is whole (it gives slow photos a moment, by design)
        lets another have the keyboard meanwhile: the measure is of work, not of that pause.
        """
        self.outcome = Outcome()
        self._keyboards = asyncio.Semaphore(citizens)
        async with asyncio.TaskGroup() as talks:
            while going_on() and len(self.outcome.faults) < MOST_FAULTS:
                await self._keyboards.acquire()
                talks.create_task(self._converse(self._talk()))
        return self.outcome

    async def ended(self, conversations: int) -> None:
        """Return when that many conversations have ended since all began, or too many have failed."""
        while len(self.outcome.numbers) < conversations and len(self.outcome.faults) < MOST_FAULTS:  # noqa: ASYNC110 - a measure has no events to wait for
            await asyncio.sleep(LOOK_SECONDS)

    async def _converse(self, talk: Talk) -> None:
        try:
            await talk.mouth.open()
            for turn, answers in zip(SCRIPT, self.bot.answers, strict=True):
                await self._turn(talk, turn, answers)
            self.outcome.finished += 1
        except BROKEN as fault:
            self.outcome.faults.append(f"{talk.number or talk.case.story[:40]}: {fault!r}")
        finally:
            self._keyboards.release()
            self.outcome.numbers.append(talk.number)
            self.outcome.read_twice += talk.read_twice
            self.outcome.extra += talk.extra
            await talk.mouth.close()

    async def _turn(self, talk: Talk, turn: Turn, answers: int) -> None:
        pause = turn.kind == "album" and self.bot.pauses
        if pause:
            self._keyboards.release()
        try:
            seconds = await talk.take(turn, answers)
        finally:
            if pause:
                await self._keyboards.acquire()
        self.outcome.turns.append(Taken(talk.last_heard_at, seconds, turn))

    def _talk(self) -> Talk:
        return self._kind(self.bot, next(self._cases))


async def _quiet(talk: Talk, seconds: float) -> None:
    """Return when the bot has answered and then said nothing more for `seconds`."""
    began = perf_counter()
    while not talk.heard or perf_counter() - talk.last_heard_at < seconds:
        if perf_counter() - began > TURN_SECONDS:
            raise SilentBotError("no answer in the rehearsal")
        await asyncio.sleep(0.05)
