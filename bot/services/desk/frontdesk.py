"""Filing for somebody at the counter or on the telephone: an operator holds the same talk in their stead."""

import secrets
from typing import Final, Literal

from bot.services.core import Core
from storage.desk import frontdesk
from storage.desk.frontdesk import WalkIn

Way = Literal["loket", "telepon"]
WAYS: Final[tuple[Way, ...]] = ("loket", "telepon")
MAY: Final = frozenset({"koordinator", "penghubung", "petugas"})
"""Roles that file for others."""


class FrontDesk:
    """The service behind talks held for others. Each is a person of its own: nothing joins them."""

    def __init__(self, core: Core) -> None:
        self._core = core

    async def begin(self, operator: str, way: Way) -> WalkIn:
        """Begin a talk for somebody new; one that was open ends."""
        talk = WalkIn(secrets.token_hex(8), operator, way)
        await self._core.database.write(lambda c: frontdesk.begin(c, talk, self._core.clock()))
        return talk

    async def end(self, operator: str) -> bool:
        """End the operator's talk; false when there is none."""
        return await self._core.database.write(lambda c: frontdesk.end(c, operator, self._core.clock()))

    async def note_phone(self, operator: str, phone: str) -> bool:
        """Keep where the person of the latest talk can be called; false when there was no talk."""
        return bool(await self._core.database.write(lambda c: frontdesk.note_phone(c, operator, phone)))

    async def current(self, operator: str) -> WalkIn | None:
        """The talk an operator is holding."""
        return await self._core.database.glance(lambda c: frontdesk.current(c, operator))

    async def talk(self, talk: str) -> WalkIn | None:
        """A talk by its id."""
        return await self._core.database.glance(lambda c: frontdesk.of(c, talk))
