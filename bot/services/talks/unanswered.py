"""Messages that could not be answered: the citizen is told, and so are the admins, who can put them back."""

import traceback
from datetime import timedelta
from pathlib import Path

import structlog

from bot.services.core import Core
from bot.services.lanes import Key, keys_of
from bot.services.sending.admins import Alarm, to_admins
from dialogs.messages import OutboundMessage
from dialogs.responses import render
from storage.doors.database import Connection
from storage.talks import conversations, inbox, outbox
from storage.talks.outbox import Outgoing

log = structlog.get_logger(__name__)

ALARM = Alarm("petugas_tak_terjawab", "unanswered:told", timedelta(hours=1), "kentongan messages")
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
    values = {"jumlah": str(inbox.count_set_aside(connection))}
    apology = Outgoing(*key, _apology(core, language, key[0]))
    messages = [apology, *to_admins(connection, core, ALARM, values)]
    outbox.add(connection, messages, core.clock())
    return set(keys_of(messages))


def _apology(core: Core, language: str, channel: str) -> OutboundMessage:
    try:
        return render(core.bundles.live, "utter_internal_error", language, channel, {})
    except Exception:
        log.exception("even the apology failed")
        return OutboundMessage(LAST_WORDS)
