"""The register of practice: who practises, who leads a class, and what came of it."""

import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.services.core import Core
from storage.desk import practice
from storage.desk.practice import PracticeClass, Session
from storage.desk.staff import Operator
from tickets.practice.work import Result

LEADERS = frozenset({"koordinator", "admin"})
"""Roles that may lead a class."""
LETTERS = "CFHJKMPRTWXY3479"
CODE_LENGTH = 4


class Register:
    """The service behind sessions and classes, in the register's own database."""

    def __init__(self, core: Core) -> None:
        self._core = core

    @staticmethod
    def may_lead(operator: Operator | None) -> bool:
        """Whether somebody may lead a class."""
        return operator is not None and any(one.role in LEADERS for one in operator.memberships)

    async def current(self, operator: str) -> Session | None:
        """The session somebody has not ended."""
        return await self._core.database.glance(lambda c: practice.current(c, operator))

    async def last(self, operator: str) -> Session | None:
        """The session somebody began last."""
        return await self._core.database.glance(lambda c: practice.last(c, operator))

    async def unended(self) -> tuple[Session, ...]:
        """Every session that is not over."""
        return await self._core.database.glance(practice.unended)

    async def begin(self, operator: Operator, scripts: Sequence[str], class_: str = "") -> Session:
        """Begin a session, running."""
        now = self._core.clock()
        session = Session(
            id=secrets.token_hex(6),
            operator=operator.id,
            name=operator.name,
            class_=class_,
            scripts=tuple(scripts),
            state="running",
            begun_at=now,
            seen_at=now,
        )
        return await self._keep(session)

    async def pause(self, session: Session, since: datetime | None = None) -> Session:
        """Let it stand still, from now or from an earlier moment."""
        begun = since or self._core.clock()
        return await self._keep(replace(session, state="paused", pauses=(*session.pauses, (begun, None))))

    async def go_on(self, session: Session) -> Session:
        """Let it go on after a pause."""
        now = self._core.clock()
        pauses = tuple((begun, over or now) for begun, over in session.pauses)
        return await self._keep(replace(session, state="running", seen_at=now, pauses=pauses))

    async def end(self, session: Session, result: Result | None) -> Session:
        """End it with what came of it."""
        now = self._core.clock()
        pauses = tuple((begun, over or now) for begun, over in session.pauses)
        return await self._keep(replace(session, state="ended", ended_at=now, pauses=pauses, result=result))

    async def seen(self, ids: Sequence[str]) -> None:
        """Note that these sessions are going on, so that a standstill of the process is known as a pause."""
        now = self._core.clock()
        await self._core.database.write(lambda c: practice.seen(c, ids, now))

    async def classes(self) -> tuple[PracticeClass, ...]:
        """The classes that are open."""
        return await self._core.database.glance(practice.classes)

    async def led_by(self, facilitator: str) -> PracticeClass | None:
        """The class somebody began last."""
        return await self._core.database.glance(lambda c: practice.class_led_by(c, facilitator))

    async def members(self, code: str) -> tuple[Session, ...]:
        """The sessions of a class."""
        return await self._core.database.glance(lambda c: practice.of_class(c, code))

    async def open_class(self, facilitator: str) -> PracticeClass:
        """Begin a class under a code that can be read aloud."""
        code = "".join(secrets.choice(LETTERS) for _ in range(CODE_LENGTH))
        one = PracticeClass(code, facilitator, self._core.clock())
        await self._core.database.write(lambda c: practice.open_class(c, one))
        return one

    async def close_class(self, code: str) -> None:
        """End a class; its sessions are ended by whoever holds their rooms."""
        now = self._core.clock()
        await self._core.database.write(lambda c: practice.close_class(c, code, now))

    async def _keep(self, session: Session) -> Session:
        await self._core.database.write(lambda c: practice.keep(c, session))
        return session
