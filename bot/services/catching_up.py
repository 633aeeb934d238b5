"""Many deadlines at one moment, as after an outage: each is acted on, the staff are told once."""

from collections import Counter
from collections.abc import Iterable, Iterator

from bot.services.core import OPERATOR, Core
from dialogs.messages import OutboundMessage
from dialogs.responses import render
from storage.desk import staff
from storage.desk.staff import Desk
from storage.doors.database import Connection
from storage.reports.cases import Passed
from storage.talks.outbox import Outgoing

MOST_ALONE = 5
"""So many of one kind an agency is told one by one; of more, in one message."""
LISTED = 30
MODERATED = frozenset({"unheard", "moderate_lapse"})
"""What the coordinator decides, whoever the agency is."""
Heap = tuple[str, str]


def heaps(passed: Iterable[Passed]) -> frozenset[Heap]:
    """The (agency, action) of which too many came at once to be told one by one."""
    counts = Counter((one.agency, one.action) for one in passed)
    return frozenset(heap for heap, count in counts.items() if count > MOST_ALONE)


def told_at_once(connection: Connection, core: Core, heap: Heap, numbers: list[str]) -> Iterator[Outgoing]:
    """One message to each desk concerned, naming the tickets by their numbers alone."""
    agency, action = heap
    more = str(len(numbers) - LISTED) if len(numbers) > LISTED else ""
    values = {"jumlah": str(len(numbers)), "daftar": ", ".join(numbers[:LISTED]), "sisa": more}
    for desk in _desks(connection, core, agency, action):
        text = render(core.bundles.live, f"petugas_sekaligus_{action}", desk.language, OPERATOR, values).text
        yield Outgoing(OPERATOR, desk.chat, OutboundMessage(text))


def _desks(connection: Connection, core: Core, agency: str, action: str) -> tuple[Desk, ...]:
    agencies = core.policies.agencies
    own = agency if agency in agencies and not agencies[agency].external else agencies.coordinator
    if action in MODERATED:
        return staff.desks(connection, agencies.coordinator)
    if action != "escalate":
        return staff.desks(connection, own)
    both = (*staff.leaders(connection, own), *staff.desks(connection, agencies.coordinator))
    return tuple(dict.fromkeys(both))
