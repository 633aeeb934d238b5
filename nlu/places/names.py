"""What place names there are, exactly spelt or nearly."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from rapidfuzz import fuzz, process

from nlu.interpretation import Area
from nlu.lately import Lately
from nlu.places.areas import Areas
from nlu.places.roads import Road

WHOLE, PART = "whole", "part"
SHORTEST_MISSPELT = 6  # letters; shorter names have too many neighbours
LIKENESS = 84  # of 100, for a misspelt name

Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Name:
    """What a name may stand for: areas (home first), with a landmark's label or a road where it is one."""

    label: str
    areas: tuple[Area, ...]
    kind: str  # landmark, road, province, or the level of the first area
    road: Road | None = None


class Names:
    """Every name by its words in lower case."""

    def __init__(self, areas: Areas, rows: Mapping[str, Any], home: str) -> None:
        self._home = home
        self._no_slips = frozenset(rows["no_slips"])
        self._short: dict[str, Words] = {word: _words(name) for word, name in rows["abbreviations"].items()}
        self._names: dict[Words, Name] = {}
        self._add_areas(areas)
        self._add_landmarks(areas, rows["landmarks"])
        self._add_roads(areas, rows["roads"])
        firsts = {words[0] for words in self._names} | self._short.keys()
        self._whole = {words[0] for words in self._names if len(words) == 1}
        parts = {word[:end] for word in self._whole for end in range(1, len(word))}
        self.opening = (dict.fromkeys(parts, PART) | dict.fromkeys(firsts, WHOLE)).get
        """How a word may begin a name: as its first word, as a part of it written apart, or not (None)."""
        self._own = self._own_words()
        self.like = Lately(self._like)

    def get(self, words: Words) -> Name | None:
        """The name of these words: as they stand, abbreviated, or one name written as two."""
        if len(words) == 1:
            words = self._short.get(words[0], words)
        return self._names.get(words) or (self._names.get(("".join(words),)) if len(words) == 2 else None)

    def joins(self, word: str, following: str) -> bool:
        """Whether two words are one name written as two."""
        return word + following in self._whole

    def _like(self, word: str) -> tuple[Name, float] | None:
        """The name of the home kabupaten a misspelt word comes closest to, and how close (0 to 1)."""
        if len(word) < SHORTEST_MISSPELT or word.isdigit() or word in self._no_slips:
            return None
        near = self._own.get(word[0], ())
        best = process.extractOne(word, near, scorer=fuzz.ratio, score_cutoff=LIKENESS)
        return (self._names[(best[0],)], best[1] / 100) if best else None

    def _add_areas(self, areas: Areas) -> None:
        for name, area in areas.provinces():
            self._names[_words(name)] = Name("", (area,), "province")
        grouped: dict[Words, list[Area]] = defaultdict(list)
        for name, area in areas.named():
            grouped[_words(name)].append(area)
        for area in areas.of("kabupaten"):
            if area.kabupaten.startswith("Kota "):
                grouped[_words(area.kabupaten)].append(area)
        for words, found in grouped.items():
            found.sort(key=self._distance)
            self._names[words] = Name("", tuple(found), found[0].level)

    def _distance(self, area: Area) -> tuple[bool, bool]:
        return not area.kode.startswith(self._home), area.kode[:2] != self._home[:2]

    def _add_landmarks(self, areas: Areas, rows: Iterable[Mapping[str, Any]]) -> None:
        for row in rows:
            area = areas.get(str(row["kode"]))
            if area:
                for alias in (row["name"], *row["also"]):
                    self._names[_words(alias)] = Name(row["name"], (area,), "landmark")

    def _add_roads(self, areas: Areas, rows: Iterable[Mapping[str, Any]]) -> None:
        home = areas.get(self._home)
        for row in rows if home else ():
            name = Name(row["name"], (home,) if home else (), "road", Road.of(row["name"], row["km"]))
            for alias in row["also"]:
                self._names[_words(alias)] = name

    def _own_words(self) -> dict[str, list[str]]:
        """One-word names of the home kabupaten and its landmarks, by first letter."""
        own: dict[str, list[str]] = defaultdict(list)
        for words, name in self._names.items():
            at_home = any(area.kode.startswith(self._home) for area in name.areas)
            if len(words) == 1 and len(words[0]) >= SHORTEST_MISSPELT and at_home:
                own[words[0][0]].append(words[0])
        return own


def _words(name: str) -> Words:
    return tuple(name.lower().replace("-", " ").split())
