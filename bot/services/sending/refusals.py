"""A platform that refuses our own account or token: nothing is given up, and who can mend it is told."""

from datetime import timedelta

import structlog

from bot.channels.base import DOOR_CODES
from bot.services.core import OPERATOR, Core
from bot.services.lanes import Keys, keys_of
from bot.services.sending.admins import Alarm, to_admins
from storage.doors.database import Connection
from storage.talks import outbox
from storage.talks.outbox import Trouble

log = structlog.get_logger(__name__)

SELDOM = timedelta(hours=6)
"""How often the admins are told of one platform while it lasts."""


def told(connection: Connection, core: Core, channel: str, trouble: Trouble) -> Keys:
    """Tell the admins of trouble that lies with our own account, unless they were lately; whom to wake."""
    if trouble.code not in DOOR_CODES:
        return ()
    log.error("platform refuses our account", channel=channel, code=trouble.code, remedy="kentongan doctor")
    if channel == OPERATOR:  # the very way to the admins
        return ()
    alarm = Alarm("petugas_saluran_menolak", f"refused:{channel}", SELDOM, "kentongan doctor")
    words = to_admins(connection, core, alarm, {"saluran": channel, "alasan": trouble.text})
    outbox.add(connection, words, core.clock())
    return keys_of(words)
