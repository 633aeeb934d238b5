"""A trainee's room: a house of its own with the real desk in it, and scripted citizens who write there."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from dataclasses import dataclass
from typing import Any

from telegram import Update
from telegram.ext import CommandHandler, filters

from bot.operator.client import StaffBot
from bot.operator.counter import Counter
from bot.operator.counter_channel import CounterChannel
from bot.operator.front import App, Front
from bot.operator.handlers import Handlers
from bot.operator.office import Office
from bot.operator.seat import seat_of
from bot.services.core import OPERATOR
from bot.services.desk.frontdesk import WAYS
from bot.services.lanes import Lanes
from bot.services.practice.house import CITIZENS, House, ScriptChannel
from bot.services.practice.results import result_of
from bot.services.practice.stage import Stage
from storage.desk.practice import Session
from tickets.practice.script import Course
from tickets.practice.work import Result

ELSEWHERE = ("alur", "undang", "tim", "pasang", "akses")
"""Commands about the staff and the dialog, which are not practised."""


@dataclass(frozen=True, slots=True)
class Houses:
    """Opens a house of practice by its name, and throws away what one kept once nobody needs it."""

    opened: Callable[[str], AbstractAsyncContextManager[House]]
    discard: Callable[[str], Awaitable[None]]


class Room:
    """One session's room, opened and closed; everything in it is the real desk's code."""

    def __init__(self, session: Session, house: House, bot: StaffBot, course: Course) -> None:
        self.session = session
        self.house = house
        self._house_open = AsyncExitStack()
        self._course = course
        self._busy = asyncio.Lock()
        self._closed = False
        self._stage = Stage(house, course)
        self._office = Office(house.core, house.ticketing, house.roster)
        self._front = Front(bot, self._office, self._register)
        self._lanes = Lanes("practice", self._front.step)
        ways = [CounterChannel(way, bot, self._office, self._front.channel) for way in WAYS]
        house.channels.update({one.name: one for one in ways})
        house.channels[OPERATOR] = self._front.channel
        house.channels[CITIZENS] = ScriptChannel(course.pictures)
        house.intake.serve_staff(self._lanes)

    @classmethod
    async def opened(cls, session: Session, houses: Houses, bot: StaffBot, course: Course) -> "Room":
        """A room at work, on what its database holds."""
        async with AsyncExitStack() as opening:
            house = await opening.enter_async_context(houses.opened(session.id))
            room = cls(session, house, bot, course)
            await room._front.start()
            await house.resume()
            room._house_open = opening.pop_all()
        return room

    async def seat(self, language: str) -> None:
        """Let the trainee in."""
        await self._stage.seat(self.session, language)

    async def take(self, update_id: str, chat: str, raw: dict[str, Any]) -> None:
        """Keep an update of the trainee's, to be answered in order."""
        await self.house.intake.staff(update_id, chat, raw)

    async def run_once(self) -> int:
        """Fetch files and let the citizens go on; how much was done."""
        async with self._busy:
            if self._closed:
                return 0
            fetched = await self.house.keeper.run_once()
            return fetched + (await self._stage.play(self.session) if self.session.state == "running" else 0)

    async def result(self) -> Result:
        """The marks as things stand."""
        return await result_of(self.house.core, self._course, self.session)

    async def close(self) -> None:
        """Finish what is in hand; nothing is said here any more."""
        async with self._busy:
            self._closed = True
            await self._lanes.stop()
            await self._house_open.aclose()

    def _register(self, application: App) -> None:
        application.add_handler(CommandHandler(ELSEWHERE, self._not_here, filters.UpdateType.MESSAGE))
        Handlers(self._office, Counter(self._office, self.house.intake)).register(application)

    async def _not_here(self, update: Update, _context: Any) -> None:
        seat = await seat_of(update, self._office.roster)
        if seat is not None:
            await self._office.speaking(seat.language).answer(seat, "petugas_latihan_tidak_di_sini")
