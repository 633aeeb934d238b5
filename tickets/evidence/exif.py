"""Reading what a camera or an editor wrote into a picture: when, where, with what."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from PIL import Image
from PIL.ExifTags import GPS, IFD, Base

TEXT = 80
"""Characters of a camera's or a program's name that are kept."""
GENERATED = (b"trainedAlgorithmicMedia", b"compositeWithTrainedAlgorithmicMedia")
"""How IPTC's digital source type names pictures made by a machine."""
TIMES = ((Base.DateTimeOriginal, Base.OffsetTimeOriginal), (Base.DateTimeDigitized, Base.OffsetTimeDigitized))


@dataclass(frozen=True, slots=True)
class Marks:
    """What stood in a picture's EXIF; empty where nothing (readable) did."""

    taken_at: str = ""
    lat: float | None = None
    lon: float | None = None
    device: str = ""
    software: str = ""


def is_generated(content: bytes) -> bool:
    """Whether a picture's bytes say that a machine made it."""
    return any(name in content for name in GENERATED)


def marks_of(picture: Image.Image) -> Marks:
    """The marks of a picture; whatever is malformed reads as not there."""
    try:
        exif = picture.getexif()
        shot, place = exif.get_ifd(IFD.Exif), exif.get_ifd(IFD.GPSInfo)
    except Exception:  # noqa: BLE001 Pillow's parser raises what the hostile bytes make it raise
        return Marks()
    lat, lon = _point(place)
    device = " ".join(dict.fromkeys(f"{_text(exif.get(Base.Make))} {_text(exif.get(Base.Model))}".split()))
    return Marks(_taken(shot), lat, lon, device[:TEXT], _text(exif.get(Base.Software)))


def _text(value: Any) -> str:
    words = value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value or "")
    return "".join(letter for letter in words if letter.isprintable()).strip()[:TEXT]


def _taken(shot: Mapping[int, Any]) -> str:
    for time, offset in TIMES:
        if not (written := _text(shot.get(time)) + _text(shot.get(offset))):
            continue
        for form in ("%Y:%m:%d %H:%M:%S%z", "%Y:%m:%d %H:%M:%S"):
            try:
                return datetime.strptime(written, form).isoformat()  # noqa: DTZ007 many cameras name no zone
            except ValueError:
                continue
    return ""


def _point(place: Mapping[int, Any]) -> tuple[float | None, float | None]:
    lat = _degrees(place.get(GPS.GPSLatitude), place.get(GPS.GPSLatitudeRef), 90)
    lon = _degrees(place.get(GPS.GPSLongitude), place.get(GPS.GPSLongitudeRef), 180)
    if lat is None or lon is None or (lat == 0 and lon == 0):
        return None, None
    return lat, lon


def _degrees(parts: Any, side: Any, most: float) -> float | None:
    try:
        degrees, minutes, seconds = (float(part) for part in parts)
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    found = degrees + minutes / 60 + seconds / 3600
    if not math.isfinite(found) or not 0 <= found <= most:
        return None
    return round(-found if _text(side).upper() in {"S", "W"} else found, 6)
