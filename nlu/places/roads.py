"""Places along a long road, by its kilometre marks."""

import re
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass

_MARK = re.compile(r"\W*(?:km|kilo|kilometer)\W*(\d{1,2})(?:[.,](\d))?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Road:
    """A road with points (latitude, longitude) by kilometre, in order."""

    name: str
    points: tuple[tuple[float, float, float], ...]

    @classmethod
    def of(cls, name: str, marks: Mapping[float | str, list[float]]) -> "Road":
        """A road from its marks as the data gives them."""
        return cls(name, tuple(sorted((float(km), lat, lon) for km, (lat, lon) in marks.items())))

    def at(self, km: float) -> tuple[float, float] | None:
        """The point at a kilometre, between the marks around it; None more than one beyond the ends."""
        first, last = self.points[0][0], self.points[-1][0]
        if not first - 1 <= km <= last + 1:
            return None
        km = min(max(km, first), last)
        after = max(bisect_left(self.points, km, key=lambda point: point[0]), 1)
        (low, lat, lon), (high, next_lat, next_lon) = self.points[after - 1], self.points[after]
        share = (km - low) / (high - low)
        return lat + share * (next_lat - lat), lon + share * (next_lon - lon)


def kilometre(text: str, start: int) -> tuple[float, int] | None:
    """The kilometre written right after `start`, and where it ends."""
    found = _MARK.match(text, start)
    return (float(f"{found[1]}.{found[2] or 0}"), found.end()) if found else None
