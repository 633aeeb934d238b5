"""Units there is one of in each kapanewon, made from the gazetteer instead of being listed by hand."""

import re
from collections.abc import Iterator

from nlu.data import Data
from nlu.interpretation import Area
from nlu.places.areas import Areas
from tickets.policies.agencies import Agencies, Agency
from tickets.units import DOT


def with_families(agencies: Agencies, kode: str) -> Agencies:
    """The agencies, those marked `per: kapanewon` followed by one unit for each kapanewon of the city."""
    if not any(agency.per for agency in agencies.by_id.values()):
        return agencies
    areas = Areas.load(Data()).of("kapanewon", kode)
    by_id: dict[str, Agency] = {}
    for agency in agencies.by_id.values():
        by_id[agency.id] = agency
        by_id |= {one.id: one for one in _members(agency, areas)}
    return Agencies(agencies.coordinator, by_id)


def _members(family: Agency, areas: tuple[Area, ...]) -> Iterator[Agency]:
    if family.per != "kapanewon":
        return
    for area in areas:
        place = area.kapanewon
        yield Agency(
            id=f"{family.id}{DOT}{re.sub(r'[^a-z]+', '_', place.lower())}",
            name=f"{family.name} {place}",
            short=f"{family.short} {place}",
            aliases=tuple(f"{alias} {place.lower()}" for alias in family.aliases),
            kode=area.kode,
        )
