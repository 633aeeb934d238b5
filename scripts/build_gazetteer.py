"""Build the gazetteer's tables and outlines from a folder of official names, codes and boundaries.

    python scripts/build_gazetteer.py SOURCE [--target nlu_data/gazetteer] [--province 34] [--city 34.04]

SOURCE holds `wilayah_2025.csv` (kode, nama, level, kodepos), `sleman_kalurahan.geojson` (the city, full
resolution), `diy_kelurahan_simpl20m.geojson` (its province) and `indonesia_kabkota.geojson` (the country).
The last lines print how far the built outlines agree with the source on random points.
"""

import argparse
import csv
import json
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

CITY_STEP = 1e-5  # degrees a unit: about one metre
COUNTRY_STEP = 1e-3
COUNTRY_TOLERANCE = 0.008  # degrees: about 900 m
SMALLEST_ISLAND = 0.0006  # square degrees: about 7 km²


@dataclass(frozen=True)
class Outline:
    kode: str
    polygon: shapely.Polygon


def names(source: Path, province: str) -> list[tuple[str, str, str]]:
    """Every kabupaten and kota, the provinces above them, and all areas of the home province."""
    with (source / "wilayah_2025.csv").open(encoding="utf-8", newline="") as file:
        return [
            (row["kode"], row["nama"].strip(), row["kodepos"].strip())
            for row in csv.DictReader(file)
            if row["level"] in {"1", "2"} or row["kode"].startswith(f"{province}.")
        ]


def features(path: Path) -> Iterator[tuple[str, BaseGeometry]]:
    for feature in json.loads(path.read_text(encoding="utf-8"))["features"]:
        yield feature["properties"]["kode"], shape(feature["geometry"])


def parts(geometry: BaseGeometry) -> Iterable[shapely.Polygon]:
    pieces = getattr(geometry, "geoms", [geometry])
    return (piece for piece in pieces if isinstance(piece, shapely.Polygon) and not piece.is_empty)


def kalurahan(source: Path, city: str) -> list[Outline]:
    """The city's own outlines in full, those of the rest of its province as they come (20 m)."""
    own = list(features(source / "sleman_kalurahan.geojson"))
    rest = [
        pair for pair in features(source / "diy_kelurahan_simpl20m.geojson") if not pair[0].startswith(city)
    ]
    return [Outline(kode, polygon) for kode, geometry in own + rest for polygon in parts(geometry)]


def country(source: Path) -> list[Outline]:
    """Coarse outlines: answers "whose is it?", not "where does it end?"."""
    found = []
    for kode, geometry in features(source / "indonesia_kabkota.geojson"):
        coarse = list(parts(geometry.simplify(COUNTRY_TOLERANCE)))
        kept = [polygon for polygon in coarse if polygon.area >= SMALLEST_ISLAND]
        found += [Outline(kode, polygon) for polygon in kept or [max(parts(geometry), key=lambda p: p.area)]]
    return found


def encode(outlines: list[Outline], step: float) -> dict[str, Any]:
    """Outer rings as a first point and steps from point to point, in units of `step` degrees."""
    codes, sizes, firsts, deltas = [], [], [], []
    for outline in outlines:
        points = np.rint(np.asarray(outline.polygon.exterior.coords)[:, :2] / step).astype(np.int64)
        moves = np.diff(points, axis=0)
        if np.abs(moves).max() > np.iinfo(np.int16).max:
            raise ValueError(f"{outline.kode}: two neighbouring points lie too far apart for 16 bits")
        codes.append(outline.kode)
        sizes.append(len(moves))
        firsts.append(points[0])
        deltas.append(moves.astype(np.int16))
    return {
        "step": np.array(step),
        "kode": np.array(codes),
        "sizes": np.array(sizes, dtype=np.int32),
        "firsts": np.array(firsts, dtype=np.int32),
        "deltas": np.concatenate(deltas),
    }


def agreement(source: Path, target: Path, points: int) -> tuple[float, int]:
    """Share of random points inside the city that the built outlines give to the same kalurahan."""
    from nlu.places.outlines import Outlines  # noqa: PLC0415  (only the check needs the package)

    built = Outlines.load(target / "kalurahan.npz")
    truth = list(features(source / "sleman_kalurahan.geojson"))
    tree = shapely.STRtree([geometry for _, geometry in truth])
    west, south, east, north = shapely.total_bounds([geometry for _, geometry in truth])
    rng = random.Random(34)  # noqa: S311  (a repeatable draw, no secret)
    same = total = 0
    while total < points:
        lon, lat = rng.uniform(west, east), rng.uniform(south, north)
        hits = tree.query(shapely.Point(lon, lat), predicate="within")
        if len(hits):
            total += 1
            same += built.at(lat, lon) == truth[hits[0]][0]
    return same / total, total


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("source", type=Path)
    parser.add_argument("--target", type=Path, default=Path("nlu_data/gazetteer"))
    parser.add_argument("--province", default="34")
    parser.add_argument("--city", default="34.04")
    options = parser.parse_args()
    options.target.mkdir(parents=True, exist_ok=True)
    rows = names(options.source, options.province)
    lines = ["\t".join(row) for row in rows]
    (options.target / "areas.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    near = encode(kalurahan(options.source, options.city), CITY_STEP)
    np.savez_compressed(options.target / "kalurahan.npz", **near)
    far = encode(country(options.source), COUNTRY_STEP)
    np.savez_compressed(options.target / "kabkota.npz", **far)
    for file in sorted(options.target.iterdir()):
        print(f"{file.name}: {file.stat().st_size / 1000:.0f} kB")
    share, points = agreement(options.source, options.target, 50_000)
    print(f"same kalurahan as the source on {share:.4%} of {points} random points")


if __name__ == "__main__":
    main()
