"""Reports that may be about the same thing, and what others are told of them: not who, nor their words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from bot.services.core import Core
from bot.services.reports.naming import category_names
from storage.doors.database import Connection
from storage.doors.inquiries import Inquiry, nothing_to_ask
from storage.reports import candidates, cases, following, media
from storage.reports.cases import Case
from tickets.duplicates import Candidate, Match, asked_about, candidate, near, offerable, sought
from tickets.likeness import same_name
from tickets.ticket import Change, Notice, Report, Ticket

STEP_M = 50
"""Distances are told this roughly, so that they point to no house."""


@dataclass(frozen=True, slots=True)
class Neighbour:
    """An earlier report that may be the same, with why it is thought so."""

    case: Case
    match: Match


def near_by(core: Core, report: Report) -> Inquiry[tuple[Candidate, ...]]:
    """What a report is to be compared with; nothing where its kind is compared with none."""
    policy = core.policies.duplicates
    if not sought(report, policy):
        return nothing_to_ask(())
    since = core.clock() - timedelta(days=policy.max_age_days)
    return candidates.like(report, since, policy.similar_distance_m)


def neighbours_of(connection: Connection, core: Core, report: Report) -> list[Neighbour]:
    """Open reports a report that is about to be filed may repeat, the likeliest first."""
    policy, now = core.policies.duplicates, core.clock()
    found = near_by(core, report).at(connection)
    return _known(connection, near(asked_about(report, now), found, now, policy))


def like(connection: Connection, core: Core, ticket: Ticket) -> list[Neighbour]:
    """Open reports a ticket may repeat, or that may repeat it, by words, place and photos."""
    policy = core.policies.duplicates
    if not sought(ticket.report, policy) or not offerable(ticket):
        return []
    found, photos = near_by(core, ticket.report).at(connection), _same_photo(connection, ticket.number)
    more = candidates.among(connection, ticket.report.category, photos)
    return _known(connection, near(candidate(ticket), {*found, *more}, core.clock(), policy, photos))


def _same_photo(connection: Connection, number: str) -> frozenset[str]:
    """Tickets that were found to hold a photo this one holds."""
    files = media.files_of(connection, number)
    return frozenset(one.number for file in files for one in file.seen) - {number}


def pointed_out(connection: Connection, core: Core, opened: Change, found: Iterable[Candidate]) -> Change:
    """A new ticket's change, its agency also told which of their own among those `near_by` it may repeat."""
    ticket, policy = opened.ticket, core.policies.duplicates
    if not offerable(ticket):
        return opened
    matches = near(candidate(ticket), found, core.clock(), policy)
    likely = [one.case.ticket for one in _known(connection, matches)]
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
