"""What word lists tell the models about a message: its subject, and the kind of report it is."""

from collections.abc import Iterator

from nlu.reading import Reading

LIST, CLASSES = "hints", "classification"
PLACED = "@"  # marks a hint that follows a word of place: "depan pasar" says where, not what
SUBJECT, CLASS = "h", "c"  # what features of either begin with
QUESTION = f"{CLASS}?"


def hints(reading: Reading) -> tuple[str, ...]:
    """Features for the list entries found, some more than once, each marked by its first character.

    Hints right after a word of place are kept apart, to be weighed differently.
    """
    return (*_subjects(reading), *_classes(reading))


def _subjects(reading: Reading) -> Iterator[str]:
    places = {match.last + 1 for match in reading.matches("where")}
    for match in reading.matches(LIST):
        placed = PLACED if match.first in places else ""
        yield f"{SUBJECT}{match.entry}{placed}"
        yield f"{SUBJECT}{match.entry.partition('.')[0]}{placed}"


def _classes(reading: Reading) -> Iterator[str]:
    yield from (f"{CLASS}{match.entry}" for match in reading.matches(CLASSES))
    if "?" in reading.text:
        yield QUESTION
