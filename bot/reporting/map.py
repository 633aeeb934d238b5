"""A city's kapanewon as lines to draw, from the outlines that tell which of them a point lies in."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from nlu.data import Data
from nlu.places.outlines import Ring, rings

OUTLINES = "gazetteer/kalurahan.npz"
KAPANEWON = 8
"""Signs of a kapanewon's code."""
WIDTH = 320.0
TALLEST = 480.0


@dataclass(frozen=True, slots=True)
class Map:
    """How large the drawing is, and the path of each kapanewon by code, as SVG has it."""

    width: float
    height: float
    paths: dict[str, str]


@cache
def map_of(city: str) -> Map | None:
    """The map of a kabupaten; None when its outlines are not known."""
    found = rings(Data().file(OUTLINES), city, KAPANEWON)
    points = [point for areas in found.values() for ring in areas for point in ring]
    if not points:
        return None
    view = _View.around(points)
    paths = {kode: "".join(view.path(ring) for ring in areas) for kode, areas in sorted(found.items())}
    return Map(round(view.width), round(view.height), paths)


@dataclass(frozen=True, slots=True)
class _View:
    """Where the map lies and how large a degree is drawn; north is up, and a kilometre as long either way."""

    west: float
    north: float
    across: float
    down: float
    width: float
    height: float

    @classmethod
    def around(cls, points: Iterable[tuple[float, float]]) -> "_View":
        lons, lats = zip(*points, strict=True)
        narrow = math.cos(math.radians((min(lats) + max(lats)) / 2))
        wide, tall = (max(lons) - min(lons)) * narrow, max(lats) - min(lats)
        scale = min(WIDTH / wide, TALLEST / tall)
        return cls(min(lons), max(lats), scale * narrow, scale, wide * scale, tall * scale)

    def path(self, ring: Ring) -> str:
        placed = [((lon - self.west) * self.across, (self.north - lat) * self.down) for lon, lat in ring[:-1]]
        return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in placed) + "Z"
