"""Word to the admins of what only they can mend, seldom enough to be read."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import structlog

from bot.services.core import OPERATOR, Core
from dialogs.messages import OutboundMessage
from dialogs.responses import render
from storage.desk import digests, staff
from storage.doors.database import Connection
from storage.talks.outbox import Outgoing

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Alarm:
    """What the admins are told of: the name of its text, and of the timer that keeps it `seldom`.

    `plain` is said where not even the texts can be read.
    """

    response: str
    timer: str
    seldom: timedelta
    plain: str


def to_admins(connection: Connection, core: Core, alarm: Alarm, values: Mapping[str, str]) -> list[Outgoing]:
    """The alarm for every admin (coordinators, where there is none); nothing where it was told lately."""
    now, quiet_until = core.clock(), digests.due_at(connection, alarm.timer)
    if quiet_until is not None and now < quiet_until <= now + alarm.seldom:
        return []
    admins = staff.having_roles(connection, ("admin",)) or staff.having_roles(connection, ("koordinator",))
    if not admins:
        return []
    digests.put(connection, alarm.timer, now + alarm.seldom)
    return [
        Outgoing(OPERATOR, one, _word(core, staff.language_of(connection, one), alarm, values))
        for one in admins
    ]


def _word(core: Core, language: str, alarm: Alarm, values: Mapping[str, str]) -> OutboundMessage:
    try:
        return render(core.bundles.live, alarm.response, language, OPERATOR, values)
    except Exception:
        log.exception("the texts for the admins cannot be read")
        return OutboundMessage(alarm.plain)
