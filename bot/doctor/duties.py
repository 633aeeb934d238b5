"""What the law on personal data gives a time for: who is told of breaches, and what people asked for."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from bot.doctor.finding import Check, Finding
from bot.doctor.records import Records
from storage.people.breaches import Untold
from tickets.policies import Policies, load_policies

PARTIES = {"people": "those affected", "authority": "the data protection authority"}
RIGHTS = {
    "export": ("copy", "copies"),
    "correct": ("correction", "corrections"),
    "delete": ("erasure", "erasures"),
}
REMEDIES = {
    "export": "kentongan people export",
    "correct": "kentongan people corrected",
    "delete": "kentongan people erase",
}


@dataclass(frozen=True, slots=True)
class Duties:
    """Checks of what is due to people and to the authority."""

    records: Records

    def checks(self) -> Iterator[tuple[str, Check]]:
        """Each check under the name of what it looks at."""
        yield "breaches", self.breaches
        yield "data requests", self.requests

    async def breaches(self) -> Finding:
        """Whether somebody is still to be told of a breach, while its time runs or after it."""
        what, found = "breaches", await self.records.look()
        if found is None or not found.breaches:
            return Finding(what, "well", "nobody waits for word of one")
        late = found.breaches[0].due_at <= self.records.now
        told = "; ".join(map(self._breach, found.breaches))
        first = found.breaches[0]
        done = [f"kentongan breaches told {first.id} --to {party}" for party in first.waiting]
        remedy = f"kentongan breaches notice {first.id}; once sent: {', '.join(done)}"
        return Finding(what, "ill" if late else "look", told, remedy)

    async def requests(self) -> Finding:
        """Whether what people asked for about their data is dealt with in time."""
        what, found = "data requests", await self.records.look()
        if found is None or not found.requests:
            return Finding(what, "well", "none waits")
        now, policy = self.records.now, self._policies().retention.requests
        rights = Counter(right for right, _ in found.requests)
        counted = ", ".join(f"{many} {RIGHTS[right][many > 1]}" for right, many in rights.items())
        late, first = sum(due <= now for _, due in found.requests), found.requests[0][1]
        when = f"{late} overdue, the first since" if late else "the first due"
        told = f"{counted} wanted; {when} {self._at(first)}"
        if not late and first - policy.remind > now:
            return Finding(what, "well", told)
        remedy = f"kentongan people requests; then {', '.join(REMEDIES[right] for right in rights)}"
        return Finding(what, "ill" if late else "look", told, remedy)

    def _breach(self, one: Untold) -> str:
        whom = " and ".join(PARTIES[party] for party in one.waiting)
        over = "time over since" if one.due_at <= self.records.now else "to be told until"
        return f"{one.id}: {whom}, {over} {self._at(one.due_at)}"

    def _policies(self) -> Policies:
        return load_policies(self.records.settings.policies_dir)

    def _at(self, moment: datetime) -> str:
        return f"{moment.astimezone(self._policies().city.timezone):%Y-%m-%d %H:%M %Z}"
