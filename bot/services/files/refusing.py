"""Telling people that a file of theirs cannot be taken, and what to do instead."""

from bot.services.core import OPERATOR, Core
from dialogs.messages import InboundMessage, OutboundMessage
from dialogs.responses import render
from storage.desk import staff
from storage.doors.database import Connection
from storage.reports.media import File
from storage.talks import inbox, outbox
from storage.talks.inbox import Arrival
from storage.talks.outbox import Outgoing

REFUSED = "petugas_berkas_ditolak"
PROOF = "proof"
"""Proof is looked at while the officer waits: they are told there."""


def of_the_staff(file: File) -> bool:
    """Whether a file came from an operator."""
    return file.channel == OPERATOR


def note(connection: Connection, core: Core, file: File, reason: str) -> None:
    """Have the sender told: citizens in their talk, whose next turn it is; operators by a short word."""
    if not file.address:
        return
    if not of_the_staff(file):
        inbox.keep(connection, _as_arrival(core, file, reason))
    elif file.role != PROOF:
        live, language = core.bundles.live, staff.language_of(connection, file.address)
        why = render(live, f"petugas_sebab_{reason}", language, OPERATOR, {}).text
        text = render(live, REFUSED, language, OPERATOR, {"sebab": why}).text
        told = OutboundMessage(text, response=REFUSED, ticket=file.number)
        outbox.add(connection, [Outgoing(OPERATOR, file.address, told)], core.clock())


def _as_arrival(core: Core, file: File, reason: str) -> Arrival:
    """The refusal as a message of the citizen's talk: it waits its turn and is answered like any other."""
    now = core.clock()
    key = f"refused:{file.id}"
    message = InboundMessage(
        channel=file.channel,
        external_id=key,
        address=file.address,
        sent_at=now,
        kind="refused",
        text=reason,
        attachments=(file.attachment,),
    )
    return Arrival(file.channel, key, file.address, now, message)
