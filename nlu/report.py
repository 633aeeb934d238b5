"""An interpretation in the form programs read: plain dicts ready for JSON."""

from dataclasses import asdict
from typing import Any

from nlu.interpretation import Area, Interpretation, Place


def to_json(reading: Interpretation) -> dict[str, Any]:
    """The whole reading of one message; absent readings are None, lists may be empty."""
    return {
        "text": reading.text,
        "intent": {"name": reading.intent.name, "confidence": _share(reading.intent.confidence)},
        "classification": reading.classification,
        "categories": [
            {
                "id": guess.category,
                "subcategory": guess.subcategory or None,
                "confidence": _share(guess.confidence),
                "words": list(guess.words),
            }
            for guess in reading.categories
        ],
        "emergency": _emergency(reading),
        "language": reading.language,
        "place": place_to_json(reading.place) if reading.place else None,
        "entities": [asdict(entity) for entity in reading.entities],
        "signals": [
            {
                "kind": signal.kind,
                "severity": signal.severity,
                "spans": [[span.start, span.end] for span in signal.spans],
            }
            for signal in reading.signals
        ],
    }


def place_to_json(place: Place) -> dict[str, Any]:
    """A place with its area's names flat beside it."""
    point = {} if place.lat is None else {"lat": place.lat, "lon": place.lon}
    return {
        **_area(place.area),
        "label": place.label or None,
        "confidence": _share(place.confidence),
        "ambiguous": [_area(area) for area in place.ambiguous],
        "outside": place.outside,
        **point,
    }


def _emergency(reading: Interpretation) -> dict[str, Any] | None:
    found = reading.emergency
    if found is None:
        return None
    return {"kind": found.kind, "confidence": _share(found.confidence), "words": list(found.words)}


def _area(area: Area) -> dict[str, str | None]:
    return {
        "kode": area.kode,
        "kalurahan": area.kalurahan or None,
        "kapanewon": area.kapanewon or None,
        "kabupaten": area.kabupaten or None,
    }


def _share(value: float) -> float:
    return round(value, 4)
