"""What word lists tell the models about a message: its subject, and the kind of report it is."""

from collections.abc import Iterable, Iterator

from nlu.phrases import Match
from nlu.reading import Reading

LIST, CLASSES = "hints", "classification"
PLACED = "@"  # marks a hint that follows a word of place: "depan pasar" says where, not what
SUBJECT, CLASS = "h", "c"  # what features of either begin with
QUESTION = f"{CLASS}?"


def hints(reading: Reading) -> tuple[str, ...]:
    """Features for the list entries found, some more than once, each marked by its first character.

    Hints right after a word of place are kept apart, to be weighed differently.
    """
    return (*_subjects(reading, reading.matches(LIST)), *_classes(reading))


def subjects(reading: Reading, words: range) -> tuple[str, ...]:
    """Those of them that tell a subject, as if some of the words were all."""
    inside = [match for match in reading.matches(LIST) if match.first in words and match.last in words]
    return tuple(_subjects(reading, inside))


def _subjects(reading: Reading, matches: Iterable[Match]) -> Iterator[str]:
    places = {match.last + 1 for match in reading.matches("where")}
    for match in matches:
        placed = PLACED if match.first in places else ""
        yield f"{SUBJECT}{match.entry}{placed}"
        yield f"{SUBJECT}{match.entry.partition('.')[0]}{placed}"


def _classes(reading: Reading) -> Iterator[str]:
    yield from (f"{CLASS}{match.entry}" for match in reading.matches(CLASSES))
    if "?" in reading.text:
        yield QUESTION
