"""Which report an edited message belongs to, so that its desk gets the new words."""

from bot.services.core import Core
from dialogs.messages import InboundMessage
from dialogs.turn import Edited
from storage.doors.database import Connection
from storage.reports import edits


async def edited(core: Core, message: InboundMessage, contact: str) -> Edited | None:
    """The report a message belonged to before it was edited; None when to none, or when nothing changed."""
    if message.kind != "edited" or not message.message_ref:
        return None

    def look(connection: Connection) -> Edited | None:
        known = edits.versions(connection, message)
        before = known[-1].message.text if known else message.text
        number = edits.part_of(connection, contact, known) if before != message.text else ""
        return Edited(number, before) if number else None

    return await core.database.glance(look)
