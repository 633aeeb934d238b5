"""Figures of a period: in, done, in process, deferred, how fast, how content; each with its n."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import mean, median

from tickets.lives import Life, Round
from tickets.policies import Policies
from tickets.repeats import Repeat, repeats
from tickets.satisfaction import Ikm, ikm, surveys
from tickets.sla import SlaClock

CONFIDENTIAL = "rahasia"
"""The group of the tickets that are counted and not told apart."""
UNKNOWN = ""
HOUR = 3600.0


@dataclass(frozen=True, slots=True)
class Period:
    """From when to when tickets were opened (aware, end not included), and as of when they are looked at."""

    start: datetime
    end: datetime
    as_of: datetime


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure with the number of tickets it rests on; the value is None when they are too few."""

    value: float | None
    n: int


@dataclass(frozen=True, slots=True)
class Count:
    """How many came in and where they stand; `outside` are the states that are none of the three."""

    received: int = 0
    done: int = 0
    in_process: int = 0
    deferred: int = 0
    outside: Mapping[str, int] = field(default_factory=dict)

    @property
    def difference(self) -> int:
        """What came in and is neither done nor in process nor deferred."""
        return self.received - self.done - self.in_process - self.deferred

    @property
    def unexplained(self) -> int:
        """What of the difference no state explains: tickets whose history does not say where they stand."""
        return self.difference - sum(self.outside.values())


@dataclass(frozen=True, slots=True)
class Row:
    """The figures of one group: share on time (0 to 1), hours to the first answer and to the end.

    `answered_soon` is the share (0 to 1) first answered within the stretch the city hopes for.
    `repeated` were reported again and joined to another; `reworked` had to be done more than once.
    """

    key: str
    count: Count
    on_time: Figure
    answer_hours: Figure
    answered_soon: Figure
    resolve_hours: Figure
    rating: Figure
    repeated: int
    reworked: int


@dataclass(frozen=True, slots=True)
class Figures:
    """All that is told of a period; the groups add up to the total, confidential tickets as one of them."""

    period: Period
    total: Row
    by_agency: tuple[Row, ...]
    by_kapanewon: tuple[Row, ...]
    by_category: tuple[Row, ...]
    ranked: tuple[Row, ...]
    fastest: tuple[Row, ...]
    slowest: tuple[Row, ...]
    ikm: Ikm
    repeats: tuple[Repeat, ...]
    lives: tuple[Life, ...]


def figures(lives: Sequence[Life], period: Period, policies: Policies, clock: SlaClock) -> Figures:
    """The figures of these tickets, which are those opened in the period, with history up to `as_of`."""
    accountant = _Accountant(policies, clock, period.as_of)
    by_agency = accountant.rows(lives, lambda life: life.agency)
    ranked = _ranked(by_agency, policies)
    fastest, slowest = _ends(ranked, policies.figures.ranked)
    return Figures(
        period=period,
        total=accountant.row("", lives),
        by_agency=by_agency,
        by_kapanewon=accountant.rows(lives, lambda life: kapanewon_of(life.kode)),
        by_category=accountant.rows(lives, lambda life: life.category),
        ranked=ranked,
        fastest=fastest,
        slowest=slowest,
        ikm=ikm(surveys(lives), policies.figures.least_surveys),
        repeats=repeats(lives, policies.figures),
        lives=tuple(lives),
    )


def kapanewon_of(kode: str) -> str:
    """The code of the kapanewon a place lies in; empty when no more than the kabupaten is known."""
    return kode[:8] if len(kode) >= 8 else UNKNOWN


def counted_as(life: Life, policies: Policies) -> str:
    """What a ticket counts as: done, in_process, deferred, else its own state; empty when unknown."""
    status = life.status
    return UNKNOWN if status is None else policies.figures.counted_as.get(status, status)


def has_deadline(life: Life, policies: Policies) -> bool:
    """Whether a ticket has one of the city's own: not another body's, withdrawn or refused."""
    agency = life.agency
    if agency in policies.agencies and policies.agencies[agency].external:
        return False
    return life.status is not None and life.status in policies.figures.counted_as


def on_time(life: Life, clock: SlaClock, now: datetime) -> bool | None:
    """Whether every round of its work was done before its own deadline; None while that is open."""
    found = [_in_time(one, life, clock, now) for one in life.rounds]
    return False if False in found else found[-1]


def _in_time(one: Round, life: Life, clock: SlaClock, now: datetime) -> bool | None:
    due = _due(one, life, clock, now)
    if one.end is None:
        return False if due < now else None
    return one.end <= due


def _due(one: Round, life: Life, clock: SlaClock, now: datetime) -> datetime:
    """When a round has to be done, by the deadlines in force, the days it waited not counted."""
    kind = "rework" if one.again else "resolve"
    week = clock.calendar_of(kind, life.agency)
    waited = sum(week.workdays_between(since, until or now) for since, until in one.waits)
    days = clock.days(kind, life.classification, life.category, life.agency)
    return week.add_workdays(week.shift(one.start, waited), days)


@dataclass(frozen=True, slots=True)
class _Accountant:
    """Counts groups of tickets by a city's rules, as of a moment."""

    policies: Policies
    clock: SlaClock
    now: datetime

    def rows(self, lives: Iterable[Life], key: Callable[[Life], str]) -> tuple[Row, ...]:
        """A row for each group, the largest first; secret tickets are one group, whatever their key."""
        groups: dict[str, list[Life]] = defaultdict(list)
        for life in lives:
            groups[CONFIDENTIAL if life.secret else key(life)].append(life)
        found = [self.row(name, group) for name, group in groups.items()]
        return tuple(sorted(found, key=lambda row: (row.key == CONFIDENTIAL, -row.count.received, row.key)))

    def row(self, key: str, lives: Sequence[Life]) -> Row:
        """The figures of a group."""
        return Row(
            key=key,
            count=self._count(lives),
            on_time=self._figure(
                [float(one) for life in lives if (one := self._on_time(life)) is not None], mean
            ),
            answer_hours=self._figure(_hours(lives, lambda life: life.answered_at), median),
            answered_soon=self._figure(
                [float(one) for life in lives if (one := self._soon(life)) is not None], mean
            ),
            resolve_hours=self._figure(_hours(lives, lambda life: life.resolved_at), median),
            rating=self._figure([life.rating for life in lives if life.rating is not None], mean),
            repeated=sum(life.status == "DUPLIKAT" for life in lives),
            reworked=sum(len(life.rounds) > 1 for life in lives),
        )

    def _count(self, lives: Sequence[Life]) -> Count:
        found = Counter(counted_as(life, self.policies) for life in lives)
        known = {name: found.pop(name, 0) for name in ("done", "in_process", "deferred")}
        found.pop(UNKNOWN, None)
        return Count(received=len(lives), outside=dict(sorted(found.items())), **known)

    def _on_time(self, life: Life) -> bool | None:
        return on_time(life, self.clock, self.now) if has_deadline(life, self.policies) else None

    def _soon(self, life: Life) -> bool | None:
        """Whether it was first answered within the stretch; None while that is open, or not the city's."""
        until = life.opened_at + timedelta(hours=self.policies.sla.stretch_hours)
        if not has_deadline(life, self.policies) or (life.answered_at is None and until > self.now):
            return None
        return life.answered_at is not None and life.answered_at <= until

    def _figure(self, values: Sequence[float], middle: Callable[[Sequence[float]], float]) -> Figure:
        enough = len(values) >= self.policies.figures.least_n
        return Figure(middle(values) if enough else None, len(values))


def _hours(lives: Iterable[Life], moment: Callable[[Life], datetime | None]) -> list[float]:
    pairs = ((life.opened_at, moment(life)) for life in lives)
    return [(end - start).total_seconds() / HOUR for start, end in pairs if end is not None]


def _ranked(rows: Iterable[Row], policies: Policies) -> tuple[Row, ...]:
    """The city's own units by how fast they are done, the fastest first; too few tickets give no rank."""
    own = [row for row in rows if row.key in policies.agencies and not policies.agencies[row.key].external]
    timed = [row for row in own if row.resolve_hours.value is not None]
    return tuple(sorted(timed, key=lambda row: (row.resolve_hours.value or 0.0, row.key)))


def _ends(ranked: tuple[Row, ...], most: int) -> tuple[tuple[Row, ...], tuple[Row, ...]]:
    """The first and the last of a ranking, at most so many each; no unit is among both."""
    half = len(ranked) // 2
    return ranked[: min(most, len(ranked) - half)], ranked[::-1][: min(most, half)]
