"""The agency a reading would go to, before anybody has confirmed anything."""

from nlu.interpretation import CategoryGuess, Interpretation, Place
from tickets.policies import Policies
from tickets.routing import route
from tickets.ticket import Report, ReportPlace, ScreeningResult


def agency_of(reading: Interpretation, guess: CategoryGuess, policies: Policies) -> str:
    """The agency that routing names for a message, if this guess of its category is right."""
    report = Report(
        narrative=reading.text,
        classification=reading.classification,
        category=guess.category,
        subcategory=guess.subcategory,
        place=_place(reading.place),
        screening=ScreeningResult("pass", (), reading.text),
    )
    return route(report, policies).agency


def _place(place: Place | None) -> ReportPlace:
    if place is None:
        return ReportPlace()
    area = place.area
    return ReportPlace(place.label, area.kode, area.kalurahan, area.kapanewon, area.kabupaten)
