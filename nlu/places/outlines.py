"""Which area a point lies in: boundary polygons in a grid, and in a tree for the nearest."""

import math
from collections import defaultdict
from importlib.resources.abc import Traversable
from io import BytesIO
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import shapely

COARSE = 0.002
"""Degrees that a line drawn coarsely may lie beside the real one: 200 m."""
SPECK = 1e-5
"""Square degrees of what is too small to be seen: a tenth of a square kilometre."""
Ring = list[tuple[float, float]]


class Outlines:
    """Boundary polygons of areas, answering in a few microseconds which one holds a point.

    The grid's cells are as wide as half of the areas are, and know whose bounds touch them: three or four.
    Where two hold a point, as where a kabupaten is drawn without a hole for its city, the smaller is meant.
    """

    def __init__(self, codes: list[str], polygons: Any) -> None:
        self._codes = codes
        shapely.prepare(polygons)
        self._tree = shapely.STRtree(polygons)
        smallest_first = shapely.area(polygons).argsort().tolist()
        bounds = shapely.bounds(polygons)
        self._per_degree = 1 / median((bounds[:, 2:] - bounds[:, :2]).ravel().tolist())
        cells = _cells(smallest_first, np.floor(bounds * self._per_degree).astype(int).tolist())
        # Neighbouring cells often touch the very same areas: what is kept of those is kept once.
        alike = {held: ([codes[at] for at in held], polygons[list(held)]) for held in set(cells.values())}
        self._cells = {cell: alike[held] for cell, held in cells.items()}

    @classmethod
    def load(cls, file: Path | Traversable) -> "Outlines":
        """Read outlines as `scripts/build_gazetteer.py` writes them."""
        return cls(*_read(file))

    def at(self, lat: float, lon: float) -> str | None:
        """The code of the area around a point in degrees, or None when no outline holds it."""
        if not (math.isfinite(lat) and math.isfinite(lon)):
            return None
        cell = self._cells.get((math.floor(lon * self._per_degree), math.floor(lat * self._per_degree)))
        if cell is None:
            return None
        codes, polygons = cell
        held: list[bool] = shapely.contains_xy(polygons, lon, lat).tolist()
        return codes[held.index(True)] if True in held else None

    def near(self, lat: float, lon: float, within: float) -> str | None:
        """The code of the nearest area at most `within` degrees away, or None."""
        hits = self._tree.query_nearest(shapely.Point(lon, lat), max_distance=within, all_matches=False)
        return self._codes[hits[0]] if len(hits) else None


def rings(file: Path | Traversable, inside: str, signs: int) -> dict[str, list[Ring]]:
    """The outer lines of the areas inside one, joined by the first signs of their codes, drawn coarsely.

    Neighbours keep their common border. In degrees, longitude first; empty where no outlines are known.
    """
    codes, polygons = _read(file)
    groups: dict[str, list[int]] = defaultdict(list)
    for at, kode in enumerate(codes):
        if kode.startswith(f"{inside}."):
            groups[kode[:signs]].append(at)
    whole = np.array([shapely.union_all(shapely.make_valid(polygons[held])) for held in groups.values()])
    coarse = shapely.coverage_simplify(whole, COARSE) if groups else whole
    return {kode: _outer(shape) for kode, shape in zip(groups, coarse, strict=True)}


def _outer(shape: Any) -> list[Ring]:
    parts = [one for one in shapely.get_parts(shape) if one.geom_type == "Polygon" and one.area > SPECK]
    return [[(lon, lat) for lon, lat in one.exterior.coords] for one in parts]


def _read(file: Path | Traversable) -> tuple[list[str], Any]:
    with np.load(BytesIO(file.read_bytes())) as stored:
        arrays = {name: stored[name] for name in stored.files}
    return arrays["kode"].tolist(), _polygons(arrays)


def _cells(order: list[int], bounds: list[list[int]]) -> dict[tuple[int, int], tuple[int, ...]]:
    """By the cell's column and row, which of some bounds (in cells) touch it, in the order given."""
    cells: dict[tuple[int, int], list[int]] = defaultdict(list)
    for at in order:
        left, low, right, high = bounds[at]
        for column in range(left, right + 1):
            for row in range(low, high + 1):
                cells[column, row].append(at)
    return {cell: tuple(held) for cell, held in cells.items()}


def _polygons(arrays: dict[str, Any]) -> Any:
    sizes, firsts = arrays["sizes"], arrays["firsts"].astype(np.int64)
    ends = np.cumsum(sizes)
    walked = np.cumsum(arrays["deltas"].astype(np.int64), axis=0)
    before = np.vstack([[[0, 0]], walked[ends[:-1] - 1]])
    points = walked - np.repeat(before - firsts, sizes, axis=0)
    index = np.repeat(np.arange(len(sizes)), sizes)
    return shapely.polygons(shapely.linearrings(points * float(arrays["step"]), indices=index))
