"""Reports that may be about the same thing, and what others are told of them: not who, nor their words."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from bot.services.core import Core
from bot.services.reports.naming import category_names
from storage.doors.database import Connection
from storage.reports import candidates, cases, following, media
from storage.reports.cases import Case
from tickets.duplicates import Match, asked_about, candidate, near, offerable, sought
from tickets.likeness import same_name
from tickets.ticket import Change, Notice, Report, Ticket

NONE_YET: frozenset[str] = frozenset()
"""The photos of a new ticket have been compared with none."""
STEP_M = 50
"""Distances are told this roughly, so that they point to no house."""


@dataclass(frozen=True, slots=True)
class Neighbour:
    """An earlier report that may be the same, with why it is thought so."""

    case: Case
    match: Match


def neighbours_of(connection: Connection, core: Core, report: Report) -> list[Neighbour]:
    """Open reports a report that is about to be filed may repeat, the likeliest first."""
    policy, now = core.policies.duplicates, core.clock()
    if not sought(report, policy):
        return []
    since = now - timedelta(days=policy.max_age_days)
    found = candidates.found(connection, report, since, policy.similar_distance_m)
    return _known(connection, near(asked_about(report, now), found, now, policy))


def like(
    connection: Connection, core: Core, ticket: Ticket, photos: frozenset[str] | None = None
) -> list[Neighbour]:
    """Open reports a ticket may repeat, or that may repeat it; `photos` are those that hold one of its."""
    policy, now = core.policies.duplicates, core.clock()
    if not sought(ticket.report, policy) or not offerable(ticket):
        return []
    since = now - timedelta(days=policy.max_age_days)
    found = candidates.found(connection, ticket.report, since, policy.similar_distance_m)
    photos = _same_photo(connection, ticket.number) if photos is None else photos
    more = candidates.among(connection, ticket.report.category, photos)
    return _known(connection, near(candidate(ticket), {*found, *more}, now, policy, photos))


def _same_photo(connection: Connection, number: str) -> frozenset[str]:
    """Tickets that were found to hold a photo this one holds."""
    files = media.files_of(connection, number)
    return frozenset(one.number for file in files for one in file.seen) - {number}


def pointed_out(connection: Connection, core: Core, opened: Change) -> Change:
    """A new ticket's change, its agency also told which of their own it may repeat."""
    ticket = opened.ticket
    likely = [one.case.ticket for one in like(connection, core, ticket, photos=NONE_YET)]
    lines = [f"• {one.number} {one.title}" for one in likely if one.agency == ticket.agency]
    if not lines:
        return opened
    notice = Notice("agency", "mirip", {"daftar": "\n".join(lines)})
    return replace(opened, notices=(*opened.notices, notice))


def _known(connection: Connection, matches: list[Match]) -> list[Neighbour]:
    looked_up = ((cases.case(connection, match.number), match) for match in matches)
    return [Neighbour(case, match) for case, match in looked_up if case and offerable(case.ticket)]


def public_view(
    connection: Connection, core: Core, one: Neighbour, reader: Mapping[str, str]
) -> Mapping[str, Any]:
    """What `reader` (contact, language, place) may know of another's report before following it."""
    ticket, language = one.case.ticket, reader["language"]
    opened = ticket.opened_at.astimezone(core.policies.city.timezone)
    return {
        "number": ticket.number,
        "own": one.case.home.contact == reader["contact"],
        "title": public_title(ticket, language, reader["place"]),
        "distance": _about(one.match.distance_m),
        "opened": opened.date().isoformat(),
        "status_text": core.policies.lifecycle.states[ticket.status].name[language],
        "followers": following.count_followers(connection, ticket.number) + 1,
    }


def public_title(ticket: Ticket, language: str, told: str = "") -> str:
    """What and in which area; the exact place only to somebody who has named it themselves."""
    names, place = category_names(language), ticket.report.place
    what = names.get(ticket.report.category, ticket.report.category)
    spot = place.text if told and place.text and same_name(place.text, told) else ""
    area = place.kalurahan or place.kapanewon or place.kabupaten
    where = ", ".join(part for part in (spot, "" if area in spot else area) if part)
    return f"{what}: {where}" if where else what


def _about(metres: float | None) -> str:
    """A rough distance as digits; empty when it is unknown."""
    return "" if metres is None else str(max(STEP_M, round(metres / STEP_M) * STEP_M))
