"""The official areas by code: names, levels, and what lies inside what."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Literal

from nlu.data import Data
from nlu.interpretation import Area

Level = Literal["kalurahan", "kapanewon", "kabupaten"]

FILE = "gazetteer/areas.tsv"
_LEVELS: dict[int, Level] = {5: "kabupaten", 8: "kapanewon", 13: "kalurahan"}
_PREFIX = "Kabupaten "


class Areas:
    """Every area the gazetteer knows, in the order of the official codes."""

    def __init__(self, rows: list[tuple[str, str, str]]) -> None:
        self._names = {kode: name.removeprefix(_PREFIX) for kode, name, _ in rows}
        self._postcodes = {kode: postcode for kode, _, postcode in rows if postcode}
        self._areas = {kode: self._make(kode) for kode in self._names if len(kode) in _LEVELS}
        self._children: dict[str, list[Area]] = defaultdict(list)
        for kode, area in self._areas.items():
            self._children[kode.rpartition(".")[0]].append(area)

    @classmethod
    def load(cls, data: Data) -> "Areas":
        """Read the table of codes, names and postcodes."""
        rows = [line.split("\t") for line in data.text(FILE).splitlines()]
        return cls([(kode, name, postcode) for kode, name, postcode in rows])

    def get(self, kode: str) -> Area | None:
        """The area of an official code."""
        return self._areas.get(kode)

    def postcode(self, kode: str) -> str:
        """A kalurahan's postcode; empty where the table has none."""
        return self._postcodes.get(kode, "")

    def of(self, level: Level, parent: str | None = None) -> tuple[Area, ...]:
        """All areas of a level, or those whose code begins with the parent's."""
        return tuple(
            area for area in self._areas.values() if area.level == level and _inside(area.kode, parent)
        )

    def named(self) -> Iterator[tuple[str, Area]]:
        """The bare name of every area, without "Kota", beside it."""
        for kode, area in self._areas.items():
            yield self._names[kode].removeprefix("Kota ").removeprefix("Administrasi "), area

    def provinces(self) -> Iterator[tuple[str, Area]]:
        """The name of every province beside an area that has only its code."""
        for kode, name in self._names.items():
            if len(kode) == 2:
                yield name, Area(kode, "", "", "")

    def _make(self, kode: str) -> Area:
        names = self._names
        kapanewon = names.get(kode[:8], "") if len(kode) >= 8 else ""
        kalurahan = names[kode] if len(kode) == 13 else ""
        return Area(kode, kalurahan, kapanewon, names.get(kode[:5], ""))


def _inside(kode: str, parent: str | None) -> bool:
    return parent is None or kode == parent or kode.startswith(f"{parent}.")
