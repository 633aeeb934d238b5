"""Many deadlines at one moment, as after an outage: each is acted on, the staff are told once.

What was acted on without a word is noted in the same transaction, so the word comes even if the process dies.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from bot.services.core import Core
from bot.services.sending.desks import to_desks
from storage.desk import digests, staff
from storage.desk.staff import Desk
from storage.doors.database import Connection
from storage.reports.cases import Passed
from storage.talks.outbox import Outgoing

MOST_ALONE = 5
"""So many of one kind an agency is told one by one; of more, in one message."""
LISTED = 30
MODERATED = frozenset({"unheard", "moderate_lapse"})
"""What the coordinator decides, whoever the agency is."""
UNTOLD = "untold:"
"""How the timers begin of what a desk is still to be told; agency, action and number follow."""
Heap = tuple[str, str]


def heaps(passed: Iterable[Passed]) -> frozenset[Heap]:
    """The (agency, action) of which too many came at once to be told one by one."""
    counts = Counter((one.agency, one.action) for one in passed)
    return frozenset(heap for heap, count in counts.items() if count > MOST_ALONE)


def note_untold(connection: Connection, passed: Passed, now: datetime) -> None:
    """Note that a desk is still to be told of this one."""
    digests.put(connection, f"{UNTOLD}{passed.agency}:{passed.action}:{passed.number}", now)


def untold(connection: Connection) -> dict[Heap, list[str]]:
    """The numbers that desks are still to be told, by (agency, action), in the order they were acted on."""
    found: dict[Heap, list[str]] = {}
    noted = digests.running(connection, UNTOLD)
    for name in sorted(noted, key=lambda one: (noted[one], one)):
        agency, action, number = name.rsplit(":", 2)
        found.setdefault((agency, action), []).append(number)
    return found


def take_untold(connection: Connection, core: Core) -> list[Outgoing]:
    """What the desks are told of all that is noted, which is noted no more."""
    heaps_left = untold(connection)
    for (agency, action), numbers in heaps_left.items():
        for number in numbers:
            digests.stop(connection, f"{UNTOLD}{agency}:{action}:{number}")
    return [
        one for heap, numbers in heaps_left.items() for one in told_at_once(connection, core, heap, numbers)
    ]


def told_at_once(connection: Connection, core: Core, heap: Heap, numbers: list[str]) -> list[Outgoing]:
    """One message to each desk concerned, naming the tickets by their numbers alone."""
    agency, action = heap
    more = str(len(numbers) - LISTED) if len(numbers) > LISTED else ""
    values = {"jumlah": str(len(numbers)), "daftar": ", ".join(numbers[:LISTED]), "sisa": more}
    return to_desks(core, _desks(connection, core, agency, action), f"petugas_sekaligus_{action}", values)


def _desks(connection: Connection, core: Core, agency: str, action: str) -> tuple[Desk, ...]:
    agencies = core.policies.agencies
    own = agency if agency in agencies and not agencies[agency].external else agencies.coordinator
    if action in MODERATED:
        return staff.desks(connection, agencies.coordinator)
    if action != "escalate":
        return staff.desks(connection, own)
    both = (*staff.leaders(connection, own), *staff.desks(connection, agencies.coordinator))
    return tuple(dict.fromkeys(both))
