"""Tickets as Open311 shows them: what and where and how it stands, never who said so."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.web.open311.services import Catalogue
from nlu.places.gazetteer import Gazetteer
from tickets.policies import Policies
from tickets.ticket import ReportPlace, Ticket

WITHDRAWN = "DIBATALKAN"
MOST_TEXT = 4000


@dataclass(frozen=True, slots=True)
class Shop:
    """What a view is made with."""

    policies: Policies
    catalogue: Catalogue
    gazetteer: Gazetteer


def request(shop: Shop, ticket: Ticket, language: str) -> dict[str, Any]:
    """One service request. Times are the city's local ones, with their zone."""
    policies, report = shop.policies, ticket.report
    state = policies.lifecycle.states[ticket.status]
    code = shop.catalogue.code(report.category, report.subcategory)
    closed = is_closed(policies, ticket)
    told = not hushed(ticket)
    where = report.place if told and policies.open311.positions else _area_only(report.place)
    return {
        "service_request_id": ticket.number,
        "status": "closed" if closed else "open",
        "status_notes": state.name[language],
        "service_name": shop.catalogue.name(code, language),
        "service_code": code,
        "description": _description(ticket) if told and policies.open311.descriptions else None,
        "agency_responsible": _agency(policies, ticket.agency),
        "service_notice": None,
        "requested_datetime": _local(policies, ticket.opened_at),
        "updated_datetime": _local(
            policies, ticket.closed_at if closed and ticket.closed_at else ticket.changed_at
        ),
        "expected_datetime": None if closed else _local(policies, ticket.due_at),
        "address": _address(where) or None,
        "address_id": where.kode or None,
        "zipcode": shop.gazetteer.postcode(where.kode) or None if where.kode else None,
        "lat": where.lat,
        "long": where.lon,
        "media_url": None,
    }


def extended(shop: Shop, ticket: Ticket, language: str) -> dict[str, Any]:
    """What the standard has no field for, as its extensions allow."""
    place = ticket.report.place
    return {
        "extended_attributes": {
            "state": ticket.status,
            "state_name": shop.policies.lifecycle.states[ticket.status].name[language],
            "classification": ticket.report.classification,
            "kalurahan": place.kalurahan or None,
            "kapanewon": place.kapanewon or None,
            "kabupaten": place.kabupaten or None,
            "overdue": "TERLAMBAT" in ticket.flags,
            "reopened": ticket.reopened,
            "parent": ticket.parent or None,
        }
    }


def is_closed(policies: Policies, ticket: Ticket) -> bool:
    """Whether nothing more is done about it."""
    return policies.lifecycle.states[ticket.status].final


def hushed(ticket: Ticket) -> bool:
    """Whether only kind, state and area of a report are shown: its words could tell whose it is."""
    return "ANONIM" in ticket.flags or ticket.report.anonymous or ticket.status == WITHDRAWN


def _description(ticket: Ticket) -> str:
    """The story with other people's data hidden."""
    return ticket.report.screening.masked[:MOST_TEXT]


def _area_only(place: ReportPlace) -> ReportPlace:
    return ReportPlace(
        kode=place.kode, kalurahan=place.kalurahan, kapanewon=place.kapanewon, kabupaten=place.kabupaten
    )


def _address(place: ReportPlace) -> str:
    """From the most specific to the most general, as the standard asks."""
    parts = (place.text, place.kalurahan, place.kapanewon, place.kabupaten)
    return ", ".join(dict.fromkeys(part for part in parts if part))


def _agency(policies: Policies, agency: str) -> str:
    known = policies.agencies
    return known[agency].name if agency in known else agency


def _local(policies: Policies, at: datetime | None) -> str | None:
    return None if at is None else at.astimezone(policies.city.timezone).isoformat(timespec="seconds")
