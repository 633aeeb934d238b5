"""How fast one person may write: beyond that the bot pauses, says so once, and reads everything after."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from pydantic import ValidationError

from bot.services.core import Core
from bot.services.lanes import Key
from bot.services.talks.gathering import Waiting
from dialogs.hearing.emergency import GRAVE, INWARD
from dialogs.messages import InboundMessage, OutboundMessage
from dialogs.responses import render
from storage.codec import INBOUND
from storage.doors.database import Connection
from storage.talks import conversations, inbox, outbox, restraint
from storage.talks.beginning import Beginning
from storage.talks.outbox import Outgoing
from storage.talks.restraint import Pause
from storage.talks.setback import APART, left

REMEMBERED = 5000
"""Rows known to hold no emergency; forgetting one only means reading it again."""
LATEST = 20
"""How many of the newest messages an emergency is looked for in, behind a long line."""
PAUSED = "utter_jeda"


@dataclass(frozen=True, slots=True)
class Ready:
    """The messages that may be answered now; none, and for how many seconds, during a pause.

    `urgent` when it is an emergency, which is answered at once and not gathered with others.
    """

    rows: Sequence[Waiting]
    wait: float = 0.0
    urgent: bool = False


class Pace:
    """Pauses after a rush of messages; the pause is a row, so a restart does not end it."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._harmless: set[int] = set()

    async def look(self, key: Key, waiting: Sequence[Waiting], found: Beginning) -> Ready:
        """Which of the waiting messages may be answered now; a rush of them begins a pause.

        An emergency is answered even in a pause, whatever else waits before it. `found` is the address as it
        stands, `waiting` what of it can be read.
        """
        now, pause = self._core.clock(), found.pause
        if pause is None or not self._left(pause, now):
            if not self._too_fast(found.earlier, now):
                return Ready(waiting)
            pause = await self._begin(key, pause, now)
        seen = {one.row for one in waiting}
        newer = (one for one in await self._newest(key) if one.row not in seen)
        urgent = next((one for one in (*waiting, *newer) if self._urgent(one)), None)
        if urgent:
            return Ready((urgent,), urgent=True)
        return Ready((), self._left(pause, now).total_seconds())

    def _left(self, pause: Pause, now: datetime) -> timedelta:
        return left(pause.until, self._core.policies.limits.pause.after(pause.times - 1), now)

    async def _newest(self, key: Key) -> Sequence[Waiting]:
        """The latest of a long line, whose beginning is all a turn looks at."""
        rows = await self._core.database.glance(lambda c: inbox.newest_waiting(c, *key, LATEST))
        found = []
        for row in rows:
            with suppress(ValidationError):
                found.append(Waiting(row.id, row.received_at, INBOUND.load(row.payload), row.tries))
        return found

    def _too_fast(self, earlier: datetime | None, now: datetime) -> bool:
        return earlier is not None and -APART < now - earlier < self._core.policies.limits.burst

    async def _begin(self, key: Key, last: Pause | None, now: datetime) -> Pause:
        """Begin a pause, longer each time, and say until when."""
        pausing = self._core.policies.limits.pause
        times = last.times if last and now - last.until < pausing.forget else 0
        pause = Pause(now + pausing.after(times), times + 1)
        notice = await self._notice(key, pause)

        def work(connection: Connection) -> None:
            restraint.set_pause(connection, *key, pause)
            outbox.add(connection, [Outgoing(*key, notice)], now)

        await self._core.database.write(work)
        return pause

    async def _notice(self, key: Key, pause: Pause) -> OutboundMessage:
        city = self._core.policies.city
        language = await self._core.database.glance(lambda c: conversations.spoken(c, *key)) or "id"
        values = {
            "jam": pause.until.astimezone(city.timezone).strftime("%H.%M"),
            "nomor_darurat": city.emergency_numbers[0].number,
        }
        return render(self._core.bundles.live, PAUSED, language, key[0], values)

    def _urgent(self, one: Waiting) -> bool:
        if one.row in self._harmless:
            return False
        urgent = self._in_danger(one.message)
        if not urgent:
            if len(self._harmless) > REMEMBERED:
                self._harmless.clear()
            self._harmless.add(one.row)
        return urgent

    def _in_danger(self, message: InboundMessage) -> bool:
        meaning = self._core.interpreter.interpret(message.text, None, self._core.clock())
        sure = self._core.bundles.live.settings.sure_emergency
        emergency = meaning.emergency is not None and meaning.emergency.confidence >= sure
        return emergency or any(one.kind == INWARD and one.severity >= GRAVE for one in meaning.signals)
