"""What screening weighs in a text: threats, hate, abuse, accusations, hearsay, spam and the like."""

from collections.abc import Iterable, Sequence

from nlu.accusations import Accusations
from nlu.interpretation import Entity, Signal, Span
from nlu.phrases import Match
from nlu.reading import Reading
from nlu.spam import find_spam

GRADED = ("threat", "hate", "incitement", "sexual", "abuse", "hearsay", "self_harm", "child_safety")
HARMLESS = "harmless"
PERSONAL = {"nik": 2, "phone": 1, "plate": 1, "email": 1}


class Signals:
    """Reads the signals of a message; the word lists were matched when it was taken apart."""

    def __init__(self, common: frozenset[str]) -> None:
        self._common = common
        self._accusations = Accusations(common)

    def find(
        self, reading: Reading, entities: Sequence[Entity], places: Iterable[tuple[int, int]]
    ) -> tuple[Signal, ...]:
        """Every signal of a text; `places` are the token ranges of the places it names."""
        found = [_graded(reading, kind) for kind in GRADED]
        found.append(self._accusations.find(reading, tuple(places)))
        found.append(find_spam(reading, entities, self._common))
        found.append(_personal(entities))
        return tuple(signal for signal in found if signal)


def _graded(reading: Reading, kind: str) -> Signal | None:
    """A signal whose list entries are severities; what a harmless phrase covers does not count."""
    matches = reading.matches(kind)
    if not matches:
        return None
    harmless = [match for match in matches if match.entry == HARMLESS]
    graded = [match for match in matches if match.entry.isdigit() and not covered(match, harmless)]
    severity = max((int(match.entry) for match in graded), default=0)
    if kind == "abuse" and "animal_context" not in reading.entries(kind):
        animals = [match for match in matches if match.entry == "animal" and not covered(match, harmless)]
        graded += animals
        severity = max(severity, 1 if animals else 0)
    return Signal(kind, severity, spans(reading, graded)) if severity else None


def covered(match: Match, by: Iterable[Match]) -> bool:
    """Whether another match shares a word with this one."""
    return any(other.first <= match.last and match.first <= other.last for other in by)


def spans(reading: Reading, matches: Iterable[Match]) -> tuple[Span, ...]:
    """The places of matches in the text, in order, overlapping ones as one."""
    merged: list[Span] = []
    for span in sorted((reading.span(match) for match in matches), key=lambda span: (span.start, span.end)):
        if merged and span.start < merged[-1].end:
            merged[-1] = Span(merged[-1].start, max(merged[-1].end, span.end))
        else:
            merged.append(span)
    return tuple(merged)


def _personal(entities: Sequence[Entity]) -> Signal | None:
    found = [entity for entity in entities if entity.entity in PERSONAL]
    if not found:
        return None
    severity = max(PERSONAL[entity.entity] for entity in found)
    return Signal("personal_data", severity, tuple(Span(entity.start, entity.end) for entity in found))
