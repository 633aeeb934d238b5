"""Accusations of a person somebody could name: a deed, and near it a name, or an office with its place."""

import re
from collections.abc import Iterator

from nlu.hostility import Scene
from nlu.interpretation import Signal, Span
from nlu.normalize import stem
from nlu.phrases import Match
from nlu.reading import Reading

LIST = "accusation"
REACH = 10  # words between the person and the deed
ROLE, NAMED = 2, 3  # severity: an office's holder, or somebody with name or place
NOT_NAMES = ("jalan", "jl", "jln", "gang", "gg", "dusun", "desa", "masjid", "sd", "smp", "sma", "rs", "pasar")
_JAVANESE = re.compile(
    r"(?:su|sar|sa|mar|ngat|nga|tu|wa|ka|sla|har|mul|par|pur|dar|jo|ji|gi|wi|ta|ru|ra|sri|mu|pa|po|ki|yo|bu)"
    r"[a-z]{0,6}"
    r"(?:man|min|mino|no|to|yo|tro|rjo|adi|rdi|anto|anti|wati|yati|tun|ini|nah|jan|yem|sih|iran|oyo|ono|wan)"
)
DEEDS = (f"{LIST}.deed", f"{LIST}.demand")
Person = tuple[Match, int]


class Accusations:
    """Finds persons beside deeds; `common` words are never taken for names."""

    def __init__(self, common: frozenset[str]) -> None:
        self._common = common

    def find(self, reading: Reading, places: tuple[tuple[int, int], ...], scene: Scene) -> Signal | None:
        """The gravest accusation of a text, or None; a deed laid to an office alone is none."""
        deeds = list(_deeds(scene))
        if not deeds:
            return None
        persons = list(self._persons(reading, places, scene))
        pairs = [(who, deed) for who in persons for deed in deeds if _accuses(scene, who, deed)]
        if not pairs:
            return None
        severity = max(grade for (_, grade), _ in pairs)
        kept = dict.fromkeys(match for (match, _), deed in pairs for match in (match, deed))
        return Signal(LIST, severity, tuple(sorted((reading.span(match) for match in kept), key=_start)))

    def _persons(
        self, reading: Reading, places: tuple[tuple[int, int], ...], scene: Scene
    ) -> Iterator[Person]:
        """Everybody pointed at, and how surely."""
        for match in scene.all(f"{LIST}.address", f"{LIST}.role", f"{LIST}.post"):
            person = self._titled(reading, match, places)
            if person and not scene.before(match, 2, f"{LIST}.bystander"):
                yield person
        for match in scene.all(f"{LIST}.name"):
            if _bare(reading, match, places) and not scene.before(match, 2, f"{LIST}.bystander"):
                yield match, NAMED

    def _titled(self, reading: Reading, match: Match, places: tuple[tuple[int, int], ...]) -> Person | None:
        """A title or an office with the name or the place behind it; an office alone is less sure."""
        after = match.last + 1
        if self._is_name(reading, after, places):
            return match._replace(last=after), NAMED
        if match.entry != "role":
            return None
        placed = next((last for first, last in places if after <= first <= after + 1), None)
        return (match._replace(last=placed), NAMED) if placed is not None else (match, ROLE)

    def _is_name(self, reading: Reading, at: int, places: tuple[tuple[int, int], ...]) -> bool:
        if at >= len(reading.tokens) or any(first <= at <= last for first, last in places):
            return False
        token = reading.tokens[at]
        between = reading.text[reading.tokens[at - 1].end : token.start]
        if between.strip(" .") or not token.text.isalpha():
            return False
        if any(match.first == at and match.entry == "name" for match in reading.matches(LIST)):
            return True
        known = not {token.text, stem(token.text)}.isdisjoint(self._common)
        return not known and (_capital(reading, at) or _JAVANESE.fullmatch(token.text) is not None)


def _bare(reading: Reading, match: Match, places: tuple[tuple[int, int], ...]) -> bool:
    """Whether a given name stands written as a name, and is not part of a place or street."""
    if any(first <= match.first <= last for first, last in places):
        return False
    before = reading.tokens[match.first - 1].text if match.first else ""
    return before not in NOT_NAMES and _capital(reading, match.first)


def _capital(reading: Reading, at: int) -> bool:
    return reading.text[reading.tokens[at].start].isupper()


def _deeds(scene: Scene) -> Iterator[Match]:
    for deed in scene.all(*DEEDS):
        if not scene.harmless(deed):
            yield deed


def _accuses(scene: Scene, person: Person, deed: Match) -> bool:
    """Whether the deed is laid to the person: near, and the person is not asked or helped against it."""
    match, grade = person
    if match.first - deed.last > REACH or deed.first - match.last > REACH:
        return False
    if deed.entry == "demand" and grade == ROLE and not scene.around(deed, 6, f"{LIST}.errand"):
        return False
    if grade == ROLE and scene.around(match, 1, f"{LIST}.crowd"):
        return False
    asked = scene.before(deed, REACH, f"{LIST}.plea")
    return not (asked and match.last < asked.first and asked.last < deed.first)


def _start(span: Span) -> int:
    return span.start
