"""Messages that could not be answered: the citizen is told, and so are the admins, who can put them back."""

import traceback
from datetime import timedelta
from pathlib import Path

import structlog

from bot.services.core import OPERATOR, Core
from dialogs.messages import OutboundMessage
from dialogs.responses import render
from storage.desk import digests, staff
from storage.doors.database import Connection
from storage.talks import conversations, inbox, outbox
from storage.talks.outbox import Outgoing

log = structlog.get_logger(__name__)

Key = tuple[str, str]
TOLD = "unanswered:told"
SELDOM = timedelta(hours=1)
"""What breaks one message breaks others: the admins are told once in so long, of all of them together."""
LAST_WORDS = "Maaf, ada gangguan di sistem kami. Pesan Anda tersimpan dan akan dibaca petugas."
"""Said when not even the texts can be read."""


def reason(error: Exception) -> str:
    """Of what kind an error is and where it arose; not its words, which may be a citizen's."""
    (*_, at) = traceback.extract_tb(error.__traceback__) or [traceback.FrameSummary("?", 0, "?")]
    return f"{type(error).__name__} in {at.name}, {Path(at.filename).name}:{at.lineno}"


def tell(connection: Connection, core: Core, key: Key) -> set[Key]:
    """Tell whoever wrote that it went wrong, and the admins unless they were lately; whom to wake."""
    language = conversations.spoken(connection, *key) or "id"
    messages = [Outgoing(*key, _apology(core, language, key[0])), *_to_admins(connection, core)]
    outbox.add(connection, messages, core.clock())
    return {(one.channel, one.address) for one in messages}


def _apology(core: Core, language: str, channel: str) -> OutboundMessage:
    try:
        return render(core.bundles.live, "utter_internal_error", language, channel, {})
    except Exception:
        log.exception("even the apology failed")
        return OutboundMessage(LAST_WORDS)


def _to_admins(connection: Connection, core: Core) -> list[Outgoing]:
    now, quiet_until = core.clock(), digests.due_at(connection, TOLD)
    if quiet_until is not None and now < quiet_until <= now + SELDOM:
        return []
    admins = staff.having_roles(connection, ("admin",)) or staff.having_roles(connection, ("koordinator",))
    if not admins:
        return []
    digests.put(connection, TOLD, now + SELDOM)
    values = {"jumlah": str(inbox.count_set_aside(connection))}
    return [
        Outgoing(OPERATOR, one, _word(core, staff.language_of(connection, one), values)) for one in admins
    ]


def _word(core: Core, language: str, values: dict[str, str]) -> OutboundMessage:
    try:
        return render(core.bundles.live, "petugas_tak_terjawab", language, OPERATOR, values)
    except Exception:
        log.exception("the texts for the admins cannot be read")
        return OutboundMessage("kentongan messages")
