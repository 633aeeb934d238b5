"""Place names in a text: which names are there, and whether the words around them say "here"."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from rapidfuzz import fuzz, process

from nlu.interpretation import Area
from nlu.normalize import Token
from nlu.places.areas import Areas, Level
from nlu.places.roads import Road

LONGEST_NAME = 5  # words
SHORTEST_MISSPELT = 6  # letters; shorter names have too many neighbours
LIKENESS = 84  # of 100, for a misspelt name
SHORT_TEXT = 4  # words; an answer this short may be a bare name


@dataclass(frozen=True, slots=True)
class Name:
    """What a name may stand for: areas, with a landmark's label or a road where it is one."""

    label: str
    areas: tuple[Area, ...]
    kind: str  # landmark, road, province, or the level of the first area
    road: Road | None = None


@dataclass(frozen=True, slots=True)
class Mention:
    """A name at tokens [first, last], how surely it was read, and the level the word before it claims."""

    name: Name
    first: int
    last: int
    likeness: float
    level: Level | None
    here: bool


class Names:
    """All names by their words, with the cue words around them."""

    def __init__(self, areas: Areas, rows: Mapping[str, Any], home: str) -> None:
        self._home = home
        self._cues = {word: kind for kind, words in rows["cues"].items() for word in words}
        self._not_here = frozenset(rows["not_here"])
        self._ordinary = frozenset(rows["ordinary"])
        self._short = dict(rows["abbreviations"])
        self._names: dict[tuple[str, ...], Name] = {}
        self._add_areas(areas)
        self._add_landmarks(areas, rows["landmarks"])
        self._add_roads(areas, rows["roads"])
        self._firsts = {words[0] for words in self._names}
        self._misspellable = self._own_names()

    def mentions(self, tokens: tuple[Token, ...], text: str) -> list[Mention]:
        """The names in the text, longest first at each place, that count as places there."""
        found: list[Mention] = []
        at = 0
        while at < len(tokens):
            mention = self._exact(tokens, at, text) or self._misspelt(tokens, at, text)
            if mention:
                found.append(mention)
            at = mention.last + 1 if mention else at + 1
        return found

    def _exact(self, tokens: tuple[Token, ...], at: int, text: str) -> Mention | None:
        for size in range(min(LONGEST_NAME, len(tokens) - at), 0, -1):
            words = tuple(token.text for token in tokens[at : at + size])
            words = tuple(self._short.get(words[0], words[0]).split()) if size == 1 else words
            name = self._names.get(words) or (self._names.get(("".join(words),)) if size == 2 else None)
            if name:
                mention = self._judge(name, tokens, (at, at + size - 1), text)
                if mention:
                    return mention
        return None

    def _misspelt(self, tokens: tuple[Token, ...], at: int, text: str) -> Mention | None:
        word = tokens[at].text
        if len(word) < SHORTEST_MISSPELT or word.isdigit() or not self._suggested(tokens, at, text):
            return None
        near = self._misspellable.get(word[0], [])
        best = process.extractOne(word, near, scorer=fuzz.ratio, score_cutoff=LIKENESS)
        if not best or best[0] == word:
            return None
        mention = self._judge(self._names[(best[0],)], tokens, (at, at), text)
        return mention and Mention(mention.name, at, at, best[1] / 100, mention.level, mention.here)

    def _judge(self, name: Name, tokens: tuple[Token, ...], at: tuple[int, int], text: str) -> Mention | None:
        """The mention, unless the words around it speak against reading the name as a place."""
        first, last = at
        cue = self._cue(tokens, first)
        if first and tokens[first - 1].text in self._not_here and not (name.kind == "road"):
            return None
        alone = first == 0 and last == len(tokens) - 1
        vouched = alone or self._known(tokens, last + 1)
        areas = self._allowed(name, cue, tokens[first : last + 1], text, vouched)
        if not areas:
            return None
        level: Level | None = cue if cue in ("kalurahan", "kapanewon", "kabupaten") else None
        return Mention(Name(name.label, areas, name.kind, name.road), first, last, 1.0, level, cue is not None)

    def _known(self, tokens: tuple[Token, ...], at: int) -> bool:
        """Whether another name follows: "Depok Sleman" vouches for Depok."""
        words = tuple(token.text for token in tokens[at : at + 2])
        return bool(words) and (words[:1] in self._names or words in self._names)

    def _allowed(
        self, name: Name, cue: str | None, tokens: tuple[Token, ...], text: str, vouched: bool
    ) -> tuple[Area, ...]:
        """The areas a name may mean here; strangers and ordinary words need a cue."""
        if name.kind in ("landmark", "road"):
            return name.areas
        capital = tokens[0].start > 0 and text[tokens[0].start].isupper() and not text.isupper()
        plain = tokens[0].text not in self._ordinary
        if not (plain or cue or capital or vouched):
            return ()
        pinned = tuple(area for area in name.areas if area.level == cue)
        if pinned or any(area.kode.startswith(self._home) for area in name.areas):
            return pinned or name.areas
        near = tuple(area for area in name.areas if area.kode[:2] == self._home[:2])
        if near:
            return near if cue or capital or vouched else ()
        far = tuple(area for area in name.areas if area.level != "kalurahan")
        return far if cue == "here" and plain or name.kind == "province" else ()

    def _cue(self, tokens: tuple[Token, ...], first: int) -> str | None:
        return self._cues.get(tokens[first - 1].text) if first else None

    def _suggested(self, tokens: tuple[Token, ...], at: int, text: str) -> bool:
        capital = at > 0 and text[tokens[at].start].isupper() and not text.isupper()
        return self._cue(tokens, at) is not None or capital or len(tokens) <= SHORT_TEXT

    def _add_areas(self, areas: Areas) -> None:
        for name, area in areas.provinces():
            self._names[_words(name)] = Name("", (area,), "province")
        grouped: dict[tuple[str, ...], list[Area]] = defaultdict(list)
        for name, area in areas.named():
            grouped[_words(name)].append(area)
        for area in areas.of("kabupaten"):
            if area.kabupaten.startswith("Kota "):
                grouped[_words(area.kabupaten)].append(area)
        for words, found in grouped.items():
            found.sort(key=lambda area: (not area.kode.startswith(self._home), area.kode[:2] != self._home[:2]))
            self._names[words] = Name("", tuple(found), found[0].level)

    def _add_landmarks(self, areas: Areas, rows: Iterable[Mapping[str, Any]]) -> None:
        for row in rows:
            area = areas.get(str(row["kode"]))
            if area:
                for alias in (row["name"], *row["also"]):
                    self._names[_words(alias)] = Name(row["name"], (area,), "landmark")

    def _add_roads(self, areas: Areas, rows: Iterable[Mapping[str, Any]]) -> None:
        home = areas.get(self._home)
        for row in rows if home else ():
            road = Road.of(row["name"], row["km"])
            for alias in row["also"]:
                self._names[_words(alias)] = Name(row["name"], (home,) if home else (), "road", road)

    def _own_names(self) -> dict[str, list[str]]:
        """One-word names of the home kabupaten and its landmarks, by first letter."""
        own: dict[str, list[str]] = defaultdict(list)
        for words, name in self._names.items():
            at_home = any(area.kode.startswith(self._home) for area in name.areas)
            if len(words) == 1 and len(words[0]) >= SHORTEST_MISSPELT and at_home:
                own[words[0][0]].append(words[0])
        return own


def _words(alias: str) -> tuple[str, ...]:
    return tuple(alias.lower().replace("-", " ").split())
