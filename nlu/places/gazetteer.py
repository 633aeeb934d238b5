"""Where a text or a pin is."""

from collections.abc import Sequence
from dataclasses import replace

from nlu.data import Data
from nlu.interpretation import Area, Place
from nlu.normalize import Spelling, Token, tokenize
from nlu.places.areas import Areas, Level
from nlu.places.mentions import Mention, Mentions
from nlu.places.names import Names
from nlu.places.outlines import Outlines
from nlu.places.points import Written, written_point
from nlu.places.roads import kilometre

FILE = "places.yml"
COAST = 0.015  # degrees: coarse outlines miss beaches and small islands by about this much
SURE, LIKELY_HOME, ALONG_ROAD, SHARED, WIDE = 0.95, 0.8, 0.75, 0.7, 0.5
_AS_WRITTEN = Spelling({})
PRECISE = frozenset({0, 1, 3})
_RANK = {"kalurahan": 0, "landmark": 1, "road": 2, "kapanewon": 3, "kabupaten": 4}


class Gazetteer:
    """Official areas, their outlines, and the names people use; `home` is the kabupaten served here."""

    def __init__(self, data: Data, home: str) -> None:
        self._home = home
        self._areas = Areas.load(data)
        rows = data.yaml(FILE)
        self._mentions = Mentions(Names(self._areas, rows, home), rows, home)
        self._near = Outlines.load(data.file("gazetteer/kalurahan.npz"))
        self._far = Outlines.load(data.file("gazetteer/kabkota.npz"))

    @classmethod
    def load(cls, data: Data | None = None, *, home: str = "34.04") -> "Gazetteer":
        """Load the gazetteer of a data folder, by default the installed one."""
        return cls(data or Data(), home)

    def area(self, kode: str) -> Area | None:
        """The area of an official code, e.g. 34.04.02.2004."""
        return self._areas.get(kode)

    def areas(self, level: Level, parent: str | None = None) -> tuple[Area, ...]:
        """All areas of a level, or those inside the parent's code."""
        return self._areas.of(level, parent)

    def postcode(self, kode: str) -> str:
        """A kalurahan's postcode; empty when unknown."""
        return self._areas.postcode(kode)

    def at(self, lat: float, lon: float) -> Place | None:
        """The area around a point in degrees; None at sea and abroad."""
        kode = self._near.at(lat, lon) or self._far.at(lat, lon) or self._far.near(lat, lon, COAST)
        area = self._areas.get(kode) if kode else None
        return Place(area, 1.0, outside=self._outside(area), lat=lat, lon=lon) if area else None

    def written(self, text: str) -> tuple[Written, Place] | None:
        """The point a text gives in numbers or by a map's link, and where it is; None at sea and abroad."""
        point = written_point(text)
        place = self.at(point.lat, point.lon) if point else None
        return (point, replace(place, label=point.name)) if point and place else None

    def find(self, text: str) -> Place | None:
        """The place a text speaks of; None when it names none."""
        written = self.written(text)
        if written:
            return written[1]
        return self.find_in(tokenize(text, _AS_WRITTEN), text)

    def find_in(self, tokens: tuple[Token, ...], text: str) -> Place | None:
        """As `find`, for a text whose words are known already."""
        return self.choose(self.mentions(tokens, text), tokens, text)

    def mentions(self, tokens: tuple[Token, ...], text: str) -> list[Mention]:
        """Every place name that counts as one in the text."""
        return self._mentions.find(tokens, text)

    def choose(self, mentions: Sequence[Mention], tokens: tuple[Token, ...], text: str) -> Place | None:
        """The narrowest place among the mentions, checked against the wider ones."""
        named = [mention for mention in mentions if mention.name.kind != "province"]
        if not named:
            return None
        best = min(self._nearest(named), key=lambda mention: _RANK[_kind(mention)])
        wider = [area for other in mentions if other is not best for area in other.name.areas]
        if best.name.road:
            return self._along(best, tokens, text, wider)
        elsewhere = self._elsewhere(best, mentions)
        return self._settle(elsewhere or best, wider)

    def _nearest(self, named: list[Mention]) -> list[Mention]:
        """The names of places at home, where one next door is named beside them without its kabupaten."""
        areas = [mention.name.areas[0] for mention in named]
        if any(area.level == "kabupaten" and self._outside(area) for area in areas):
            return named
        home = [mention for mention in named if any(not self._outside(area) for area in mention.name.areas)]
        return home if any(_RANK[_kind(mention)] in PRECISE for mention in home) else named

    def _elsewhere(self, best: Mention, mentions: Sequence[Mention]) -> Mention | None:
        """Another government named right after a place of ours it does not hold: "Prambanan Klaten"."""
        after = next((other for other in mentions if other.first == best.last + 1), None)
        if after is None or best.name.kind == "landmark" or after.name.areas[0].level != "kabupaten":
            return None
        held = any(_within(area, parent) for area in best.name.areas for parent in after.name.areas)
        return None if held or not self._outside(after.name.areas[0]) else after

    def _settle(self, mention: Mention, wider: list[Area]) -> Place:
        areas = mention.name.areas
        fitting = tuple(area for area in areas if any(_within(area, parent) for parent in wider)) or areas
        area = fitting[0]
        ambiguous = tuple(
            other for other in fitting[1:] if not _within(other, area) and len(other.kode) <= len(area.kode)
        )
        confidence = self._sureness(area, ambiguous) * mention.likeness
        if wider and not any(_within(area, parent) or _within(parent, area) for parent in wider):
            confidence *= SHARED
        return Place(area, confidence, mention.name.label, ambiguous, self._outside(area))

    def _sureness(self, area: Area, ambiguous: tuple[Area, ...]) -> float:
        if area.level == "kabupaten":
            return WIDE
        if not ambiguous:
            return SURE
        return SHARED if area.level == "kapanewon" or self._outside(area) else LIKELY_HOME

    def _along(
        self, mention: Mention, tokens: tuple[Token, ...], text: str, wider: list[Area]
    ) -> Place | None:
        road = mention.name.road
        mark = kilometre(text, tokens[mention.last].end)
        point = road.at(mark[0]) if road and mark else None
        spot = self.at(*point) if point else None
        if road and mark and spot:
            label = f"{road.name} km {mark[0]:g}"
            return replace(spot, confidence=ALONG_ROAD, label=label)
        return self._whole_road(mention, wider)

    def _whole_road(self, mention: Mention, wider: list[Area]) -> Place | None:
        """A road without a kilometre: the area another name gives, else every kapanewon it passes."""
        named = next((area for area in wider if area.kapanewon), None)
        if named:
            return Place(named, SHARED, mention.name.label, outside=self._outside(named))
        passed = self._passed(mention)
        home = mention.name.areas[0]
        return Place(home, WIDE, mention.name.label, passed, self._outside(home))

    def _passed(self, mention: Mention) -> tuple[Area, ...]:
        points = mention.name.road.points if mention.name.road else ()
        kodes = dict.fromkeys(kode[:8] for _, lat, lon in points if (kode := self._near.at(lat, lon)))
        return tuple(area for kode in kodes if (area := self._areas.get(kode)))

    def _outside(self, area: Area) -> bool:
        return not area.kode.startswith(self._home)


def _kind(mention: Mention) -> str:
    kind = mention.name.kind
    return kind if kind in ("landmark", "road") else mention.name.areas[0].level


def _within(area: Area, parent: Area) -> bool:
    return area.kode.startswith(parent.kode)
