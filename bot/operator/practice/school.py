"""The school: who practises, in which room, and what is practice and what is real."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import structlog

from bot.operator.client import StaffBot
from bot.operator.practice.room import Houses, Room
from bot.operator.practice.sorting import MARK, REAL_MARK, belongs
from bot.services.desk.roster import Roster
from bot.services.practice.register import Register
from storage.desk.practice import Session
from storage.desk.staff import Operator
from tickets.practice.script import Course
from tickets.practice.work import Result

log = structlog.get_logger(__name__)

NOTE_SECONDS = 5.0
"""How often it is noted that sessions go on; so much of a standstill counts as practice at most."""
ToLobby = Callable[[str, str, dict[str, Any]], Awaitable[bool]]
"""Keeps an update for the lobby: its id, its chat, itself."""


class School:
    """Opens and closes rooms, and sorts what comes in; nothing of it touches the real house."""

    def __init__(
        self, register: Register, course: Course, staff: Roster, bot: StaffBot, houses: Houses
    ) -> None:
        self.register = register
        self.course = course
        self.staff = staff
        self.bot = bot
        self._houses = houses
        self._rooms: dict[str, Room] = {}
        self._noted = 0.0

    def room(self, operator: str) -> Room | None:
        """The room somebody practises in."""
        return self._rooms.get(operator)

    def practises(self, operator: str) -> bool:
        """Whether somebody is at practice right now, not pausing."""
        room = self._rooms.get(operator)
        return room is not None and room.session.state == "running"

    def real_head(self, chat: str) -> str:
        """What stands above real messages in a chat."""
        return REAL_MARK if self.practises(chat) else ""

    async def resume(self) -> Sequence[Session]:
        """Open the rooms of sessions a stop left; the time since counts as a pause.

        Returns:
            Those that go on, and those that had to be ended because their room or a script is gone.
        """
        return [await self._resumed(session) for session in await self.register.unended()]

    async def _resumed(self, session: Session) -> Session:
        if not self.course.scripts.keys() >= set(session.scripts):
            return await self.register.end(session, None)
        if session.state == "running":
            session = await self.register.go_on(await self.register.pause(session, session.seen_at))
        try:
            self._rooms[session.operator] = await self._room(session)
        except Exception:
            log.exception("practice.room_lost", session=session.id)
            return await self.register.end(session, None)
        return session

    async def take(self, raw: dict[str, Any], chat: str, lobby: ToLobby, prefix: str) -> bool:
        """Keep an update that is practice's; false when it is real."""
        update = str(raw["update_id"])
        where = belongs(raw, self.bot.id, prefix)
        if where == "real" or not chat.isdigit() or await self.staff.operator(chat) is None:
            return False
        room = self._rooms.get(chat) if self.practises(chat) else None
        if where == "either" and room is None:
            return False
        if where == "lobby" or room is None or not await self._taken(room, update, raw):
            await lobby(update, chat, raw)
        return True

    async def _taken(self, room: Room, update: str, raw: dict[str, Any]) -> bool:
        """Whether a room could keep it; one that cannot is closed, for it must not hold up the real desk."""
        try:
            await room.take(update, room.session.operator, raw)
        except Exception:
            log.exception("practice.room_lost", session=room.session.id)
            self._rooms.pop(room.session.operator, None)
            await self.register.end(room.session, None)
            return False
        return True

    async def begin(self, operator: Operator, scripts: Sequence[str], class_: str = "") -> Session:
        """Begin somebody's practice; it is over already where their class ended while the room was opened."""
        session = await self.register.begin(operator, scripts, class_)
        room = await self._room(session)
        await room.seat(await self.staff.language(operator.id))
        self._rooms[operator.id] = room
        going = await self.register.current(operator.id)
        return going or await self.end(operator.id) or session

    async def pause(self, operator: str) -> bool:
        """Let somebody's practice stand still; false when it does not go on."""
        if not self.practises(operator):
            return False
        room = self._rooms[operator]
        room.session = await self.register.pause(room.session)
        return True

    async def go_on(self, operator: str) -> bool:
        """Let it go on; false when it does not stand still."""
        room = self._rooms.get(operator)
        if room is None or room.session.state != "paused":
            return False
        room.session = await self.register.go_on(room.session)
        return True

    async def end(self, operator: str) -> Session | None:
        """End somebody's practice and close the room; the session with its result, None if there was none."""
        room = self._rooms.pop(operator, None)
        if room is None:
            left = await self.register.current(operator)  # its room is gone
            return await self.register.end(left, None) if left else None
        result = await room.result()
        await room.close()
        ended = await self.register.end(room.session, result)
        await self._houses.discard(ended.id)
        return ended

    async def result(self, session: Session) -> Result | None:
        """How a session stands, or stood when it ended."""
        room = self._rooms.get(session.operator)
        if room is not None and room.session.id == session.id:
            return await room.result()
        return session.result

    async def run_once(self) -> int:
        """Let every room go on; how much was done. Whoever left the staff leaves practice too."""
        done = 0
        for operator, room in list(self._rooms.items()):
            if await self.staff.operator(operator) is None:
                await self.end(operator)
                continue
            try:
                done += await room.run_once()
            except Exception:
                log.exception("practice.room_failed", session=room.session.id)
        await self._note()
        return done

    async def stop(self) -> None:
        """Close every room; sessions go on after the next start."""
        rooms, self._rooms = self._rooms, {}
        await asyncio.gather(*(room.close() for room in rooms.values()))

    async def _room(self, session: Session) -> Room:
        return await Room.opened(session, self._houses, self.bot, self.course)

    async def _note(self) -> None:
        going = [room.session.id for room in self._rooms.values() if room.session.state == "running"]
        if going and time.monotonic() - self._noted > NOTE_SECONDS:
            self._noted = time.monotonic()
            await self.register.seen(going)


def always(_chat: str) -> str:
    """What stands above everything practice says."""
    return MARK
