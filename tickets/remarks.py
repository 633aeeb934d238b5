"""What a ticket's files tell of themselves, as plain facts for the one who handles it; never a verdict."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Any

from tickets.duplicates import distance_m
from tickets.evidence.findings import Facts
from tickets.evidence.sightings import Sighting
from tickets.policies import Policies
from tickets.ticket import ReportPlace, Ticket

PROOF = "proof"


@dataclass(frozen=True, slots=True)
class Piece:
    """A file of a ticket, with what is known of it; `refused` is why it was not taken."""

    role: str
    facts: Facts
    came_at: datetime
    seen: tuple[Sighting, ...] = ()
    refused: str = ""


@dataclass(frozen=True, slots=True)
class Remark:
    """One fact about the files in these places (from 1): `name` is a text's key, `value` fills its gap.

    A value is a span of time, metres, the name of a program, a ticket's number or the reason of a refusal.
    """

    name: str
    places: tuple[int, ...]
    value: Any = ""


def remarks(ticket: Ticket, pieces: Iterable[Piece], policies: Policies) -> tuple[Remark, ...]:
    """Every fact worth a line, each once, with all the files it holds for; the gravest first."""
    found: dict[tuple[str, Any], list[int]] = {}
    for place, piece in enumerate(pieces, 1):
        for name, value in _of(piece, ticket, policies):
            found.setdefault((name, value), []).append(place)
    told = [Remark(name, tuple(places), value) for (name, value), places in found.items()]
    return tuple(sorted(told, key=lambda one: ORDER.index(one.name)))


Fact = tuple[str, Any]


def _of(piece: Piece, ticket: Ticket, policies: Policies) -> Iterator[Fact]:
    if piece.refused:
        yield "refused", piece.refused
        return
    for reader in READERS:
        yield from reader(piece, ticket, policies)


def _seen(piece: Piece, ticket: Ticket, _policies: Policies) -> Iterator[Fact]:
    for one in piece.seen:
        if one.number == ticket.number:
            yield f"here_{one.like}", ""
        else:
            yield f"elsewhere_{one.like}", one.number


def _taken(piece: Piece, ticket: Ticket, policies: Policies) -> Iterator[Fact]:
    taken = taken_at(piece.facts, policies.city.timezone)
    if taken is None:
        return
    enough = timedelta(hours=policies.evidence.told.taken_hours)
    if piece.role == PROOF and taken < ticket.opened_at:
        yield "proof_before", _whole(ticket.opened_at - taken)
    elif ticket.opened_at - taken >= enough:
        yield "taken_before", _whole(ticket.opened_at - taken)
    elif taken - piece.came_at >= enough:
        yield "clock_ahead", _whole(taken - piece.came_at)


def taken_at(facts: Facts, zone: tzinfo) -> datetime | None:
    """When it was taken; a camera that names no zone is taken to show the city's time."""
    if not facts.taken_at:
        return None
    taken = datetime.fromisoformat(facts.taken_at)
    return taken if taken.tzinfo else taken.replace(tzinfo=zone)


def _whole(span: timedelta) -> timedelta:
    """To the hour, so that the photos of one walk make one line."""
    return timedelta(hours=max(round(span / timedelta(hours=1)), 1))


def _place(piece: Piece, ticket: Ticket, policies: Policies) -> Iterator[Fact]:
    facts, told = piece.facts, policies.evidence.told
    metres = distance_m(ReportPlace(lat=facts.lat, lon=facts.lon), ticket.report.place)
    if metres is None:
        return
    if metres <= told.near_metres:
        yield "near", round(metres, -1)
    elif metres >= told.far_metres:
        yield "far", round(metres, -2)


def _made(piece: Piece, _ticket: Ticket, policies: Policies) -> Iterator[Fact]:
    software = piece.facts.software
    if any(name in software.casefold() for name in policies.evidence.told.editors):
        yield "edited", software
    if piece.facts.generated:
        yield "generated", ""
    if piece.facts.animated:
        yield "animated", ""


READERS: tuple[Callable[[Piece, Ticket, Policies], Iterator[Fact]], ...] = (_seen, _taken, _place, _made)
ORDER = (
    "here_same", "elsewhere_same", "here_similar", "elsewhere_similar", "proof_before", "generated", "edited",
    "taken_before", "clock_ahead", "far", "near", "animated", "refused",
)  # fmt: skip
"""Every remark there is, in the order they are told."""
