"""What word lists tell the models about the subject of a message."""

from nlu.reading import Reading

LIST = "hints"
PLACED = "@"  # marks a hint that follows a word of place: "depan pasar" says where, not what


def hints(reading: Reading) -> frozenset[str]:
    """The hints found; those right after a word of place are kept apart, to be weighed differently."""
    places = {match.last + 1 for match in reading.matches("where")}
    return frozenset(
        f"{match.entry}{PLACED}" if match.first in places else match.entry for match in reading.matches(LIST)
    )
