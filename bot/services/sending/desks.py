"""Words to the staff's desks, each in the language that is read there."""

from collections.abc import Iterable, Mapping

from bot.services.core import OPERATOR, Core
from dialogs.responses import render
from storage.desk import staff
from storage.desk.staff import Desk
from storage.doors.database import Connection
from storage.talks.outbox import Outgoing


def to_desks(core: Core, desks: Iterable[Desk], name: str, values: Mapping[str, str]) -> list[Outgoing]:
    """One of the staff's texts for each of these desks."""
    live = core.bundles.live
    return [
        Outgoing(OPERATOR, desk.chat, render(live, name, desk.language, OPERATOR, values)) for desk in desks
    ]


def to_coordinator(
    connection: Connection, core: Core, name: str, values: Mapping[str, str]
) -> list[Outgoing]:
    """One of the staff's texts for the desks of the coordinating agency."""
    return to_desks(core, staff.desks(connection, core.policies.agencies.coordinator), name, values)
