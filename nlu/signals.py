"""What screening weighs in a text: threats, hate, abuse, accusations, hearsay, spam and the like."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from nlu.accusations import Accusations
from nlu.data import Data
from nlu.hatred import HATING, hatreds
from nlu.hostility import INCITING, THREATENING, Found, Scene, incitements, threats
from nlu.interpretation import Entity, Signal, Span
from nlu.phrases import Match
from nlu.reading import Reading
from nlu.spam import find_spam
from nlu.weighing import Weighing

GRADED = ("sexual", "abuse", "hearsay", "self_harm", "child_safety")
Finder = Callable[[Scene], Iterator[Found]]
ACTED: tuple[tuple[str, Finder, frozenset[str]], ...] = (
    ("threat", threats, THREATENING),
    ("hate", hatreds, HATING),
    ("incitement", incitements, INCITING),
)
"""Kinds read from who does what to whom, and the parts without which there is nothing to read."""
WEIGHED = {
    "threat": "menace",
    "hate": "contempt",
    "incitement": "uproar",
    "self_harm": "despair",
    "child_safety": "minor",
}
"""Kinds that are also read from words that weigh together, and their word lists."""
HARMLESS = "harmless"
OWN_STORY = 6  # words after which "katanya" reports an answer, if the writer has spoken of themselves before
TOLD = 10  # words between "katanya" and what makes it an office's promise
PERSONAL = {"nik": 2, "phone": 1, "plate": 1, "email": 1}
_LONG = re.compile(
    r"(?<!\d)\d{4}(?:[ .-]\d{4}){3}(?!\d)"  # a NIK in groups
    r"|(?<!\d)\d{16}(?!\d)"
    r"|\b0(?:[ .-]\d){9,12}\b"  # a telephone number digit by digit
    r"|\b(?i:rek(?:ening)?|paspor|bpjs|npwp)\b\D{0,25}?(?P<number>[A-Z]?\d[\d .-]{5,20}\d)"
)
_PLATE = re.compile(
    r"\b(?i:nopol|plat(?: nomor)?|plat no)\b\W{0,3}(?P<plate>[A-Za-z]{1,2}[ -]?\d{1,4}[ -]?[A-Za-z]{1,3})\b"
    r"|\b(?i:mobil|motor|truk|bus|pickup)(?: \w+)? (?P<car>[A-Z]{1,2} \d{1,4} [A-Z]{1,3})\b"
)
_HOME = re.compile(
    r"\b(?i:alamat(?:nya)?|rumah(?:nya)?)\b(?: (?i:pelaku|pemilik|terduga|milik|di|ada|beliau|dia)\b){1,3}"
    r"(?P<home>[^.!?\n]{0,30}?\b(?i:no|nomor|blok)\b\.? ?\w{1,4}(?: (?i:no|nomor)\.? ?\d{1,3})?)"
)
LONG = 7  # digits of the shortest number that is one person's
PLATED = frozenset({"nopol", "plat", "mobil", "motor", "truk", "bus", "pickup"})
HOUSES = frozenset({"no", "nomor", "blok"})


class Signals:
    """Reads the signals of a message; the word lists were matched when it was taken apart."""

    def __init__(self, data: Data, common: frozenset[str]) -> None:
        self._common = common
        self._accusations = Accusations(common)
        self._weighed = {kind: Weighing.load(data, name) for kind, name in WEIGHED.items()}

    def find(
        self, reading: Reading, entities: Sequence[Entity], places: Iterable[tuple[int, int]]
    ) -> tuple[Signal, ...]:
        """Every signal of a text; `places` are the token ranges of the places it names."""
        scene = Scene(reading)
        found = [
            _strongest(reading, kind, [*_acted(find, scene, needed), *self._together(kind, scene)])
            for kind, find, needed in ACTED
        ]
        found += [
            _strongest(reading, kind, [*_graded(reading, kind, scene), *self._together(kind, scene)])
            for kind in GRADED
        ]
        found.append(self._accusations.find(reading, tuple(places), scene))
        found.append(find_spam(reading, entities, self._common))
        found.append(_personal(reading, entities))
        return tuple([signal for signal in found if signal])

    def _together(self, kind: str, scene: Scene) -> Iterator[Found]:
        """What the weighed words of a kind say together."""
        weighing = self._weighed.get(kind)
        return weighing.find(scene) if weighing else iter(())


def _acted(find: Finder, scene: Scene, needed: frozenset[str]) -> Iterable[Found]:
    return () if scene.reading.lacks(needed) else find(scene)


def _strongest(reading: Reading, kind: str, found: Sequence[Found]) -> Signal | None:
    """One signal of everything found of a kind; what was said mildly adds words only to the mild."""
    if not found:
        return None
    severity = max(grade for grade, _ in found)
    return Signal(kind, severity, spans(reading, [match for _, words in found for match in words]))


def _graded(reading: Reading, kind: str, scene: Scene) -> list[Found]:
    """What lists say whose entries are severities; what a harmless phrase covers does not count."""
    matches = reading.matches(kind)
    if not matches:
        return []
    found: list[Found] = [(int(match.entry), (match,)) for match in _meant(matches) if match.entry.isdigit()]
    if kind == "abuse":
        found += [(1, (match,)) for match in _animals(matches)]
        found = [(grade, words) for grade, words in found if not scene.reported(words[0])]
    if kind == "hearsay":
        found = [(grade, words) for grade, words in found if grade > 1 or not _promised(scene, words[0])]
    return found


def _promised(scene: Scene, told: Match) -> bool:
    """Whether what was told is an office's word about its own doings, or said in a story of one's own."""
    if scene.at(told.first, "hearsay.weak") is None:
        return False
    if told.first > OWN_STORY and any(own.last < told.first for own in scene.all("hearsay.own")):
        return True
    contrasted = scene.around(told, TOLD, "hearsay.contrast") and scene.around(told, TOLD, "hearsay.when")
    return bool(contrasted or scene.around(told, TOLD, "hearsay.promise"))


def _meant(matches: Sequence[Match]) -> Iterator[Match]:
    harmless = [match for match in matches if match.entry == HARMLESS]
    return (match for match in matches if not covered(match, harmless))


def _animals(matches: Sequence[Match]) -> list[Match]:
    """Animals used as curses; none where the message speaks of animals."""
    if any(match.entry == "animal_context" for match in matches):
        return []
    return [match for match in _meant(matches) if match.entry == "animal"]


def covered(match: Match, by: Iterable[Match]) -> bool:
    """Whether another match shares a word with this one."""
    return any(other.first <= match.last and match.first <= other.last for other in by)


def spans(reading: Reading, matches: Iterable[Match]) -> tuple[Span, ...]:
    """The places of matches in the text, in order, overlapping ones as one."""
    return merged(reading.span(match) for match in matches)


def merged(found: Iterable[Span]) -> tuple[Span, ...]:
    """Spans in order, overlapping ones as one."""
    kept: list[Span] = []
    for span in sorted(set(found), key=lambda span: (span.start, span.end)):
        if kept and span.start < kept[-1].end:
            kept[-1] = Span(kept[-1].start, max(kept[-1].end, span.end))
        else:
            kept.append(span)
    return tuple(kept)


def _personal(reading: Reading, entities: Sequence[Entity]) -> Signal | None:
    found = [entity for entity in entities if entity.entity in PERSONAL]
    places = [Span(entity.start, entity.end) for entity in found] + list(_numbers(reading))
    if not places:
        return None
    return Signal("personal_data", max([PERSONAL[one.entity] for one in found], default=2), merged(places))


def _numbers(reading: Reading) -> Iterator[Span]:
    """Numbers and homes of persons in shapes that only their surroundings give away."""
    shapes = (
        (_LONG, reading.digits >= LONG),
        (_PLATE, reading.digits > 0 and reading.says(PLATED)),
        (_HOME, reading.says(HOUSES)),
    )
    for pattern, possible in shapes:
        for match in pattern.finditer(reading.text) if possible else ():
            group = match.lastgroup or 0
            yield Span(match.start(group), match.end(group))
