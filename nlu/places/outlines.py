"""Which area a point lies in: boundary polygons in a tree."""

from importlib.resources.abc import Traversable
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import shapely


class Outlines:
    """Boundary polygons of areas, answering in a few microseconds which one holds a point."""

    def __init__(self, codes: list[str], polygons: Any) -> None:
        self._codes = codes
        self._polygons = polygons
        shapely.prepare(polygons)
        self._tree = shapely.STRtree(polygons)

    @classmethod
    def load(cls, file: Path | Traversable) -> "Outlines":
        """Read outlines as `scripts/build_gazetteer.py` writes them."""
        with np.load(BytesIO(file.read_bytes())) as stored:
            arrays = {name: stored[name] for name in stored.files}
        return cls(arrays["kode"].tolist(), _polygons(arrays))

    def at(self, lat: float, lon: float) -> str | None:
        """The code of the area around a point in degrees, or None when no outline holds it."""
        hits = self._tree.query(shapely.Point(lon, lat), predicate="within")
        return self._codes[hits[0]] if len(hits) else None

    def near(self, lat: float, lon: float, within: float) -> str | None:
        """The code of the nearest area at most `within` degrees away, or None."""
        hits = self._tree.query_nearest(shapely.Point(lon, lat), max_distance=within, all_matches=False)
        return self._codes[hits[0]] if len(hits) else None


def _polygons(arrays: dict[str, Any]) -> Any:
    sizes, firsts = arrays["sizes"], arrays["firsts"].astype(np.int64)
    ends = np.cumsum(sizes)
    walked = np.cumsum(arrays["deltas"].astype(np.int64), axis=0)
    before = np.vstack([[[0, 0]], walked[ends[:-1] - 1]])
    points = walked - np.repeat(before - firsts, sizes, axis=0)
    index = np.repeat(np.arange(len(sizes)), sizes)
    return shapely.polygons(shapely.linearrings(points * float(arrays["step"]), indices=index))
