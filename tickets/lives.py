"""A ticket as figures see it: when it went where, and never who reported what."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from tickets.sla import SlaClock
from tickets.ticket import Status

ANSWERS = frozenset({"reply", "close"})
NOT_YET_THEIRS = frozenset({"VERIFIKASI", "DITERUSKAN"})
"""What the coordinator says while nobody else has the ticket is no answer of the agency."""
RESOLVED = frozenset({"MENUNGGU_KONFIRMASI", "SELESAI"})


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a history: what was done, from which state to which; `values` are the citizen's marks."""

    at: datetime
    action: str
    before: Status | None
    after: Status
    values: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Life:
    """One ticket's way up to a moment; `secret` ones are counted in totals only."""

    number: str
    agency: str
    category: str
    classification: str
    kode: str
    opened_at: datetime
    secret: bool
    steps: tuple[Step, ...]

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

    def due_at(self, clock: SlaClock, now: datetime) -> datetime:
        """When it has to be done, by the deadlines in force, the days the citizen was asked not counted."""
        week = clock.calendar_of("resolve", self.agency)
        paused = sum(week.workdays_between(*pause) for pause in self._pauses(now))
        days = clock.days("resolve", self.classification, self.category, self.agency)
        return week.add_workdays(week.shift(self.opened_at, paused), days)

    def _pauses(self, now: datetime) -> list[tuple[datetime, datetime]]:
        found, since = [], None
        for step in self.steps:
            if step.after == "PERLU_DATA":
                since = since or step.at
            elif since is not None:
                found.append((since, step.at))
                since = None
        return found if since is None else [*found, (since, now)]
