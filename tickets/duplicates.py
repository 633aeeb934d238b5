"""Reports about the same thing: same category, near by or alike in words, recent."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import asin, cos, radians, sin, sqrt

from rapidfuzz import fuzz, utils

from tickets.policies import Policies
from tickets.policies.duplicates import DuplicatePolicy
from tickets.ticket import Report, ReportPlace, Ticket

EARTH_RADIUS_M = 6_371_000
CLOSED = ("DUPLIKAT", "DIBATALKAN", "ARSIP", "SELESAI", "DITAHAN")
PRIVATE = frozenset({"RAHASIA", "WBS"})


@dataclass(frozen=True, slots=True)
class Match:
    """An earlier ticket that may be about the same thing; metres apart (None: unknown), likeness 0 to 100."""

    number: str
    distance_m: float | None
    similarity: float
    age: timedelta

    @property
    def rank(self) -> tuple[float, float]:
        """Sorts the likeliest first: near before far, alike before different."""
        return (self.distance_m if self.distance_m is not None else float("inf"), -self.similarity)


def near(
    report: Report, candidates: Iterable[Ticket], now: datetime, policies: Policies
) -> tuple[Match, ...]:
    """The open public tickets this report may repeat, the likeliest first."""
    policy = policies.duplicates
    matches = (_match(report, ticket, now) for ticket in candidates if _comparable(report, ticket))
    found = sorted((m for m in matches if _same(m, policy)), key=lambda match: match.rank)
    return tuple(found[: policy.max_matches])


def distance_m(a: ReportPlace, b: ReportPlace) -> float | None:
    """Metres between two places on the globe; None when one has no point."""
    if a.lat is None or a.lon is None or b.lat is None or b.lon is None:
        return None
    lat_a, lon_a, lat_b, lon_b = map(radians, (a.lat, a.lon, b.lat, b.lon))
    half = sin((lat_b - lat_a) / 2) ** 2 + cos(lat_a) * cos(lat_b) * sin((lon_b - lon_a) / 2) ** 2
    return 2 * EARTH_RADIUS_M * asin(sqrt(half))


def _comparable(report: Report, ticket: Ticket) -> bool:
    return (
        ticket.report.category == report.category
        and ticket.status not in CLOSED
        and not ticket.flags & PRIVATE
        and not ticket.report.confidential
    )


def _match(report: Report, ticket: Ticket, now: datetime) -> Match:
    likeness = fuzz.token_set_ratio(
        report.narrative, ticket.report.narrative, processor=utils.default_process
    )
    if _far_apart(report.place, ticket.report.place):
        likeness = 0.0
    return Match(
        ticket.number, distance_m(report.place, ticket.report.place), likeness, now - ticket.opened_at
    )


def _far_apart(a: ReportPlace, b: ReportPlace) -> bool:
    """Whether both name an area and neither lies within the other: then like words mean nothing."""
    return bool(a.kode and b.kode) and not (a.kode.startswith(b.kode) or b.kode.startswith(a.kode))


def _same(match: Match, policy: DuplicatePolicy) -> bool:
    if match.age > timedelta(days=policy.max_age_days):
        return False
    if match.distance_m is not None and match.distance_m <= policy.distance_m:
        return True
    alike = match.similarity >= policy.similarity
    return alike and (match.distance_m is None or match.distance_m <= policy.similar_distance_m)
