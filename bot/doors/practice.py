"""Practice beside the staff's desk: its register, its rooms, and the lobby where /latihan is answered."""

import asyncio
import shutil
from contextlib import AsyncExitStack
from functools import partial
from typing import Any

import structlog

from bot.app import Kentongan, practice_house
from bot.channels.base import SendError
from bot.doors.door import Door
from bot.operator.bot import OperatorBot
from bot.operator.client import StaffBot, reached, staff_bot
from bot.operator.front import Front
from bot.operator.office import Office
from bot.operator.practice.interruptions import WatchedChannel
from bot.operator.practice.lobby import Lobby
from bot.operator.practice.room import Houses
from bot.operator.practice.school import School, always
from bot.operator.practice.sorting import belongs
from bot.services.core import OPERATOR
from bot.services.lanes import Lanes
from bot.services.practice.courses import course_of
from bot.services.practice.house import Visitors
from bot.services.practice.register import Register
from bot.services.ticks import every
from bot.settings import Settings
from dialogs.messages import OutboundMessage
from storage.talks.outbox import Outgoing
from tickets.policies import PolicyFaults

REGISTER = "register"
SECONDS = 0.3

log = structlog.get_logger(__name__)


class Practice:
    """The school, its lobby and their lanes, put together over the real house."""

    def __init__(self, real: Kentongan, desk: OperatorBot, settings: Settings) -> None:
        assert settings.operator_token is not None  # noqa: S101 the caller looked
        self._desk = desk
        self._real = real
        self._settings = settings
        self._folder = settings.practice
        token = settings.operator_token.get_secret_value()
        self._bot: StaffBot = staff_bot(token, settings.telegram_api, desk.pace)
        self._bot.write_above(always)
        self._stack = AsyncExitStack()
        self._opening = asyncio.Lock()
        self._school: School | None = None

    async def door(self) -> Door:
        """Practice, opened when somebody first asks for it, or at once where some was going on."""
        self._desk.set_aside(self._first, _nothing)
        if (self._folder / REGISTER).exists():
            await self._opened()
        return Door(loop=self._run, stop=self._stop)

    async def _first(self, raw: dict[str, Any], chat: str) -> bool:
        """Open practice for the first of the staff who asks; where it stays closed, the desk answers."""
        prefix = self._real.core.policies.city.prefix
        wanted = belongs(raw, 0, prefix) == "lobby" and chat.isdigit()
        if not wanted or await self._real.roster.operator(chat) is None:
            return False
        return await self._opened() and await self._take(raw, chat)

    async def _opened(self) -> bool:
        """Have practice open; false, with the reason in the log, when it cannot be."""
        async with self._opening:
            try:
                if self._school is None:
                    await self._open()
            except SendError as error:
                log.warning("practice out of reach", code=error.code)
            except PolicyFaults as found:
                faults = [str(one) for one in found.faults]
                log.warning("practice stays closed; see: kentongan practice check", faults=faults)
            except Exception:  # whatever it is, the desk works on
                log.exception("practice stays closed")
        return self._school is not None

    async def _run(self) -> None:
        await every(SECONDS, self._once, "practice", self._real.core.meters)

    async def _once(self) -> int:
        return await self._school.run_once() if self._school else 0

    async def _open(self) -> None:
        """Open the lobby, go on with what a stop left, and take what is practice's from the desk."""
        policies = self._real.core.policies
        course = await asyncio.to_thread(course_of, self._settings.policies_dir, policies)
        await reached(self._bot)
        opened = partial(practice_house, self._settings, self._real, course)
        house = await self._stack.enter_async_context(opened(REGISTER))
        visitors = Visitors(house.core, house.deliveries, self._real.roster)
        office = Office(house.core, house.ticketing, visitors)
        school = School(
            Register(house.core),
            course,
            self._real.roster,
            self._bot,
            Houses(opened, self._discard),
        )
        await self._lobby(house, office, school)
        for session in await school.resume():
            if session.state != "paused":
                name = "diteruskan" if session.state == "running" else "terhenti"
                await _tell(office, f"petugas_latihan_{name}", session.operator)
        self._school = school
        self._keep = house.intake.staff
        self._beside(office, school)
        await house.resume()

    async def _lobby(self, house: Kentongan, office: Office, school: School) -> None:
        front = Front(self._bot, office, Lobby(office, school).register)
        await front.start()
        lanes = Lanes("lobby", front.step)
        self._stack.push_async_callback(lanes.stop)
        house.channels[OPERATOR] = front.channel
        house.intake.serve_staff(lanes)

    def _beside(self, office: Office, school: School) -> None:
        """From now on, what is practice's goes past the desk, and what is real breaks in."""
        self._desk.set_aside(self._take, school.real_head)
        interrupted = partial(_tell, office, "petugas_latihan_disela")
        self._real.channels[OPERATOR] = WatchedChannel(
            self._desk.channel, school, self._real.ticketing, interrupted
        )

    async def _take(self, raw: dict[str, Any], chat: str) -> bool:
        assert self._school is not None  # noqa: S101 this is asked only once it is open
        prefix = self._real.core.policies.city.prefix
        return await self._school.take(raw, chat, self._keep, prefix)

    async def _stop(self) -> None:
        if self._school is not None:
            await self._school.stop()
        await self._stack.aclose()
        await self._bot.shutdown()

    async def _discard(self, name: str) -> None:
        await asyncio.to_thread(shutil.rmtree, self._folder / name, ignore_errors=True)


def _nothing(_chat: str) -> str:
    return ""


async def _tell(office: Office, name: str, chat: str) -> None:
    text = (await office.for_chat(chat)).text(name)
    await office.roster.say(Outgoing(OPERATOR, chat, OutboundMessage(text, response=name)))
