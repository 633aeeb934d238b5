"""Reports about the same thing: same category, near by, alike in words or photo, recent and open."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import asin, ceil, cos, floor, radians, sin, sqrt

from tickets.likeness import Gist, contradict, gist, likeness, same_name, shared_words
from tickets.policies.duplicates import DuplicatePolicy
from tickets.ticket import Report, ReportPlace, Ticket

EARTH_RADIUS_M = 6_371_000
CLOSED = frozenset({"DUPLIKAT", "DIBATALKAN", "ARSIP", "SELESAI", "DITAHAN"})
PRIVATE = frozenset({"RAHASIA", "WBS"})
CELL_DEGREES = 0.005
CELL_M = 540.0
"""The least width of a cell in metres, anywhere between 11 degrees south and 11 north."""
COLUMNS = 100_000
OTHER_KIND = 25.0
"""By how much more alike the words must be when the sub-categories differ."""
CERTAIN = 85.0
"""So alike, words count even where the named places differ."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """What is compared of a report: where, what, and in which words."""

    number: str
    place: ReportPlace
    subcategory: str
    words: str
    opened_at: datetime


@dataclass(frozen=True, slots=True)
class Match:
    """An earlier ticket that may be about the same thing.

    `distance_m` is None where a point is unknown; `similarity` of the words runs from 0 to 100;
    `same_photo` says that a photo of one is a photo of the other.
    """

    number: str
    distance_m: float | None
    similarity: float
    age: timedelta
    same_photo: bool = False

    @property
    def rank(self) -> tuple[bool, float, float]:
        """Sorts the likeliest first: the same photo, then near before far, alike before different."""
        far = self.distance_m if self.distance_m is not None else float("inf")
        return (not self.same_photo, far, -self.similarity)


def offerable(ticket: Ticket) -> bool:
    """Whether others may be told that there is such a ticket: open, and nothing private about it."""
    private = ticket.report.confidential or bool(ticket.flags & PRIVATE)
    return ticket.status not in CLOSED and not private and ticket.report.classification != "wbs"


def candidate(ticket: Ticket) -> Candidate:
    """A ticket as something to compare with; its words are those with other people's data hidden."""
    report = ticket.report
    words = report.screening.masked or report.narrative
    return Candidate(ticket.number, report.place, report.subcategory, words, ticket.opened_at)


def sought(report: Report, policy: DuplicatePolicy) -> bool:
    """Whether others can have reported the same at all: not in matters of one person, nor in private ones."""
    private = report.confidential or report.classification == "wbs" or report.screening.verdict == "hold"
    return not private and report.category not in policy.personal


def asked_about(report: Report, now: datetime) -> Candidate:
    """A report that is not filed yet, as something to compare."""
    return Candidate("", report.place, report.subcategory, report.narrative, now)


def near(
    new: Candidate,
    found: Iterable[Candidate],
    now: datetime,
    policy: DuplicatePolicy,
    same_photo: frozenset[str] = frozenset(),
) -> list[Match]:
    """Those of the candidates (of the same category) that `new` may repeat, the likeliest first.

    `same_photo` are the numbers of tickets that hold a photo of `new`: a strong sign, whatever the words.
    """
    others = [one for one in found if one.number != new.number]
    if not others:  # as for most reports: nothing is worth taking apart
        return []
    mine, shown = gist(new.words, policy.wording), _Shown(new, now, policy, same_photo)
    matches = (_compared(shown, mine, other) for other in others)
    return sorted((match for match in matches if match), key=lambda match: match.rank)[: policy.max_matches]


@dataclass(frozen=True, slots=True)
class _Shown:
    """What the candidates are held against."""

    new: Candidate
    now: datetime
    policy: DuplicatePolicy
    same_photo: frozenset[str]


def _compared(shown: _Shown, mine: Gist, other: Candidate) -> Match | None:
    new, policy = shown.new, shown.policy
    theirs = gist(other.words, policy.wording)
    metres = None if _vague(new.place, other.place) else distance_m(new.place, other.place)
    match = Match(
        other.number,
        metres,
        likeness(mine, theirs),
        shown.now - other.opened_at,
        other.number in shown.same_photo,
    )
    if match.age > timedelta(days=policy.max_age_days) or _far_apart(new, other, metres, policy):
        return None
    pair = _Pair(new, other, mine, theirs, match, policy)
    return match if match.same_photo or _same(pair) else None


@dataclass(frozen=True, slots=True)
class _Pair:
    """Two reports side by side, with what was found out about them so far."""

    new: Candidate
    other: Candidate
    mine: Gist
    theirs: Gist
    match: Match
    policy: DuplicatePolicy

    @property
    def alike(self) -> Callable[[float], bool]:
        """Whether the words are alike to that degree; more is asked where the kinds of problem differ."""
        a, b = self.new.subcategory, self.other.subcategory
        more = OTHER_KIND if a and b and a != b else 0.0
        return lambda least: self.match.similarity >= min(least + more, 100.0)


def _same(pair: _Pair) -> bool:
    """Whether place and words together speak for one and the same thing."""
    if contradict(pair.mine, pair.theirs):
        return False
    metres = pair.match.distance_m
    if metres is None:
        return _same_unplaced(pair)
    policy = pair.policy
    if metres <= policy.spot_m:
        return pair.alike(0.0)
    if metres <= policy.distance_m:
        return pair.alike(policy.near_similarity)
    return _tells(pair) and pair.alike(policy.similarity)


def _same_unplaced(pair: _Pair) -> bool:
    """Without two points it is the named place that counts, or words that tell one place from another."""
    names = (pair.new.place.text, pair.other.place.text)
    if all(names):
        return pair.alike(pair.policy.near_similarity if same_name(*names) else CERTAIN)
    return _tells(pair) and pair.alike(pair.policy.similarity)


def _tells(pair: _Pair) -> bool:
    """Whether the stories share more than the words for the kind of problem."""
    return bool(shared_words(pair.mine, pair.theirs))


def distance_m(a: ReportPlace, b: ReportPlace) -> float | None:
    """Metres between two places on the globe; None when one has no point."""
    if a.lat is None or a.lon is None or b.lat is None or b.lon is None:
        return None
    lat_a, lon_a, lat_b, lon_b = map(radians, (a.lat, a.lon, b.lat, b.lon))
    half = sin((lat_b - lat_a) / 2) ** 2 + cos(lat_a) * cos(lat_b) * sin((lon_b - lon_a) / 2) ** 2
    return 2 * EARTH_RADIUS_M * asin(sqrt(half))


def _vague(a: ReportPlace, b: ReportPlace) -> bool:
    """Whether both points stand for one named stretch ("Jalan Kaliurang km 7"), not for where they stood."""
    return bool(a.text and a.text == b.text) and (a.lat, a.lon) == (b.lat, b.lon)


def _far_apart(new: Candidate, other: Candidate, metres: float | None, policy: DuplicatePolicy) -> bool:
    """Whether they cannot be one place; without two points, neither area lies within the other."""
    if metres is not None:
        return metres > policy.similar_distance_m
    a, b = new.place.kode, other.place.kode
    return not (a and b) or not (a.startswith(b) or b.startswith(a))


def cell(lat: float, lon: float) -> int:
    """The square of about half a kilometre that a point lies in."""
    return floor(lat / CELL_DEGREES) * COLUMNS + floor(lon / CELL_DEGREES)


def cells_around(lat: float, lon: float, metres: float) -> tuple[int, ...]:
    """The squares in which everything within that distance lies."""
    rings = max(1, ceil(metres / CELL_M))
    middle, steps = cell(lat, lon), range(-rings, rings + 1)
    return tuple(middle + row * COLUMNS + column for row in steps for column in steps)
