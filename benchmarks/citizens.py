"""Citizens: each says the next thing only after the bot has answered the last."""

import asyncio
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count
from time import perf_counter

from benchmarks.conversation import PHOTOS, SCRIPT, STORIES, Case, Turn, cases, told
from benchmarks.door import Door
from benchmarks.telegram import FakeTelegram
from benchmarks.updates import Json, Phone

NUMBER = re.compile(r"\b[A-Z]{2,5}-\d\d-[0-9A-Z]{4,8}\b")
TURN_SECONDS = 20.0
QUIET_SECONDS = 0.5
ALBUM_QUIET_SECONDS = 1.6
IN_RESPONSE = b"sendMessage"


class SilentBotError(Exception):
    """A turn was not answered, or not in full, for too long."""


@dataclass(frozen=True, slots=True)
class Bot:
    """A bot under test: its token, its webhook, and how it is spoken to.

    `answers` are how many messages it sends in each turn; `photos` how many an album has: one for a floor,
    whose every update is a turn of its own.
    """

    name: str
    token: str
    door: Door
    photos: int = PHOTOS
    answers: tuple[int, ...] = (1,) * len(SCRIPT)


@dataclass(frozen=True, slots=True)
class Taken:
    """One turn that was answered: when (on the load's clock), after how many seconds, and what it was."""

    at: float
    seconds: float
    turn: Turn


@dataclass(slots=True)
class Outcome:
    """What a crowd went through."""

    turns: list[Taken] = field(default_factory=list)
    chats: list[int] = field(default_factory=list)
    finished: int = 0
    extra: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Answered:
    """One turn of a rehearsal and all that was said to it."""

    turn: Turn
    answers: tuple[str, ...]


class Talk:
    """One conversation of one citizen."""

    def __init__(self, bot: Bot, chat: int, case: Case, numbers: "count[int]") -> None:
        self.chat = chat
        self.heard: list[Json] = []
        self.last_heard_at = 0.0
        self.extra: list[str] = []
        self._bot = bot
        self.case = case
        self._phone = Phone(chat, numbers)
        self._keyboard: Json = {}
        self._number = ""
        self._awaited = 0
        self._whole: asyncio.Future[None] | None = None

    def hear(self, message: Json) -> None:
        """Take in one message of the bot."""
        self.last_heard_at = perf_counter()
        self.heard.append(message)
        if "reply_markup" in message:
            self._keyboard = message
        found = NUMBER.search(message["text"])
        self._number = found[0] if found else self._number
        if self._whole is None or self._whole.done():
            self.extra.append(_shown(message))
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
            async with asyncio.timeout(TURN_SECONDS):
                await self._whole
        except TimeoutError:
            texts = [message["text"][:80] for message in self.heard]
            raise SilentBotError(f"{turn.kind} {turn.text!r}: {texts} of {answers}") from None
        return self.last_heard_at - began

    async def say(self, turn: Turn) -> None:
        """Post what a turn is made of; an album's photos at once, as Telegram does."""
        bodies = self._bodies(told(turn, self.case))
        for answer in await asyncio.gather(*map(self._bot.door.post, bodies)):
            if IN_RESPONSE in answer:
                self.hear({"text": ""})

    def _bodies(self, turn: Turn) -> list[bytes]:
        match turn.kind:
            case "album":
                return self._phone.album(self._bot.photos)
            case "pin":
                return [self._phone.pin(self.case.lat, self.case.lon)]
            case "number":
                return [self._phone.text(self._number or "SLM-26-00000")]
            case "press":
                return [self._pressed(turn.text)]
        return [self._phone.text(turn.text)]

    def _pressed(self, label: str) -> bytes:
        rows = self._keyboard.get("reply_markup", {}).get("inline_keyboard", [])
        for button in (button for row in rows for button in row):
            if label.lower() in button["text"].lower() and "callback_data" in button:
                return self._phone.press(self._keyboard, button["callback_data"])
        return self._phone.text(label)


class Crowd:
    """All citizens of one bot, from the first measure to the last."""

    def __init__(self, telegram: FakeTelegram, bot: Bot, first_chat: int) -> None:
        self.bot = bot
        self._telegram = telegram
        self._chats = count(first_chat)
        self._cases: Iterator[Case] = cases()
        self._numbers = count(1)
        self._keyboards = asyncio.Semaphore()
        self._outcome = Outcome()

    async def rehearse(self) -> list[list[Answered]]:
        """Tell each story once, slowly, to see how many messages answer each turn."""
        return await asyncio.gather(*(self._rehearsed(self._talk()) for _ in STORIES))

    async def _rehearsed(self, talk: Talk) -> list[Answered]:
        found = []
        for turn in SCRIPT:
            talk.heard = []
            await talk.say(turn)
            await _quiet(talk, ALBUM_QUIET_SECONDS if turn.kind == "album" else QUIET_SECONDS)
            found.append(Answered(told(turn, talk.case), tuple(map(_shown, talk.heard))))
        self._forget(talk)
        return found

    async def run(self, citizens: int, seconds: float) -> Outcome:
        """Let `citizens` type at a time, each conversation after the other, and finish what was begun.

        Whoever waits for the bot to see that an album is whole (it gives slow photos a moment, by design)
        lets another have the keyboard meanwhile: the measure is of work, not of that pause.
        """
        self._outcome = Outcome()
        self._keyboards = asyncio.Semaphore(citizens)
        until = perf_counter() + seconds
        async with asyncio.TaskGroup() as talks:
            while perf_counter() < until:
                await self._keyboards.acquire()
                talks.create_task(self._converse(self._talk()))
        return self._outcome

    async def _converse(self, talk: Talk) -> None:
        self._outcome.chats.append(talk.chat)
        try:
            for turn, answers in zip(SCRIPT, self.bot.answers, strict=True):
                await self._turn(talk, turn, answers)
            self._outcome.finished += 1
        except (SilentBotError, OSError) as fault:
            self._outcome.faults.append(f"chat {talk.chat}: {fault}")
        finally:
            self._keyboards.release()
            self._outcome.extra += talk.extra
            self._forget(talk)

    async def _turn(self, talk: Talk, turn: Turn, answers: int) -> None:
        pause = turn.kind == "album" and self.bot.photos > 1
        if pause:
            self._keyboards.release()
        try:
            seconds = await talk.take(turn, answers)
        finally:
            if pause:
                await self._keyboards.acquire()
        self._outcome.turns.append(Taken(talk.last_heard_at, seconds, turn))

    def _talk(self) -> Talk:
        talk = Talk(self.bot, next(self._chats), next(self._cases), self._numbers)
        self._telegram.ears[self.bot.token, talk.chat] = talk.hear
        return talk

    def _forget(self, talk: Talk) -> None:
        self._telegram.ears.pop((self.bot.token, talk.chat), None)


async def _quiet(talk: Talk, seconds: float) -> None:
    """Return when the bot has answered and then said nothing more for `seconds`."""
    began = perf_counter()
    while not talk.heard or perf_counter() - talk.last_heard_at < seconds:
        if perf_counter() - began > TURN_SECONDS:
            raise SilentBotError("no answer in the rehearsal")
        await asyncio.sleep(0.05)


def _shown(message: Json) -> str:
    rows: Sequence[Sequence[Json]] = message.get("reply_markup", {}).get("inline_keyboard", [])
    return message["text"] + "".join(f"  [{button['text']}]" for row in rows for button in row)
