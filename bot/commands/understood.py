"""Readings, places and scores as the plain values that commands print."""

from collections.abc import Mapping, Sequence
from typing import Any

from nlu.evaluate import Score, Scores
from nlu.interpretation import Area, CategoryGuess, Interpretation, Place

DIGITS = 4
NOWHERE: Mapping[str, Any] = {
    "kode": None,
    "kalurahan": None,
    "kapanewon": None,
    "kabupaten": None,
    "confidence": 0.0,
    "ambiguous": [],
    "outside": False,
}


def reading_json(reading: Interpretation, agencies: Sequence[str], *, explain: bool) -> dict[str, Any]:
    """What a message was understood as; `explain` adds what each guess rests on."""
    danger = reading.emergency
    kind = {"kind": danger.kind} | _sure(danger, explain=explain) if danger else None
    guesses = zip(reading.categories, agencies, strict=True)
    return {
        "intent": {"name": reading.intent.name} | _sure(reading.intent, explain=explain),
        "classification": reading.classification,
        "categories": [_guess_json(guess, agency, explain=explain) for guess, agency in guesses],
        "emergency": kind,
        "language": reading.language,
        "place": place_json(reading.place) if reading.place else None,
        "entities": [
            {"entity": one.entity, "value": one.value, "start": one.start, "end": one.end}
            for one in reading.entities
        ],
    }


def _guess_json(guess: CategoryGuess, agency: str, *, explain: bool) -> dict[str, Any]:
    more = {"subcategory": guess.subcategory} if explain else {}
    return {"id": guess.category, "agency": agency} | _sure(guess, explain=explain) | more


def _sure(guess: Any, *, explain: bool) -> dict[str, Any]:
    words = {"words": list(guess.words)} if explain else {}
    return {"confidence": round(guess.confidence, DIGITS), **words}


def place_json(place: Place | None) -> dict[str, Any]:
    """A place with the other readings of its name; all empty when none was found."""
    if place is None:
        return dict(NOWHERE)
    return _area_json(place.area) | {
        "confidence": round(place.confidence, DIGITS),
        "ambiguous": [_area_json(area) for area in place.ambiguous],
        "outside": place.outside,
    }


def _area_json(area: Area) -> dict[str, Any]:
    return {
        "kode": area.kode,
        "kalurahan": area.kalurahan or None,
        "kapanewon": area.kapanewon or None,
        "kabupaten": area.kabupaten or None,
    }


def scores_json(scores: Scores, silent_above: float) -> dict[str, Any]:
    """Scores as plain values; null where no row asked."""
    danger = scores.emergency
    return {
        "rows": scores.rows,
        "intent": _score_json(scores.intent),
        "classification": _score_json(scores.classification),
        "category": _score_json(scores.category, scores.top_3),
        "subcategory": _score_json(scores.subcategory),
        "agency": _score_json(scores.agency, scores.agency_top_3),
        "language": _score_json(scores.language),
        "kalurahan": _score_json(scores.place),
        "emergency": {name: _round(getattr(danger, name)) for name in danger.__slots__} if danger else None,
        "calibration": [
            {name: _round(getattr(band, name)) for name in band.__slots__} for band in scores.calibration
        ],
        "silent": {
            "above": silent_above,
            "precision": _round(scores.silent_precision),
            "share": _round(scores.silent_share),
        },
    }


def _score_json(score: Score | None, top_3: float | None = None) -> dict[str, Any] | None:
    if score is None:
        return None
    best = {} if top_3 is None else {"top_3": _round(top_3)}
    return {
        "count": score.count,
        "accuracy": _round(score.accuracy),
        "macro_f1": _round(score.macro_f1),
        **best,
        "confusion": [
            {"right": right, "guessed": guessed, "count": count}
            for (right, guessed), count in score.confusion.items()
        ],
    }


def _round(value: float | None) -> float | None:
    return value if value is None else round(value, DIGITS)
