"""Coordinates written out: typed, copied from a map, or held by a map's link."""

import re
from dataclasses import dataclass
from urllib.parse import unquote_plus

LONGEST_NAME = 60  # letters
LARGEST_LATITUDE = 90.0  # degrees; a first number beyond it is a longitude, so the two were swapped

_TYPED = re.compile(r"(?<![\w.,/-])(-?\d{1,3}\.\d{4,15})\s*[,; ]\s*(-?\d{1,3}\.\d{4,15})(?![\w.])")
_PART = r"\s*°\s*(\d{1,2})\s*[^\w\s°]\s*(\d{1,2}(?:\.\d+)?)\s*[^\w\s°]{0,2}\s*"  # whatever marks minutes
_DEGREES = re.compile(rf"(\d{{1,2}}){_PART}(LS|LU|S|N)\b[\s,;]*(\d{{1,3}}){_PART}(?:BT|E)\b")
_LINK = re.compile(r"\b(?:https?://|geo:)\S+", re.IGNORECASE)
_OF_PLACE = re.compile(r"!3d(-?\d{1,2}\.\d{2,})!4d(-?\d{1,3}\.\d{2,})")
_IN_LINK = re.compile(r"(-?\d{1,3}\.\d{2,})(?:,|%2C|/|&mlon=)(?:\+|%20)*(-?\d{1,3}\.\d{2,})", re.IGNORECASE)
_NAME = re.compile(r"/place/([^/@?]+)")


@dataclass(frozen=True, slots=True)
class Written:
    """A point in degrees that stands at [start, end) of a text; `name` is what a map's link calls it."""

    lat: float
    lon: float
    start: int
    end: int
    name: str = ""


def written_point(text: str) -> Written | None:
    """The first point a text gives in numbers; None when it gives none."""
    link = next((found for found in _LINK.finditer(text) if _pair(found[0])), None)
    if link:
        lat, lon = _pair(link[0]) or (0.0, 0.0)
        return Written(lat, lon, link.start(), link.end(), _name(link[0]))
    typed = _TYPED.search(text)
    if typed:
        return Written(*_in_order(typed[1], typed[2]), typed.start(), typed.end())
    found = _DEGREES.search(text) if "°" in text else None
    return Written(*_sexagesimal(found), found.start(), found.end()) if found else None


def _pair(link: str) -> tuple[float, float] | None:
    """The place a link means, or what its map is centred on."""
    found = _OF_PLACE.search(link) or _IN_LINK.search(link)
    return _in_order(found[1], found[2]) if found else None


def _in_order(first: str, second: str) -> tuple[float, float]:
    one, other = float(first), float(second)
    return (other, one) if abs(one) > LARGEST_LATITUDE >= abs(other) else (one, other)


def _sexagesimal(found: re.Match[str]) -> tuple[float, float]:
    """Degrees from degrees, minutes and seconds; LS and S are south."""
    degrees, minutes, seconds, side, east, east_minutes, east_seconds = found.groups()
    lat = int(degrees) + int(minutes) / 60 + float(seconds) / 3600
    lon = int(east) + int(east_minutes) / 60 + float(east_seconds) / 3600
    return (-lat if side.endswith("S") else lat), lon


def _name(link: str) -> str:
    """The name in a link to a place; empty for a link to a bare point."""
    found = _NAME.search(link)
    name = " ".join(unquote_plus(found[1]).split())[:LONGEST_NAME] if found else ""
    return "" if any(sign in name for sign in "°+") or not re.search(r"[^\W\d]{3}", name) else name
