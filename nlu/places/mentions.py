"""Place names in a text, and whether the words around them say that they are places there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from nlu.interpretation import Area
from nlu.normalize import Token
from nlu.places.areas import Level
from nlu.places.names import WHOLE, Name, Names, Words

LONGEST_NAME = 5  # words
SHORT_TEXT = 4  # words; an answer this short may be a misspelt name without a cue
HERE = "here"
SMALLER = frozenset({"kalurahan", "kapanewon"})
CITY = frozenset({"kota", "kodya", "kotamadya", "pemkot"})
_LEVELS: dict[str, Level] = {"kalurahan": "kalurahan", "kapanewon": "kapanewon", "kabupaten": "kabupaten"}


@dataclass(frozen=True, slots=True)
class Mention:
    """A name at tokens [first, last], how surely it was read, and the level the word before it claims."""

    name: Name
    first: int
    last: int
    likeness: float = 1.0
    level: Level | None = None


@dataclass(frozen=True, slots=True)
class _Spot:
    """Tokens [first, last] of a text, looked at from around."""

    text: str
    tokens: tuple[Token, ...]
    first: int
    last: int

    @property
    def words(self) -> tuple[str, ...]:
        return tuple(token.text for token in self.tokens[self.first : self.last + 1])

    @property
    def before(self) -> str:
        return self.tokens[self.first - 1].text if self.first else ""

    @property
    def after(self) -> tuple[str, ...]:
        return tuple(token.text for token in self.tokens[self.last + 1 : self.last + 3])

    @property
    def ahead(self) -> tuple[str, ...]:
        return tuple(token.text for token in self.tokens[max(self.first - 2, 0) : self.first])

    @property
    def whole(self) -> bool:
        return self.first == 0 and self.last == len(self.tokens) - 1

    @property
    def capital(self) -> bool:
        """Written with a capital that neither the beginning of the text nor shouting explains."""
        start = self.tokens[self.first].start
        return self.first > 0 and self.text[start].isupper() and not self.text.isupper()


class Mentions:
    """Finds place names; ordinary words and strangers count only with a cue."""

    def __init__(self, names: Names, rows: Mapping[str, Any], home: str) -> None:
        self._names, self._home = names, home
        self._cues = {word: kind for kind, words in rows["cues"].items() for word in words}
        self._sides = frozenset(rows["sides"])
        self._denied, self._not_here = frozenset(rows["denied"]), frozenset(rows["not_here"])
        self._ordinary, self._common = frozenset(rows["ordinary"]), frozenset(rows["common"])

    def find(self, tokens: tuple[Token, ...], text: str) -> list[Mention]:
        """The names in the text, in order, the longest at each place."""
        found: list[Mention] = []
        shouted, free = text.isupper(), 0
        opening = self._names.opening
        for at, token in enumerate(tokens):
            if at < free:
                continue
            kind = opening(token.text)
            exact = kind and (kind == WHOLE or self._names.joins(token.text, _word(tokens, at + 1)))
            mention = self._exact(tokens, at, text) if exact else None
            if mention is None and self._may_be_misspelt(tokens, at, text, shouted=shouted):
                mention = self._misspelt(tokens, at, text)
            if mention:
                found.append(mention)
                free = mention.last + 1
        return found

    def _exact(self, tokens: tuple[Token, ...], at: int, text: str) -> Mention | None:
        for last in range(min(at + LONGEST_NAME, len(tokens)) - 1, at - 1, -1):
            spot = _Spot(text, tokens, at, last)
            name = self._names.get(spot.words)
            mention = self._judge(name, spot) if name else None
            if mention:
                return mention
        return None

    def _may_be_misspelt(self, tokens: tuple[Token, ...], at: int, text: str, *, shouted: bool) -> bool:
        """Whether anything says that a word nobody knows is a name: a cue, a capital, a short answer."""
        if at == 0 or len(tokens) <= SHORT_TEXT:
            return len(tokens) <= SHORT_TEXT
        return tokens[at - 1].text in self._cues or (text[tokens[at].start].isupper() and not shouted)

    def _misspelt(self, tokens: tuple[Token, ...], at: int, text: str) -> Mention | None:
        near = self._names.like[tokens[at].text]
        mention = self._judge(near[0], _Spot(text, tokens, at, at)) if near else None
        return replace(mention, likeness=near[1]) if mention and near else None

    def _judge(self, name: Name, spot: _Spot) -> Mention | None:
        """The mention, unless the words around it speak against reading the name as a place."""
        if spot.before in self._denied:
            return None
        areas = self._areas(name, spot)
        level = _LEVELS.get(self._cues.get(spot.before, ""))
        return Mention(replace(name, areas=areas), spot.first, spot.last, level=level) if areas else None

    def _areas(self, name: Name, spot: _Spot) -> tuple[Area, ...]:
        """The areas a name may mean here; none when it is likelier an ordinary word."""
        if name.kind in ("landmark", "road", "province"):
            return name.areas
        cue = self._cues.get(spot.before) or self._own_cue(spot)
        if spot.before in self._not_here or (spot.words[0] in self._common and cue not in _LEVELS):
            return ()
        vouched = bool(cue) or spot.capital or spot.whole or self._beside_another(spot)
        ordinary = spot.words[0] in self._ordinary
        if ordinary and not vouched:
            return ()
        pinned = _of_kind([area for area in name.areas if area.level == cue], spot.before)
        if pinned or name.areas[0].kode.startswith(self._home):
            return pinned or name.areas
        named = len(spot.words) > 1  # "Jakarta Utara" is nothing else
        told = (cue == HERE or spot.whole or named or self._after_smaller(spot)) and not ordinary
        far = tuple(area for area in name.areas if area.level == "kabupaten" and told)
        near = tuple(area for area in name.areas if self._neighbour(area) and (vouched or _district(area)))
        return near + tuple(area for area in far if area not in near)

    def _neighbour(self, area: Area) -> bool:
        return area.kode[:2] == self._home[:2]

    def _own_cue(self, spot: _Spot) -> str | None:
        """The level a name claims itself: "Kota Magelang" needs no cue before it."""
        own = self._cues.get(spot.words[0]) if len(spot.words) > 1 else None
        return own if own in _LEVELS else None

    def _after_smaller(self, spot: _Spot) -> bool:
        """Whether some village or district stands before, known or not: "kec. Rogojampi Banyuwangi"."""
        return self._cues.get(spot.ahead[0] if spot.ahead[1:] else "") in SMALLER

    def _beside_another(self, spot: _Spot) -> bool:
        """Whether another name or a side stands right beside: "Depok Sleman", "Tempel kab. Sleman"."""
        if spot.after and spot.after[0] in self._sides:
            return True
        cued = bool(spot.after) and self._cues.get(spot.after[0]) in _LEVELS
        near = (spot.after[:1], spot.after, spot.ahead[-1:], spot.ahead, spot.after[1:] if cued else ())
        return any(self._vouches(words) for words in near if words)

    def _vouches(self, words: Words) -> bool:
        name = self._names.get(words)
        plain = self._ordinary.isdisjoint(words)
        return name is not None and (plain or name.kind in ("landmark", "road"))


def _district(area: Area) -> bool:
    """A kabupaten that is no city: "jogja" may mean all around it, "bantul" hardly."""
    return area.level == "kabupaten" and not area.kabupaten.startswith("Kota ")


def _word(tokens: tuple[Token, ...], at: int) -> str:
    return tokens[at].text if at < len(tokens) else ""


def _of_kind(areas: Sequence[Area], before: str) -> tuple[Area, ...]:
    """Of cities and districts that share a name, those of the kind the word before it says."""
    city = before in CITY
    fitting = [area for area in areas if area.kabupaten.startswith("Kota ") == city]
    return tuple(fitting or areas)
