"""A ticket as figures see it: when it went where, and never who reported what."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from tickets.ticket import Status

ANSWERS = frozenset({"reply", "close"})
NOT_YET_THEIRS = frozenset({"VERIFIKASI", "DITERUSKAN"})
"""What the coordinator says while nobody else has the ticket is no answer of the agency."""
RESOLVED = frozenset({"MENUNGGU_KONFIRMASI", "SELESAI"})
ENDED = RESOLVED | {"ARSIP"}
"""Where a round of work ends."""
AT_WORK = frozenset({"DIBUKA_KEMBALI", "DISPOSISI", "PROSES", "DITERUSKAN"})
WAITING = frozenset({"PERLU_DATA", "DUPLIKAT"})
"""Days in these are not the agency's: the citizen was asked, or it was merged into another."""
Wait = tuple[datetime, datetime | None]


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a history: what was done, from which state to which; `values` are the citizen's marks."""

    at: datetime
    action: str
    before: Status | None
    after: Status
    values: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Round:
    """One round of work: from its start until it was declared done (None while it is not), less the waits.

    `again`: not the first; the citizen said it was not done, or it was opened once more.
    """

    start: datetime
    end: datetime | None
    waits: tuple[Wait, ...]
    again: bool


@dataclass(frozen=True, slots=True)
class Life:
    """One ticket's way up to a moment; `secret` ones are counted in totals only.

    `people` tells its reporter and followers apart from others of the same reading, and nothing else of them.
    """

    number: str
    agency: str
    category: str
    classification: str
    kode: str
    opened_at: datetime
    secret: bool
    steps: tuple[Step, ...]
    people: frozenset[int] = frozenset()

    @property
    def status(self) -> Status | None:
        """Where it stands; None when its history does not say."""
        return self.steps[-1].after if self.steps else None

    @property
    def answered_at(self) -> datetime | None:
        """When its agency first answered."""
        return next(
            (s.at for s in self.steps if s.action in ANSWERS and s.before not in NOT_YET_THEIRS), None
        )

    @property
    def resolved_at(self) -> datetime | None:
        """When it was last declared done; None while it is not, or not any more."""
        if self.status not in RESOLVED:
            return None
        return next((step.at for step in reversed(self.steps) if step.action == "close"), None)

    @property
    def rating(self) -> int | None:
        """The last mark its reporter gave, 1 to 5."""
        given = [s.values["value"] for s in self.steps if s.action == "rate" and "value" in s.values]
        return given[-1] if given else None

    @property
    def rounds(self) -> tuple[Round, ...]:
        """Its rounds of work: the first from its opening, another each time it comes back to its agency."""
        found: list[Round] = []
        start, first = self.opened_at, 0
        working = True
        for place, step in enumerate(self.steps):
            if working and step.after in ENDED:
                found.append(Round(start, step.at, self._waits(first, place, step.at), again=bool(found)))
                working = False
            elif not working and step.after in AT_WORK:
                start, first, working = step.at, place, True
        if working:
            found.append(Round(start, None, self._waits(first, len(self.steps), None), again=bool(found)))
        return tuple(found)

    def _waits(self, first: int, last: int, end: datetime | None) -> tuple[Wait, ...]:
        """The stretches between two steps in which it waited; the last without end while it still does."""
        found: list[Wait] = []
        since = None
        for step in self.steps[first:last]:
            if step.after in WAITING:
                since = since or step.at
            elif since is not None:
                found.append((since, step.at))
                since = None
        return tuple(found) if since is None else (*found, (since, end))
